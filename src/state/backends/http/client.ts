/**
 * One request of the protocol → its answer, on the transport of the API (axios, loaded with the first request): no
 * redirect, a bound for what is read, a limit for how long it takes.
 *
 * Invariant: what may have been done although no answer came is told as that, never as an error that nothing happened.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { TransportError } from '../../../api/errors.ts';
import type { HttpTransport } from '../../../api/http.ts';
import type { ApiRequest, ApiResponse } from '../../../api/port.ts';
import { retryAfterMs, untilFirstOf } from '../../../api/waiting.ts';
import type { Env } from '../../../lock/holder.ts';
import type { FleetformError } from '../../../model/errors.ts';
import { version } from '../../../version.ts';
import type { Retries } from './connection.ts';
import { noAnswer, serverTrouble } from './refusals.ts';
import type { Endpoint, HttpStatePlace } from './settings.ts';

export interface Answer extends ApiResponse {
  /** Whether the same was asked before, and may have been done then. */
  readonly isRepeated: boolean;
}

export interface HttpClient {
  /** Once. Rejects with a `TransportError`. */
  once(endpoint: Endpoint, body: string | null): Promise<ApiResponse>;
  /**
   * Again after no answer, a 5xx or a 429: for what may be asked twice. Throws `state.unreachable`, and the reason of
   * `stop`; but what may have been done is asked once more even then.
   */
  repeatedly(endpoint: Endpoint, body: string | null, stop?: AbortSignal): Promise<Answer>;
  /** `tries` that failed so far, from 1. false: there have been enough. */
  pause(tries: number, answer: ApiResponse | TransportError, stop?: AbortSignal): Promise<boolean>;
  close(): void;
}

/** It is small, and whoever stops a run waits for it. */
const LOCK_TIMEOUT_MS = 15_000;

export interface ClientOptions extends Retries {
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

/** What has not passed. */
export function troubleOf(
  place: HttpStatePlace,
  endpoint: Endpoint,
  answer: ApiResponse | TransportError,
): FleetformError {
  return answer instanceof TransportError ? noAnswer(place, answer) : serverTrouble(place, endpoint, answer);
}

const doubtful = new WeakSet<object>();

/** Of an error of `repeatedly`, and of the reason of a stop: what was asked may have been done all the same. */
export function mayBeDone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && doubtful.has(error);
}

/** Whether nothing of what was asked can have been done. */
export function isUndone(answer: ApiResponse | TransportError): boolean {
  if (answer instanceof TransportError) return !answer.mayHaveBeenSent;
  return answer.status < 500 && !isDone(answer);
}

export function isDone({ status }: ApiResponse): boolean {
  return status >= 200 && status < 300;
}

/** What the same request may get another answer to a moment later. */
export function isPassing(answer: ApiResponse | TransportError): boolean {
  if (answer instanceof TransportError) return answer.kind !== 'tls' && answer.kind !== 'too-large';
  return answer.status >= 500 ? answer.status !== 501 && answer.status !== 505 : answer.status === 429;
}

export function createClient(place: HttpStatePlace, env: Env, options: ClientOptions): HttpClient {
  const { retries, waitMinMs, waitMaxMs, timeoutMs } = options;
  const transports = new Map<string, HttpTransport>();
  const closed = new AbortController();

  async function transportTo({ origin }: URL): Promise<HttpTransport> {
    const { createHttpTransport } = await import('../../../api/http.ts');
    let transport = transports.get(origin);
    if (transport === undefined) {
      transport = createHttpTransport({ baseUrl: origin, env, ...place.tls });
      transports.set(origin, transport);
    }
    return transport;
  }

  async function once(endpoint: Endpoint, body: string | null): Promise<ApiResponse> {
    const { url, method, authorization } = endpoint;
    const send = await transportTo(url);
    const isOfLock = endpoint === place.lock || endpoint === place.unlock;
    const ms = isOfLock ? Math.min(timeoutMs, LOCK_TIMEOUT_MS) : timeoutMs;
    const request = {
      // The protocol has methods that the API has not.
      method: method as ApiRequest['method'],
      path: `${url.pathname}${url.search}`,
      headers: {
        'User-Agent': `fleetform/${version}`,
        'Cache-Control': 'no-cache',
        ...(authorization === null ? {} : { Authorization: authorization }),
        ...(body === null ? {} : { 'Content-Type': 'application/json', 'Content-MD5': md5(body) }),
      },
      ...(body === null ? {} : { body }),
    };
    try {
      return await untilFirstOf([AbortSignal.timeout(ms), closed.signal], (limit) => send(request, limit));
    } catch (error) {
      if (!(error instanceof TransportError) || error.kind !== 'aborted' || closed.signal.aborted)
        throw error;
      const seconds = Math.round(ms / 1000);
      throw new TransportError(
        'timeout',
        `no answer within ${seconds} s (${url.host})`,
        error.mayHaveBeenSent,
      );
    }
  }

  async function pause(
    tries: number,
    answer: ApiResponse | TransportError,
    stop?: AbortSignal,
  ): Promise<boolean> {
    if (tries > retries || !isPassing(answer) || closed.signal.aborted) return false;
    const told =
      answer instanceof TransportError ? null : retryAfterMs(answer.headers['retry-after'], Date.now());
    const ms = Math.min(waitMaxMs, told ?? waitMinMs * 2 ** (tries - 1));
    const signals = [closed.signal, ...(stop === undefined ? [] : [stop])];
    await untilFirstOf(signals, (signal) => delay(ms, undefined, { signal })).catch(() => {});
    return true;
  }

  return {
    once,
    pause,
    async repeatedly(endpoint, body, stop) {
      let isRepeated = false;
      for (let tries = 1; ; tries += 1) {
        if (!isRepeated) stop?.throwIfAborted();
        const isLast = stop?.aborted === true;
        const answer = await once(endpoint, body).catch(transportError);
        if (!(answer instanceof TransportError) && !isPassing(answer)) return { ...answer, isRepeated };
        isRepeated ||= !isUndone(answer);
        if (isLast) {
          if (typeof stop.reason === 'object' && stop.reason !== null) doubtful.add(stop.reason);
          throw stop.reason;
        }
        if (await pause(tries, answer, stop)) continue;
        const error = troubleOf(place, endpoint, answer);
        if (isRepeated) doubtful.add(error);
        throw error;
      }
    },
    close() {
      closed.abort();
      for (const transport of transports.values()) transport.close();
    },
  };
}

/** Anything else is a bug, and thrown on. */
export function transportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  throw error;
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('base64');
}
