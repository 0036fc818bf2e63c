/**
 * At most `places()` requests in flight, of whatever kind; the rest wait in the order in which they came. What is sent
 * again goes before what has not been sent yet: whoever waits for it has waited longest.
 *
 * Invariant: a place is held from `enter` until the function that it returned is called, and no longer.
 */
import { onAbort } from './aborted.ts';

export interface Limiter {
  /** Resolves with the function that gives the place back. Rejects with `signal.reason` when aborted while waiting. */
  enter(signal?: AbortSignal, isRepeated?: boolean): Promise<() => void>;
}

/** `places`: how many there are now; asked whenever one is taken or given back. */
export function createLimiter(places: () => number): Limiter {
  let taken = 0;
  const repeated = createQueue();
  const fresh = createQueue();

  const take = () => {
    taken += 1;
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      taken -= 1;
      // More than one, if there are more places by now.
      while (taken < places()) {
        const next = repeated.next() ?? fresh.next();
        if (next === null) return;
        next();
      }
    };
  };

  return {
    enter(signal, isRepeated = false) {
      const queue = isRepeated ? repeated : fresh;
      if (taken < places() && repeated.isEmpty() && queue.isEmpty()) return Promise.resolve(take());
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const leaveQueue = queue.add(() => {
          forget?.();
          resolve(take());
        });
        const forget =
          signal &&
          onAbort(signal, () => {
            leaveQueue();
            reject(signal.reason);
          });
      });
    },
  };
}

interface Queue {
  /** Returns the function that takes it out again. */
  add(onTurn: () => void): () => void;
  next(): (() => void) | null;
  isEmpty(): boolean;
}

/** Whoever is first, or leaves from anywhere, costs the same however many there are. */
function createQueue(): Queue {
  interface Entry {
    onTurn: (() => void) | null;
    next: Entry | null;
  }
  let first: Entry | null = null;
  let last: Entry | null = null;
  let size = 0;
  return {
    add(onTurn) {
      const entry: Entry = { onTurn, next: null };
      if (last === null) first = entry;
      else last.next = entry;
      last = entry;
      size += 1;
      return () => {
        if (entry.onTurn === null) return;
        entry.onTurn = null;
        size -= 1;
      };
    },
    next() {
      while (first !== null) {
        const { onTurn } = first;
        first.onTurn = null;
        first = first.next;
        if (first === null) last = null;
        if (onTurn === null) continue;
        size -= 1;
        return onTurn;
      }
      return null;
    },
    isEmpty: () => size === 0,
  };
}
