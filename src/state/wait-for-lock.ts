/** Takes the state's lock, or waits for it as long as the caller said. */
import { LockedError, type LockHolder, type StateBackend, type StateLock } from './backend.ts';

export interface LockWait {
  /** Milliseconds; default 0: another's lock is an error at once. */
  readonly lockTimeoutMs?: number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Once for each holder that is waited for; `seconds`: how long at most. */
  readonly onWait: (holder: LockHolder, seconds: number) => void;
  readonly stop: AbortSignal;
}

const PAUSE_MS = 500;
/** Where each look is a request or two. */
const LONGEST_PAUSE_MS = 5000;

/** Throws the `LockedError` that names the holder, or the reason of `stop`. */
export async function waitForLock(
  backend: Pick<StateBackend, 'lock' | 'kind'>,
  operation: string,
  { lockTimeoutMs = 0, sleep, onWait, stop }: LockWait,
): Promise<StateLock> {
  let told = '';
  const begun = performance.now();
  // A look at a lock that is kept elsewhere takes its time, too.
  for (let waited = 0, pause = PAUSE_MS; ; waited = Math.max(waited + pause, performance.now() - begun)) {
    try {
      return await backend.lock(operation, stop);
    } catch (error) {
      if (!(error instanceof LockedError) || waited >= lockTimeoutMs) throw error;
      stop.throwIfAborted();
      if (told !== error.holder.id) {
        onWait(error.holder, (lockTimeoutMs - waited) / 1000);
        told = error.holder.id;
      }
      if (backend.kind !== 'local') pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5);
      await sleep(Math.min(pause, lockTimeoutMs - waited), stop).catch((cause) => {
        stop.throwIfAborted();
        throw cause;
      });
      stop.throwIfAborted();
    }
  }
}
