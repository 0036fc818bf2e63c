/** Real servers on 127.0.0.1, ended together. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface LoopbackServer {
  readonly port: number;
  readonly url: string;
  readonly seen: Seen[];
  /** How many connections were made so far. */
  readonly connections: () => number;
}

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface Loopback {
  serve(answer: Answer, tls?: { key: string; cert: string }): Promise<LoopbackServer>;
  track(server: Server): Promise<number>;
  /** How many connections are open. */
  sockets(): number;
  /** Ends all that are open. */
  hangUp(): void;
  end(): Promise<void>;
}

export function loopback(): Loopback {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  const track = async (server: Server): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  return {
    track,
    sockets: () => sockets.size,
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    async serve(answer, tls) {
      const seen: Seen[] = [];
      let connections = 0;
      const listener: Answer = (request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', () => {
          seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
          answer(request, response);
        });
      };
      const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
      server.on('connection', () => (connections += 1));
      const port = await track(server);
      const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
      return { port, url, seen, connections: () => connections };
    },
    async end() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
