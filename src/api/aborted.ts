/**
 * Who is told when a signal is aborted. Thousands of calls wait for one signal, and a signal looks through all of its
 * listeners whenever one is added or removed.
 *
 * Invariant: a signal has one listener of ours while anyone waits for it, and none afterwards.
 */

interface Waiting {
  readonly told: Set<() => void>;
  readonly listener: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/** Tells once. Returns the function that ends it. Does nothing for a signal that is aborted already. */
export function onAbort(signal: AbortSignal, tell: () => void): () => void {
  if (signal.aborted) return () => {};
  const { told, listener } = waitingFor(signal);
  // The same function may be there twice, and is then told twice.
  const once = () => tell();
  if (told.size === 0) signal.addEventListener('abort', listener, { once: true });
  told.add(once);
  return () => {
    if (told.delete(once) && told.size === 0) signal.removeEventListener('abort', listener);
  };
}

function waitingFor(signal: AbortSignal): Waiting {
  const known = waiting.get(signal);
  if (known !== undefined) return known;
  const told = new Set<() => void>();
  const made = { told, listener: () => tellAll(told) };
  waiting.set(signal, made);
  return made;
}

/** Who is no longer waiting by the time of his turn is not told; what one throws keeps nothing from the others. */
function tellAll(told: Set<() => void>): void {
  for (const tell of told) {
    told.delete(tell);
    try {
      tell();
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}
