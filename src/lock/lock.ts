/** What a lock is, wherever it is kept: who holds it, and how the holder knows that it still does. */
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';

export interface LockHolder {
  readonly id: string;
  /** `user@host`. Safe to show, as `since` and `operation` are; `host` is as the system has it. */
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** The command that holds it: `apply`, `destroy`, … */
  readonly operation: string;
}

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

export interface LockInspection {
  readonly holder: LockHolder;
  /** Since its last sign of life, by the clock of the place that keeps the lock. */
  readonly silentSeconds: number;
}

export class LockedError extends FleetformError {
  override readonly name = 'LockedError';
  readonly holder: LockHolder;

  constructor(holder: LockHolder, silentSeconds: number, location: string) {
    super(
      'state.locked',
      `the state is locked by ${holderText(holder)} since ${holder.since}, ` +
        `for ${holder.operation}; last heartbeat ${silentSeconds} s ago (${location})`,
      {
        hint:
          'Wait for it with --lock-timeout DURATION. Only if that process is definitely gone: ' +
          `\`fleetform force-unlock ${holder.id}\`.`,
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

export function lockAlive(holder: LockHolder, silentSeconds: number): FleetformError {
  return new FleetformError(
    'state.lock-alive',
    `the lock ${holder.id} is held by ${holderText(holder)}, last heartbeat ${silentSeconds} s ago`,
    {
      hint:
        'Nothing was changed. Stop that process, or wait until it is done. ' +
        `To take its lock anyway: \`fleetform force-unlock ${holder.id} --force\`; it stops when it notices.`,
    },
  );
}

export function holderText({ who, pid, host }: LockHolder): string {
  return `${who} (process ${pid} on ${safeText(host, 300)})`;
}
