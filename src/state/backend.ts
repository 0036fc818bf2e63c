/** What every place that keeps a state can do. One conformance suite tests them all. */
import type { HeldLock, LockHolder, LockInspection } from '../lock/lock.ts';
import type { State } from '../model/state.ts';

export { holderText, LockedError, type LockHolder } from '../lock/lock.ts';
export type StateLock = HeldLock;

export interface WriteProof {
  readonly lock: StateLock;
  /** The serial of the state that is replaced; null: there must be none. */
  readonly expectedSerial: number | null;
}

export interface StateBackend {
  /** For people: where it is kept. */
  readonly location: string;
  /** null: none exists yet. Throws `state.invalid` when what is there is no state. */
  read(): Promise<State | null>;
  /**
   * Whole or not at all, and only for the holder of the lock: throws `state.lock-lost` or `state.lock-unproven` where
   * that is not proven at this moment, and `state.serial` where another state is kept than the one expected.
   */
  write(state: State, proof: WriteProof): Promise<void>;
  /** Throws a `LockedError` when another holds it, and the reason of `stop` once that is aborted. */
  lock(operation: string, stop?: AbortSignal): Promise<StateLock>;
  /** Who holds it, and how many seconds ago the holder last showed a sign of life. */
  inspectLock(): Promise<LockInspection | null>;
  /** Removes exactly that lock. Throws `state.no-such-lock`, and unless it `isForced` `state.lock-alive`. */
  forceUnlock(id: string, isForced: boolean): Promise<LockHolder>;
}
