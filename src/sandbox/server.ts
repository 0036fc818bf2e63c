/** The sandbox over HTTP: `fleetform sandbox serve`, and the server that the tests talk to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest, ApiResponse, Method } from '../api/port.ts';
import { alter, type Fault } from './faults.ts';

export interface ServerOptions {
  readonly answer: (request: ApiRequest) => Promise<ApiResponse> | ApiResponse;
  /** Asked for each request; a fault strikes before or after `answer` has done its work. */
  readonly faultFor?: (request: ApiRequest) => Fault | undefined;
  readonly host?: string;
  /** 0: a free one. */
  readonly port?: number;
}

export interface RunningServer {
  readonly url: string;
  /** Ends every connection as well. */
  close(): Promise<void>;
}

/** Rejects when the address cannot be listened on. */
export async function serveSandbox(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, options).catch((error: unknown) => outgoing.destroy(error as Error));
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

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  const request: ApiRequest = {
    method: incoming.method as Method,
    path: incoming.url ?? '/',
    headers: incoming.headers as Record<string, string>,
    body,
  };
  const fault = options.faultFor?.(request);
  const response = fault?.when === 'before' ? undefined : await options.answer(request);
  if (fault === undefined) return send(outgoing, response!);
  if (fault.kind === 'reset') incoming.socket.resetAndDestroy();
  else if (fault.kind !== 'hang') send(outgoing, alter(fault, response));
}

function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}
