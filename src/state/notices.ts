/** A backend whose answers take long is told of, so that nobody looks at a screen that says nothing. */
import { safeText } from '../model/safe-text.ts';
import type { StateBackend } from './backend.ts';

/** Milliseconds, until it is told, and between that and the next line. */
const PATIENCE = 5000;
const AGAIN = 30_000;

export function withNotices(backend: StateBackend, tell: (text: string) => void): StateBackend {
  const place = safeText(backend.location, 300);
  /** Of all that wait at the same time one line is enough. */
  let toldAt = Number.NEGATIVE_INFINITY;

  async function watched<T>(what: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const say = () => {
      const now = performance.now();
      if (now - toldAt < PATIENCE) return;
      toldAt = now;
      tell(`Waiting for ${place} (${what}): no answer for ${Math.round((now - begun) / 1000)} s`);
    };
    let again: NodeJS.Timeout | undefined;
    // They keep no process alive: what is waited for does, or nothing will ever come of it.
    const first = setTimeout(() => {
      say();
      again = setInterval(say, AGAIN).unref();
    }, PATIENCE).unref();
    try {
      return await work();
    } finally {
      clearTimeout(first);
      clearInterval(again);
    }
  }

  const { append } = backend;
  return {
    ...backend,
    ...(append && {
      append: (addition, proof) => watched('writing the state', () => append(addition, proof)),
    }),
    read: (stop) => watched('reading the state', () => backend.read(stop)),
    write: (state, proof) => watched('writing the state', () => backend.write(state, proof)),
    async lock(operation, stop) {
      const lock = await watched('taking the lock', () => backend.lock(operation, stop));
      return {
        ...lock,
        prove: () => watched('looking at the lock', () => lock.prove()),
        release: () => watched('giving the lock back', () => lock.release()),
      };
    },
    inspectLock: () => watched('looking at the lock', () => backend.inspectLock()),
    forceUnlock: (id, isForced) => watched('removing the lock', () => backend.forceUnlock(id, isForced)),
  };
}
