/**
 * The connections: keep-alive pools that know of each socket whether a request can have gone out on it, and the
 * tunnel (CONNECT) through a proxy.
 *
 * Invariants: through a proxy, the proxy only ever sees CONNECT and TLS records; an error of the tunnel is a
 * `TransportError` that says that nothing was sent.
 *
 * The tunnel is our own: the one inside axios opens a connection for each request, and hands on a proxy's refusal
 * as if the API had said it.
 */
import http, { type Agent as HttpAgent } from 'node:http';
import https, { type Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { TransportError } from './errors.ts';
import { type IsAnswering, isAnswering, isLocal, sharedLookup } from './names.ts';
import { createSpares } from './spare.ts';

type OnSocket = (error: Error | null, socket: Duplex) => void;

export interface Connections {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Nothing goes out on a socket before this is true of it. */
  isReady(socket: object): boolean;
  /**
   * Opens connections that the first requests there will take: at once where no name server is needed, else as soon as
   * that is known to answer. Through a proxy: none.
   */
  warm(base: URL, connections: number): void;
  close(): void;
}

/** How long a proxy may take to open a tunnel, in milliseconds. */
const TUNNEL_MS = 15_000;

/** PEM. `ca` is trusted instead of Node's own authorities. */
export type Certificates = Readonly<Record<'ca' | 'cert' | 'key', string | undefined>>;

/** How names are looked up; default: as the system does. */
export interface NameOptions {
  readonly lookup?: LookupFunction;
  readonly isAnswering?: IsAnswering;
}

/** `most`: how many there are at the same time, in use and kept. */
export function createConnections(
  proxy: URL | null,
  { ca, cert, key }: Certificates,
  most?: number,
  names: NameOptions = {},
): Connections {
  const lookup = sharedLookup(names.lookup);
  const closed = new AbortController();
  const ready = new WeakSet<object>();
  const spares = createSpares();
  const readyOn = (event: string, socket: Duplex): Duplex =>
    socket.once(event, () => {
      ready.add(socket);
    });

  class PlainAgent extends http.Agent {
    override createConnection(
      options: http.ClientRequestArgs,
      onSocket?: OnSocket,
    ): Duplex | null | undefined {
      return spares.take() ?? this.open(options, onSocket);
    }

    open(options: http.ClientRequestArgs, onSocket?: OnSocket): Duplex | null | undefined {
      const socket = super.createConnection(options, onSocket);
      return socket && readyOn('connect', socket);
    }
  }

  class SecureAgent extends https.Agent {
    override createConnection(options: https.RequestOptions, onSocket?: OnSocket): Duplex | null | undefined {
      if (proxy === null) {
        return spares.take() ?? this.open(options, onSocket);
      }
      openTunnel(proxy, { ...options, lookup }, pending).then(
        (tunnel) => {
          const socket = super.createConnection({ ...options, socket: tunnel } as https.RequestOptions);
          onSocket?.(null, readyOn('secureConnect', socket as TLSSocket));
        },
        (error: TransportError) => (onSocket as ((error: Error) => void) | undefined)?.(error),
      );
      return undefined;
    }

    open(options: https.RequestOptions, onSocket?: OnSocket): Duplex | null | undefined {
      const socket = super.createConnection(options, onSocket);
      return socket && readyOn('secureConnect', socket);
    }
  }

  const pending = new Set<http.ClientRequest>();
  const pool = {
    keepAlive: true,
    // As axios sets it: two values would be two calls of the system for each request.
    keepAliveMsecs: 60_000,
    noDelay: true,
    lookup,
    ...(most === undefined ? {} : { maxSockets: most, maxFreeSockets: most }),
  };
  const httpAgent = new PlainAgent(pool);
  const secure = {
    ...pool,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
  const httpsAgent = new SecureAgent(secure);
  return {
    httpAgent,
    httpsAgent,
    isReady: (socket) => ready.has(socket),
    warm(base, connections) {
      if (proxy !== null) return;
      const open =
        base.protocol === 'https:'
          ? () => httpsAgent.open({ ...secure, ...addressOf(base, 443) })
          : () => httpAgent.open({ ...pool, ...addressOf(base, 80) });
      const openAll = () => {
        for (let nth = 0; nth < Math.min(connections, most ?? connections); nth += 1) {
          const spare = open();
          if (spare) spares.add(spare);
        }
      };
      const { host } = addressOf(base, 443);
      if (isLocal(host)) return openAll();
      (names.isAnswering ?? isAnswering)(host, closed.signal).then(
        (isSo) => isSo && !closed.signal.aborted && openAll(),
        () => {},
      );
    },
    close() {
      closed.abort();
      spares.close();
      httpAgent.destroy();
      httpsAgent.destroy();
      for (const request of pending) request.destroy();
    },
  };
}

/** With the name that a certificate has to bear; an address has none. */
function addressOf(base: URL, defaultPort: number): { host: string; port: number; servername?: string } {
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const port = Number(base.port || defaultPort);
  return { host, port, ...(isIP(host) === 0 ? { servername: host } : {}) };
}

/** Rejects with a `TransportError`. `pending` holds the request for as long as the proxy hasn't answered. */
function openTunnel(
  proxy: URL,
  target: https.RequestOptions,
  pending: Set<http.ClientRequest>,
): Promise<Duplex> {
  const host = target.host ?? '';
  const authority = `${host.includes(':') ? `[${host}]` : host}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const fail = (what: string) =>
      reject(new TransportError('other', `the proxy ${proxy.host} ${what}`, false));
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: authority,
      headers: { Host: authority, ...proxyAuthorization(proxy) },
      agent: false,
      ...(target.lookup === undefined ? {} : { lookup: target.lookup }),
      timeout: TUNNEL_MS,
    });
    pending.add(request);
    request.once('close', () => pending.delete(request));
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', (error: NodeJS.ErrnoException) =>
      fail(`cannot be used (${error.code ?? 'timeout'})`),
    );
    request.once('connect', (response, socket: Duplex) => {
      pending.delete(request);
      if (response.statusCode === 200) {
        (socket as TLSSocket).setTimeout(0);
        return resolve(socket);
      }
      socket.destroy();
      fail(`refused the tunnel to ${authority} (${response.statusCode})`);
    });
    request.end();
  });
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodePart(proxy.username)}:${decodePart(proxy.password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
