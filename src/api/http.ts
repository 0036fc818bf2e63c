/**
 * Transport over HTTP, on axios. Loaded lazily by its caller: axios costs more start-up than all the rest.
 *
 * Invariants: one request goes to one place, whatever the answer says (no redirect, no absolute URL); the key is
 * never in clear on a network; what is thrown is a `TransportError` of our own words, because an AxiosError shows
 * every header that was sent.
 */
import axios, { type AxiosError, AxiosHeaders } from 'axios';
import { baseUrlText, parseBaseUrl } from '../model/base-url.ts';
import { type Connections, createConnections, type NameOptions } from './agents.ts';
import { LARGEST_ANSWER, tooLarge } from './bounds.ts';
import { TransportError } from './errors.ts';
import type { Env } from './origin.ts';
import type { ApiRequest, ApiResponse, Transport } from './port.ts';
import { proxyFor } from './proxy.ts';

/** Where requests go, and by which way. */
export interface HttpTransportOptions {
  /** https, or http to this machine; a path in front of the API is kept. */
  readonly baseUrl: string;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Env;
  /** Without a byte for this long, a request has failed; none: only the client's deadline counts. */
  readonly idleTimeoutMs?: number;
  /** The most connections at the same time: as many as there are requests in flight. */
  readonly connections?: number;
  /** Certificate authorities (PEM) to trust instead of Node's own. */
  readonly ca?: string;
  /** Of a client that shows who it is (PEM). */
  readonly cert?: string;
  readonly key?: string;
  readonly names?: NameOptions;
}

/** A transport over HTTP that can open its connections before they are needed. */
export type HttpTransport = Transport & {
  /**
   * Opens so many connections (TCP, and TLS), which the next requests take; nothing is sent. Returns at once; one that
   * cannot be opened is no error, and once this is closed none keeps the process alive: a name is only looked up when
   * its server is known to answer. Through a proxy it does nothing.
   */
  warm(connections?: number): void;
  /** Ends the pooled connections; what is in flight fails. */
  close(): void;
};

/** Throws `api.url`, `api.insecure`, `api.proxy`. */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const base = parseBaseUrl(options.baseUrl, 'the API URL');
  const { ca, cert, key } = options;
  const connections = createConnections(
    proxyFor(base, options.env),
    { ca, cert, key },
    options.connections,
    options.names,
  );
  // The adapter alone: nothing is left for what axios does around it (defaults merged for each request, interceptors,
  // conversions), which costs more than the request.
  const adapter = axios.getAdapter('http');
  const settings = {
    baseURL: baseUrlText(base),
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    proxy: false,
    httpAgent: connections.httpAgent,
    httpsAgent: connections.httpsAgent,
    timeout: options.idleTimeoutMs ?? 0,
    // Of what is decompressed, while it streams.
    maxContentLength: LARGEST_ANSWER,
    decompress: true,
    responseType: 'text',
    validateStatus: () => true,
    transitional: { clarifyTimeoutError: true },
  } as const;

  // Of what is sent without a body the headers are the same each time, and axios' own form of them is made once: with a
  // body it writes the length of that into them.
  const known = new WeakMap<object, AxiosHeaders>();
  const headersFor = ({ headers, body }: ApiRequest): AxiosHeaders => {
    const made = (body === undefined ? known.get(headers) : undefined) ?? new AxiosHeaders(headers);
    if (body === undefined) known.set(headers, made);
    return made;
  };

  const transport: Transport = async (request, signal) => {
    if (signal.aborted) throw new TransportError('aborted', 'aborted', false);
    try {
      const response = await adapter({
        ...settings,
        method: request.method,
        url: request.path,
        headers: headersFor(request),
        data: request.body,
        signal,
      });
      return { status: response.status, headers: plainHeaders(response.headers), body: response.data ?? '' };
    } catch (error) {
      throw transportError(error as AxiosError, base.host, connections);
    }
  };
  return Object.assign(transport, {
    warm: (count = 3) => connections.warm(base, count),
    close: () => connections.close(),
  });
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): ApiResponse['headers'] {
  const plain: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return plain;
}

type Failure = readonly [TransportError['kind'], string];

const FAILURES: Readonly<Record<string, Failure>> = {
  ERR_CANCELED: ['aborted', 'aborted'],
  ETIMEDOUT: ['timeout', 'timed out'],
  ECONNABORTED: ['timeout', 'timed out'],
  ECONNREFUSED: ['refused', 'connection refused'],
  EHOSTUNREACH: ['refused', 'host unreachable'],
  ENETUNREACH: ['refused', 'network unreachable'],
  ENOTFOUND: ['unresolved', 'no such host'],
  EAI_AGAIN: ['unresolved', 'the name could not be resolved'],
  ECONNRESET: ['reset', 'connection reset'],
  EPIPE: ['reset', 'connection closed'],
  EPROTO: ['tls', 'no TLS connection'],
};

/** Nothing of axios' own error goes on: neither it nor its text. */
function transportError(error: AxiosError, host: string, connections: Connections): TransportError {
  if (error.cause instanceof TransportError) return error.cause;
  const code = error.code ?? '';
  const [kind, what] = failureOf(code, error);
  const socket = (error.request as { socket?: object | null } | undefined)?.socket;
  // What has answered has been reached, even where its socket is gone by now.
  const isUnsent =
    kind !== 'too-large' &&
    (error.request === undefined ? isBeforeConnection(kind) : !socket || !connections.isReady(socket));
  const named = /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? `, ${code}` : '';
  return new TransportError(kind, `${what} (${host}${named})`, !isUnsent);
}

function failureOf(code: string, error: AxiosError): Failure {
  const known = FAILURES[code];
  if (known !== undefined) return known;
  if (/^ERR_(?:TLS|SSL)_|CERT|SIGNATURE|^UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA/.test(code)) {
    return ['tls', 'the certificate is not trusted, or there is no TLS'];
  }
  if (code === 'ERR_BAD_RESPONSE') {
    // axios gives both this code; only a broken-off answer comes with what there was of it.
    return error.response === undefined
      ? ['too-large', tooLarge(LARGEST_ANSWER)]
      : ['reset', 'the answer broke off'];
  }
  return ['other', 'the connection or the answer is broken'];
}

function isBeforeConnection(kind: TransportError['kind']): boolean {
  return kind === 'refused' || kind === 'unresolved';
}
