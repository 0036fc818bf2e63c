/**
 * At most `places` requests in flight, of whatever kind; the rest wait in the order in which they came.
 *
 * Invariant: a place is held from `enter` until the function that it returned is called, and no longer.
 */

export interface Limiter {
  /** Resolves with the function that gives the place back. Rejects with `signal.reason` when aborted while waiting. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function createLimiter(places: number): Limiter {
  let free = places;
  const queue = new Set<() => void>();

  const leave = () => {
    free += 1;
    const [next] = queue;
    next?.();
  };
  const take = () => {
    free -= 1;
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      leave();
    };
  };

  return {
    enter(signal) {
      if (free > 0 && queue.size === 0) return Promise.resolve(take());
      return new Promise((resolve, reject) => {
        const onTurn = () => {
          queue.delete(onTurn);
          signal?.removeEventListener('abort', onAbort);
          resolve(take());
        };
        const onAbort = () => {
          queue.delete(onTurn);
          reject(signal?.reason);
        };
        if (signal?.aborted) return onAbort();
        queue.add(onTurn);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
