/** The sandbox over HTTP: `fleetform sandbox serve`, and the server that the tests talk to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest, ApiResponse, Method } from '../api/port.ts';
import { FleetformError } from '../model/errors.ts';
import { sentences } from '../model/words.ts';
import { type EmbeddedOptions, openSandbox } from './embedded.ts';

/** Who answers: a function, or the one that is kept in a folder (which asks for a key here). */
export type Answering =
  | { readonly answer: (request: ApiRequest) => Promise<ApiResponse> | ApiResponse }
  | { readonly folder: string; readonly options?: EmbeddedOptions };

export type ServerOptions = Answering & {
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

/** How an answer comes to the client. `work` carries the request out. */
export type Delivery = (
  request: ApiRequest,
  work: () => Promise<ApiResponse>,
  outgoing: ServerResponse,
) => Promise<void>;

const deliverAsItIs: Delivery = async (_request, work, outgoing) => send(outgoing, await work());

/** Many times what the API takes: nobody can fill the memory of the machine through this port. */
const LARGEST_BODY = 16 * 1024 * 1024;
/** Longer than a client rests between two requests of its pool. */
const KEEP_ALIVE_MS = 60_000;

/** Rejects when the address cannot be listened on. */
export async function serveSandbox(
  options: ServerOptions,
  deliver: Delivery = deliverAsItIs,
): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const answer = answerOf(options);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    respond(incoming, outgoing, answer, deliver).catch(() => outgoing.destroy());
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
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(options: Answering): Answer {
  if ('answer' in options) return options.answer;
  const { transport } = openSandbox(options.folder, { token: undefined, ...options.options });
  // What has arrived is done, also when its client has left: the API knows no better.
  return (request) => transport(request, new AbortController().signal);
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: Answer,
  deliver: Delivery,
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
  await deliver(request, () => answerOrFail(answer, request), outgoing);
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

export function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  outgoing.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  outgoing.end(body);
}
