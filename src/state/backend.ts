/** What every place that keeps a state can do. One conformance suite tests them all. */
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';

export interface LockHolder {
  readonly id: string;
  /** `user@host` */
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** The command that holds it: `apply`, `destroy`, … */
  readonly operation: string;
}

export interface StateLock {
  readonly holder: LockHolder;
  /** The dead holder that this lock was taken over from. */
  readonly takenOverFrom: LockHolder | null;
  release(): Promise<void>;
}

export interface StateBackend {
  /** For people: where it is kept. */
  readonly location: string;
  /** null: none exists yet. Throws `state.invalid` when what is there is no state. */
  read(): Promise<State | null>;
  /** Whole or not at all. Only the holder of the lock writes. */
  write(state: State): Promise<void>;
  /** Throws a `LockedError` when another holds it. */
  lock(operation: string): Promise<StateLock>;
  /** Who holds it, and how many seconds ago the holder last showed a sign of life. */
  inspectLock(): Promise<{ readonly holder: LockHolder; readonly silentSeconds: number } | null>;
  /** Removes exactly that lock. Throws `state.no-such-lock`. */
  forceUnlock(id: string): Promise<LockHolder>;
}

export class LockedError extends FleetformError {
  override readonly name = 'LockedError';
  readonly holder: LockHolder;

  constructor(holder: LockHolder, silentSeconds: number, location: string) {
    super(
      'state.locked',
      `the state is locked by ${holder.who} (process ${holder.pid} on ${holder.host}) since ${holder.since}, ` +
        `for ${holder.operation}; last sign of life ${silentSeconds} s ago (${location})`,
      {
        hint:
          'Wait for it with --lock-timeout DURATION. Only if that process is certainly gone: ' +
          `\`fleetform force-unlock ${holder.id}\`.`,
      },
    );
    this.holder = holder;
  }
}
