/** What a lock is, wherever it is kept: who holds it, and how the holder knows that it still does. */
import { FleetformError } from '../model/errors.ts';
import { holderText, type LockHolder, signText } from '../model/lock-holder.ts';
import { safeText } from '../model/safe-text.ts';
import { byCommand } from './unlock-words.ts';

export type { LockHolder, LockInspection } from '../model/lock-holder.ts';

/** A lock that this process has taken. Release it. */
export interface HeldLock {
  readonly holder: LockHolder;
  /** The dead holder that this lock was taken over from. */
  readonly takenOverFrom: LockHolder | null;
  /** Aborts as soon as the holder finds that it is the holder no more; the reason is a `state.lock-lost`. */
  readonly lost: AbortSignal;
  /**
   * Looks now, and shows a sign of life. Throws `state.lock-lost` when another has it or nobody, and
   * `state.lock-unproven` when that cannot be told.
   */
  prove(): Promise<void>;
  /** Leaves alone what is not its own any more. */
  release(): Promise<void>;
}

/** Who waits for a lock is a command or a program. */
export const WAIT = '`--lock-timeout DURATION`, or `lockTimeoutMs` of an apply in a program';

/** Another holds the lock of the state; nothing was done. */
export class LockedError extends FleetformError {
  override readonly name = 'LockedError';
  readonly holder: LockHolder;

  constructor(holder: LockHolder, silentSeconds: number | null, location: string, unlock = byCommand) {
    super(
      'state.locked',
      `the state is locked by ${holderText(holder)} since ${holder.since}, ` +
        `for ${holder.operation}; ${signText(silentSeconds)} (${location})`,
      {
        hint: `Wait for it (${WAIT}). Only if that process is definitely gone: ${unlock(holder.id)}.`,
      },
    );
    this.holder = holder;
  }
}

export function lockLost(location: string, why: string): FleetformError {
  return new FleetformError('state.lock-lost', `the lock was lost: ${location} ${why}`, {
    hint: 'Nothing has been recorded since. Find out who is working on this state, then run this again: it checks first and sends nothing twice.',
  });
}

export function lockUnproven(location: string, cause: unknown): FleetformError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new FleetformError(
    'state.lock-unproven',
    `cannot tell whether the lock is still held: ${location} cannot be read (${code ?? message})`,
    {
      hint: 'Nothing has been recorded since. Run this again: it checks first and sends nothing twice.',
      cause,
    },
  );
}

export function lockAlive(
  holder: LockHolder,
  silentSeconds: number | null,
  unlock = byCommand,
): FleetformError {
  return new FleetformError(
    'state.lock-alive',
    `the lock ${holder.id} is held by ${holderText(holder)}, ${signText(silentSeconds)}`,
    {
      hint:
        'Nothing was changed. Stop that process, or wait until it is done. ' +
        `To take its lock anyway: ${unlock(holder.id, true)}; it stops when it notices.`,
    },
  );
}

export function noSuchLock(id: string, current: LockHolder | null): FleetformError {
  return new FleetformError('state.no-such-lock', `no lock with the id ${safeText(id, 100)} exists`, {
    hint:
      current === null
        ? 'The state is not locked.'
        : `The current lock is ${current.id} (${holderText(current)}).`,
  });
}
