/** Takes the state's lock, or waits for it as long as the caller said. */
import type { ApplyEvent } from '../model/apply-events.ts';
import { LockedError, type StateBackend, type StateLock } from '../state/backend.ts';
import { pause } from './doubt.ts';
import { InterruptedError } from './errors.ts';

export interface LockWait {
  /** Milliseconds; default 0: another's lock is an error at once. */
  readonly lockTimeoutMs?: number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly emit: (event: ApplyEvent) => void;
  readonly stop: AbortSignal;
}

const PAUSE_MS = 500;

/** Throws the `LockedError` that names the holder, or an `InterruptedError`. */
export async function waitForLock(
  backend: StateBackend,
  operation: string,
  wait: LockWait,
): Promise<StateLock> {
  const timeout = wait.lockTimeoutMs ?? 0;
  let told = '';
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      return await backend.lock(operation, wait.stop);
    } catch (error) {
      if (wait.stop.aborted && wait.stop.reason === error) throw new InterruptedError();
      if (!(error instanceof LockedError) || waited >= timeout) throw error;
      if (wait.stop.aborted) throw new InterruptedError();
      if (told !== error.holder.id) {
        const reason = `the state is locked by ${error.holder.who} (process ${error.holder.pid}, ${error.holder.operation})`;
        wait.emit({ type: 'waiting', reason, seconds: (timeout - waited) / 1000 });
        told = error.holder.id;
      }
      if (!(await pause(wait, Math.min(PAUSE_MS, timeout - waited)))) throw new InterruptedError();
    }
  }
}
