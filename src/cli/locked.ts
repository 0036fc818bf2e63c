/** Work under the state's lock, for the commands that change the state and nothing else. */
import { ApiError } from '../api/errors.ts';
import { InterruptedError } from '../apply/errors.ts';
import { holderText, type StateBackend, type StateLock } from '../state/backend.ts';
import { holding } from '../state/hold-lock.ts';
import { waitForLock } from '../state/wait-for-lock.ts';
import type { Session } from './session.ts';
import { stopOnSignal } from './signals.ts';
import { sleep } from './sleep.ts';

export interface LockFlags {
  /** Seconds. */
  readonly lockTimeout?: number;
}

/**
 * Throws a `LockedError` when another holds it for longer than the flag allows, and an `InterruptedError` after a
 * signal: then `work` is asked to end, and the lock is given back. One that nobody gives back is in everybody's way.
 */
export async function locked<T>(
  session: Session,
  backend: StateBackend,
  operation: string,
  flags: LockFlags,
  work: (lock: StateLock, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = stopOnSignal(() => {});
  try {
    const lock = await waitForLock(backend, operation, {
      lockTimeoutMs: (flags.lockTimeout ?? 0) * 1000,
      sleep,
      onWait: (holder) =>
        session.remark(`the state is locked by ${holderText(holder)}, for ${holder.operation}\n`),
      stop: stop.signal,
    });
    return await holding(lock, session.tellLast, async () => {
      const working = work(lock, stop.signal);
      try {
        return await Promise.race([working, lossOf(lock)]);
      } finally {
        // It notices at its next write; until then the place is not to be closed under it.
        await working.catch(() => {});
      }
    });
  } catch (error) {
    const isCutOff = stop.signal.aborted && (error === stop.signal.reason || error instanceof ApiError);
    throw isCutOff ? new InterruptedError() : error;
  } finally {
    stop.dispose();
  }
}

/** What is under way when the lock is lost cannot be recorded any more. */
function lossOf({ lost }: StateLock): Promise<never> {
  return new Promise((_, reject) => {
    if (lost.aborted) reject(lost.reason);
    lost.addEventListener('abort', () => reject(lost.reason), { once: true });
  });
}
