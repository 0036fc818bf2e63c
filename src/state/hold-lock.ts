/**
 * A lock that has been taken is given back, whatever becomes of the work under it.
 *
 * Invariant: that it could not be given back hides neither what the work has come to nor what it has failed with.
 */
import { byCommand } from '../lock/unlock-words.ts';
import { FleetformError } from '../model/errors.ts';
import { machineError } from '../model/machine-error.ts';
import type { StateLock } from './backend.ts';

/** Of this process. */
const held = new Set<StateLock>();

/** `onStuck`: told that the lock could not be given back. */
export async function holding<T>(
  lock: StateLock,
  onStuck: (error: FleetformError) => void,
  work: () => Promise<T>,
): Promise<T> {
  held.add(lock);
  try {
    return await work();
  } finally {
    held.delete(lock);
    await lock.release().catch((error) => onStuck(lockStuck(lock, error)));
  }
}

/** For when the work under them will never go on. */
export async function releaseHeld(onStuck: (error: FleetformError) => void): Promise<void> {
  for (const lock of held) {
    held.delete(lock);
    await lock.release().catch((error) => onStuck(lockStuck(lock, error)));
  }
}

function lockStuck({ holder }: StateLock, cause: unknown): FleetformError {
  const { message } = machineError(cause) ?? (cause instanceof Error ? cause : new Error(String(cause)));
  return new FleetformError('state.lock-stuck', `the lock could not be released: ${message}`, {
    hint:
      'What was done is told above; nothing more will be. ' +
      (cause instanceof FleetformError && cause.code.startsWith('state.') && cause.hint !== undefined
        ? cause.hint
        : `If the next command finds the state locked by this one: ${byCommand(holder.id)}.`),
    cause,
  });
}
