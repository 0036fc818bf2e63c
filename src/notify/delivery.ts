/**
 * Bodies → the receiver: one after the other, in order, in the background, each tried again while that may help.
 *
 * Invariants: nobody waits for it but `end`, and that for a bounded time; nothing here throws; what is told of a failure
 * is in our own words, as the URL, and what a proxy or receiver answers, are nobody's business. No redirect is followed.
 */
import { sendWithin, startTimer } from '../api/deadline.ts';
import { TransportError } from '../api/errors.ts';
import type { HttpTransport } from '../api/http.ts';
import type { ApiResponse } from '../api/port.ts';
import { backoffMs, interruptibleSleep, retryAfterMs, type Sleep } from '../api/waiting.ts';
import { version } from '../version.ts';
import { endingLookup } from './lookup.ts';

export interface Delivery {
  /** Returns at once. */
  add(body: string): void;
  /** Waits until all is delivered, `lastMs` at most, and not after `stop`; nothing is sent any more afterwards. */
  end(stop: AbortSignal): Promise<Undelivered | null>;
}

export interface Undelivered {
  readonly count: number;
  /** The last reason: `connection refused`. */
  readonly why: string;
}

export interface DeliveryOptions {
  readonly url: URL;
  /** For the proxy. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** Milliseconds; what is left at the end may take that long in all. */
  readonly lastMs?: number;
  /** Milliseconds for one try. */
  readonly deadlineMs?: number;
}

const TRIES = 4;
const LONGEST_WAIT = 30_000;
/** Bodies that wait. */
const LARGEST_QUEUE = 100;

export function createDelivery(options: DeliveryOptions): Delivery {
  const { sleep, random, lastMs = 5000 } = options;
  const ended = new AbortController();
  const post = poster(options, ended.signal);
  const queue: string[] = [];
  let lost = 0;
  let why = '';
  let isWorking = false;
  let working: Promise<void> = Promise.resolve();

  async function deliver(body: string): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      const answer = await post.send(body);
      if (answer === null) return true;
      why = answer.why;
      if (!answer.mayPass || tries === TRIES) return false;
      const ms = Math.max(backoffMs(tries, random), answer.toldToWait ?? 0);
      await interruptibleSleep(sleep, Math.min(ms, LONGEST_WAIT), ended.signal);
    }
  }

  async function work(): Promise<void> {
    isWorking = true;
    for (let body = queue[0]; body !== undefined && !ended.signal.aborted; body = queue[0]) {
      const isDelivered = await deliver(body).catch(() => false);
      // What is left is counted by `end`.
      if (ended.signal.aborted && !isDelivered) break;
      if (!isDelivered) lost += 1;
      queue.shift();
    }
    isWorking = false;
  }

  return {
    add(body) {
      if (queue.length >= LARGEST_QUEUE || ended.signal.aborted) {
        lost += 1;
        return;
      }
      queue.push(body);
      if (!isWorking) working = work();
    },
    async end(stop) {
      const onStop = () => ended.abort();
      if (stop.aborted) onStop();
      stop.addEventListener('abort', onStop, { once: true });
      const timer = setTimeout(onStop, lastMs);
      await working;
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      ended.abort();
      post.close();
      const count = lost + queue.length;
      return count === 0 ? null : { count, why: why || 'no answer in time' };
    },
  };
}

interface Refused {
  readonly why: string;
  readonly mayPass: boolean;
  /** Milliseconds. */
  readonly toldToWait: number | null;
}

interface Poster {
  /** null: it has been taken. */
  send(body: string): Promise<Refused | null>;
  close(): void;
}

function poster({ url, env, deadlineMs = 10_000 }: DeliveryOptions, ended: AbortSignal): Poster {
  let transport: HttpTransport | undefined;
  const headers = { 'Content-Type': 'application/json', 'User-Agent': `fleetform/${version}` };
  return {
    async send(body) {
      try {
        if (transport === undefined) {
          const { createHttpTransport } = await import('../api/http.ts');
          const names = { lookup: endingLookup(ended) };
          transport = createHttpTransport({ baseUrl: url.origin, env, connections: 1, names });
        }
        const request = { method: 'POST', path: `${url.pathname}${url.search}`, headers, body } as const;
        return judged(await sendWithin(deadlineMs, transport, request, startTimer, ended));
      } catch (error) {
        if (ended.aborted) return refused('no answer in time', false);
        if (!(error instanceof TransportError)) return refused('it cannot be sent there', false);
        // An answer too large to be read is one all the same.
        if (error.kind === 'too-large') return null;
        return refused(WORDS[error.kind] ?? 'no connection, or no answer', error.kind !== 'tls');
      }
    },
    close: () => transport?.close(),
  };
}

const WORDS: Readonly<Partial<Record<TransportError['kind'], string>>> = {
  refused: 'connection refused',
  unresolved: 'the name could not be resolved',
  tls: 'no trusted TLS connection',
  reset: 'the connection broke off',
  timeout: 'no answer in time',
};

function judged({ status, headers }: ApiResponse): Refused | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return refused(`it answers ${status}, a redirect, which is not followed`, false);
  const isPassing = status === 429 || status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return refused(`it answers ${status}`, isPassing, retryAfterMs(headers['retry-after'], Date.now()));
}

function refused(why: string, mayPass: boolean, toldToWait: number | null = null): Refused {
  return { why, mayPass, toldToWait };
}
