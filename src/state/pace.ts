/**
 * How often a state is written where each write is a whole one, over a network: writing takes about a quarter of the
 * time at most, so that many records go out together. Who waits in order to send something never waits for that.
 */

import { setTimeout as delay } from 'node:timers/promises';

/** What a backend brings along to be paced. */
export interface Pace {
  /** Milliseconds, from any beginning. */
  readonly monotonic: () => number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export function paceBy(monotonic: () => number): Pace {
  return { monotonic, sleep: (ms, signal) => delay(ms, undefined, { signal }) };
}

export interface Pacer {
  /** Does the work, and takes the time that it needs. */
  timed(work: () => Promise<void>): Promise<void>;
  /** Resolves when the next write is due. null: it is, as it always is as long as anybody is in a hurry. */
  turn(): Promise<void> | null;
  /** Somebody waits in order to send, until what is returned is called. */
  hurry(): () => void;
}

/** A rest after a write, in times of what it took. */
const RESTS = 3;
/** Milliseconds. */
const LONGEST_REST = 2000;

/** `pace`: undefined: a write costs so little that none has to wait. After `stop` none waits any more, either. */
export function pacer(pace: Pace | undefined, stop?: AbortSignal): Pacer {
  let dueAt = Number.NEGATIVE_INFINITY;
  let hurried = 0;
  let rest: AbortController | null = null;
  const wake = () => rest?.abort();

  async function resting({ sleep }: Pace, ms: number): Promise<void> {
    const own = new AbortController();
    rest = own;
    stop?.addEventListener('abort', wake);
    try {
      await sleep(ms, own.signal);
    } catch (error) {
      if (!own.signal.aborted) throw error;
    } finally {
      stop?.removeEventListener('abort', wake);
      rest = null;
    }
  }

  return {
    async timed(work) {
      const begun = pace?.monotonic() ?? 0;
      try {
        await work();
      } finally {
        const ended = pace?.monotonic() ?? 0;
        dueAt = ended + Math.min(LONGEST_REST, RESTS * Math.max(0, ended - begun));
      }
    },
    turn() {
      if (pace === undefined || hurried > 0 || stop?.aborted === true) return null;
      const ms = dueAt - pace.monotonic();
      return ms <= 0 ? null : resting(pace, ms);
    },
    hurry() {
      hurried += 1;
      wake();
      return () => {
        hurried -= 1;
      };
    },
  };
}
