/** Work under the state's lock, for the commands that change the state and nothing else. */
import { holderText, type StateBackend, type StateLock } from '../state/backend.ts';
import { waitForLock } from '../state/wait-for-lock.ts';
import type { Session } from './session.ts';
import { exitOnSignal } from './signals.ts';
import { sleep } from './workspace.ts';

export interface LockFlags {
  /** Seconds. */
  readonly lockTimeout?: number;
}

/** Throws a `LockedError` when another holds it for longer than the flag allows. */
export async function locked<T>(
  session: Session,
  backend: StateBackend,
  operation: string,
  flags: LockFlags,
  work: (lock: StateLock) => Promise<T>,
): Promise<T> {
  exitOnSignal();
  const lock = await waitForLock(backend, operation, {
    lockTimeoutMs: (flags.lockTimeout ?? 0) * 1000,
    sleep,
    onWait: (holder) =>
      session.remark(`the state is locked by ${holderText(holder)}, for ${holder.operation}\n`),
    stop: new AbortController().signal,
  });
  try {
    return await Promise.race([work(lock), lossOf(lock)]);
  } finally {
    await lock.release();
  }
}

/** What is under way when the lock is lost cannot be recorded any more. */
function lossOf({ lost }: StateLock): Promise<never> {
  return new Promise((_, reject) => {
    if (lost.aborted) reject(lost.reason);
    lost.addEventListener('abort', () => reject(lost.reason), { once: true });
  });
}
