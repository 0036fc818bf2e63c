/** The sandbox over HTTP with faults on the way: what `fault.ts` names, on a real connection. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiRequest, ApiResponse } from '../../../src/api/port.ts';
import {
  type Answering,
  type ServerOptions as PlainOptions,
  type RunningServer,
  send,
  serveSandbox as servePlainly,
} from '../../../src/sandbox/server.ts';
import { DEFAULT_DELAY_MS, DEFAULT_PIECES, type Fault } from './fault.ts';
import { alter } from './fault-answers.ts';
import type { MemorySandbox } from './memory.ts';

export type { RunningServer } from '../../../src/sandbox/server.ts';

export type ServerOptions = (Answering | { readonly sandbox: Pick<MemorySandbox, 'handle'> }) &
  Pick<PlainOptions, 'host' | 'port'> & {
    /** Asked for each request; a fault strikes before or after the request has done its work. */
    readonly faultFor?: (request: ApiRequest) => Fault | undefined;
  };

/** Rejects when the address cannot be listened on. */
export async function serveSandbox(options: ServerOptions): Promise<RunningServer> {
  const plain = 'sandbox' in options ? { ...options, answer: options.sandbox.handle } : options;
  const closing = new AbortController();
  const server = await servePlainly(plain, async (request, work, outgoing) => {
    const fault = options.faultFor?.(request);
    const response = fault?.when === 'before' ? undefined : await work();
    if (fault === undefined) send(outgoing, response!);
    else await sendFault(outgoing, fault, response, closing.signal);
  });
  return {
    url: server.url,
    close() {
      closing.abort();
      return server.close();
    },
  };
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
