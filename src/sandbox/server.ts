/** The sandbox over HTTP: `fleetform sandbox serve`, and the server that the tests talk to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiRequest, ApiResponse, Method } from '../api/port.ts';
import { FleetformError } from '../model/errors.ts';
import { sentences } from '../model/words.ts';
import { type EmbeddedOptions, openSandbox } from './embedded.ts';
import { DEFAULT_DELAY_MS, DEFAULT_PIECES, type Fault } from './fault.ts';
import { alter } from './fault-answers.ts';
import type { MemorySandbox } from './memory.ts';

/** Who answers: a function, a sandbox in memory, or the one that is kept in a folder (which asks for a key here). */
export type Answering =
  | { readonly answer: (request: ApiRequest) => Promise<ApiResponse> | ApiResponse }
  | { readonly sandbox: Pick<MemorySandbox, 'handle'> }
  | { readonly folder: string; readonly options?: EmbeddedOptions };

export type ServerOptions = Answering & {
  /** Asked for each request; a fault strikes before or after the request has done its work. */
  readonly faultFor?: (request: ApiRequest) => Fault | undefined;
  readonly host?: string;
  /** 0: a free one. */
  readonly port?: number;
};

export interface RunningServer {
  readonly url: string;
  /** Ends every connection as well. */
  close(): Promise<void>;
}

type Answer = (request: ApiRequest) => Promise<ApiResponse> | ApiResponse;

/** Many times what the API takes: nobody can fill the memory of the machine through this port. */
const LARGEST_BODY = 16 * 1024 * 1024;
/** Longer than a client rests between two requests of its pool. */
const KEEP_ALIVE_MS = 60_000;

/** Rejects when the address cannot be listened on. */
export async function serveSandbox(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const answer = answerOf(options);
  const closing = new AbortController();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    respond(incoming, outgoing, answer, options.faultFor, closing.signal).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(options: Answering): Answer {
  if ('answer' in options) return options.answer;
  if ('sandbox' in options) return options.sandbox.handle;
  const { transport } = openSandbox(options.folder, { token: undefined, ...options.options });
  // What has arrived is done, also when its client has left: the API knows no better.
  return (request) => transport(request, new AbortController().signal);
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: Answer,
  faultFor: ServerOptions['faultFor'],
  closing: AbortSignal,
): Promise<void> {
  // Answers bear the time of the sandbox's clock or none, never this machine's.
  outgoing.sendDate = false;
  const body = await bodyOf(incoming);
  if (body === null) return send(outgoing, refusal(413, 'the body is too large'));
  const request: ApiRequest = {
    method: incoming.method as Method,
    path: incoming.url ?? '/',
    headers: incoming.headers as Record<string, string>,
    ...(body === '' ? {} : { body }),
  };
  const fault = faultFor?.(request);
  const response = fault?.when === 'before' ? undefined : await answerOrFail(answer, request);
  if (fault === undefined) send(outgoing, response!);
  else await sendFault(outgoing, fault, response, closing);
}

/** null: too large. */
async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LARGEST_BODY) return null;
  }
  return body;
}

async function answerOrFail(answer: Answer, request: ApiRequest): Promise<ApiResponse> {
  try {
    return await answer(request);
  } catch (error) {
    if (!(error instanceof FleetformError)) throw error;
    return refusal(500, sentences(error.message, error.hint));
  }
}

function refusal(status: number, errorMessage: string): ApiResponse {
  const body = JSON.stringify({ errorCode: 10_000 + status, errorMessage, errors: [] });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  outgoing.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  outgoing.end(body);
}

async function sendFault(
  outgoing: ServerResponse,
  fault: Fault,
  response: ApiResponse | undefined,
  closing: AbortSignal,
): Promise<void> {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const answer = alter(fault, response);
  const delayMs = fault.delayMs ?? DEFAULT_DELAY_MS;
  if (fault.kind === 'delay') await delay(delayMs, undefined, { signal: closing });
  if (fault.kind === 'drip' && answer.body !== '')
    await drip(outgoing, answer, fault.pieces ?? DEFAULT_PIECES, delayMs, closing);
  else if (fault.kind === 'broken-off') breakOff(outgoing, answer);
  else send(outgoing, answer);
}

/** In several pieces, the first of them late already. Ends when the client has left. */
async function drip(
  outgoing: ServerResponse,
  { status, headers, body }: ApiResponse,
  pieces: number,
  delayMs: number,
  closing: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(body);
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
  outgoing.flushHeaders();
  for (let start = 0; start < bytes.length && !outgoing.destroyed; start += size) {
    await delay(delayMs, undefined, { signal: closing });
    outgoing.write(bytes.subarray(start, start + size));
  }
  outgoing.end();
}

/** All headers and half of the body that they promise; then nothing. */
function breakOff(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
