/** All waiting of the client: how long, for whom, and how it ends early. Times are milliseconds. */
import { setMaxListeners } from 'node:events';
import { onAbort } from './aborted.ts';

/** Resolves after `ms`, or (resolving or rejecting) once `signal` is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 20_000;
const LONGEST_TOLD = 120_000;

/** Exponential, with full jitter: `tries` that failed so far, from 1. */
export function backoffMs(tries: number, random: () => number): number {
  return Math.round(random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** tries));
}

/** What a `Retry-After` asks for, in seconds or as an HTTP date; null: nothing that can be read, or no wait at all. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return ms > 0 ? Math.min(ms, LONGEST_TOLD) : null;
}

/** Sleeps; rejects with `signal.reason` as soon as that is aborted, even where `sleep` takes no notice of it. */
export async function interruptibleSleep(sleep: Sleep, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return sleep(ms);
  signal.throwIfAborted();
  // Of its own: thousands may sleep, and each sleep listens.
  const wake = new AbortController();
  const forget = onAbort(signal, () => wake.abort(signal.reason));
  try {
    await unlessAborted(signal, () => sleep(ms, wake.signal));
  } finally {
    forget();
  }
  signal.throwIfAborted();
}

/**
 * Rejects with `signal.reason` as soon as that is aborted, and does not begin if it is already; what becomes of `work`
 * then is of no interest.
 */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason));
    const end =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        forget();
        settle(value);
      };
    (async () => work())().then(end(resolve), end(reject));
  });
}

/**
 * Works on a signal that aborts with whichever of these aborts first, and listens to them no longer than the work takes:
 * they may outlive thousands of works.
 */
export async function untilFirstOf<T>(
  signals: readonly AbortSignal[],
  work: (first: AbortSignal) => Promise<T>,
): Promise<T> {
  const first = new AbortController();
  const forgets = signals.map((signal) => onAbort(signal, () => first.abort(signal.reason)));
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted !== undefined) first.abort(aborted.reason);
  try {
    return await work(first.signal);
  } finally {
    for (const forget of forgets) forget();
  }
}

/**
 * Aborts with whichever aborts first. It listens for as long as they live: for those that last as long as the process,
 * once; for all else there is `untilFirstOf`. (AbortSignal.any came with Node 20.3.)
 */
export function firstOf(...signals: readonly AbortSignal[]): AbortSignal {
  const either = new AbortController();
  // Each wait listens, and there may be thousands.
  setMaxListeners(0, either.signal);
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    else onAbort(signal, () => either.abort(signal.reason));
  }
  return either.signal;
}

/** A wait that all requests of a client share: who is told to slow down speaks for the others as well. */
export interface SharedPause {
  extend(ms: number): void;
  /** Milliseconds that are still to be waited; 0: none. */
  rest(): number;
  /** Returns at once when nothing is to be waited for. Rejects with `signal.reason` when aborted. */
  wait(signal?: AbortSignal): Promise<void>;
}

export function createSharedPause(clock: () => number, sleep: Sleep): SharedPause {
  let until = 0;
  return {
    extend(ms) {
      until = Math.max(until, clock() + ms);
    },
    rest: () => Math.max(0, until - clock()),
    async wait(signal) {
      // Once for each extension: a clock that stands still (a test's) must not make this spin.
      let waitedFor = 0;
      for (let rest = until - clock(); rest > 0 && until > waitedFor; rest = until - clock()) {
        waitedFor = until;
        await interruptibleSleep(sleep, rest, signal);
      }
    },
  };
}
