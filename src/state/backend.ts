/** What every place that keeps a state can do. One conformance suite tests them all. */
import type { HeldLock } from '../lock/lock.ts';
import type { BackendKind, StateSettings } from '../model/desired.ts';
import type { LockHolder, LockInspection, NamedLock } from '../model/lock-holder.ts';
import type { State, StateVersion } from '../model/state.ts';
import type { Edit } from './edits.ts';
import type { Pace } from './pace.ts';

export { LockedError } from '../lock/lock.ts';
export { holderText, type LockHolder, type NamedLock } from '../model/lock-holder.ts';
export type { StateVersion } from '../model/state.ts';
/** The lock of a state, as its holder has it. */
export type StateLock = HeldLock;

/** What a write is based on; without it nothing is written. */
export interface WriteProof {
  readonly lock: StateLock;
  /** The serial of the state that is replaced; null: there must be none. */
  readonly expectedSerial: number | null;
}

/** What has changed since the state that is kept. */
export interface Addition {
  /** Of the state with it. */
  readonly serial: number;
  readonly edits: readonly Edit[];
  /** The state with it, made where it is needed: that costs what is recorded, and not what was edited. */
  whole(): State;
}

/**
 * Everything may throw `state.unreachable` where the place does not answer, and `state.denied` where it lets nobody in;
 * the message names the place, the hint says what to do.
 */
export interface StateBackend {
  /** `custom`: a storage of the caller's own. */
  readonly kind: BackendKind | 'custom';
  /** For people: where it is kept. No credential is part of it. */
  readonly location: string;
  /** null: none exists yet. Throws `state.invalid` when what is there is no state. It may end early at `stop`. */
  read(stop?: AbortSignal): Promise<State | null>;
  /**
   * Whole or not at all, and only for the holder of the lock: throws `state.lock-lost` or `state.lock-unproven` where
   * that is not proven at this moment, and `state.serial` where another state is kept than the one expected. A write
   * that threw anything else may have been done.
   */
  write(state: State, proof: WriteProof): Promise<void>;
  /**
   * The same promises as `write`, at the cost of what is edited; for who has written under this lock. The next `write`
   * leaves nothing of it but the state. Absent: every write is a whole one.
   */
  readonly append?: (addition: Addition, proof: WriteProof) => Promise<void>;
  /** Whether `append` has left more than the state itself, be it of a holder that is gone. Absent: it never does. */
  readonly isAppendedTo?: () => Promise<boolean>;
  /** Absent: a write costs so little that none waits for others. */
  readonly pace?: Pace;
  /** Throws a `LockedError` when another holds it, and the reason of `stop` once that is aborted. */
  lock(operation: string, stop?: AbortSignal): Promise<StateLock>;
  /** Who holds it, and how many seconds ago the holder last showed a sign of life. */
  inspectLock(): Promise<LockInspection | null>;
  /** Removes exactly that lock. Throws `state.no-such-lock`, and unless it `isForced` `state.lock-alive`. */
  forceUnlock(id: string, isForced: boolean): Promise<LockHolder>;
  /** Absent: it keeps the newest state alone. */
  readonly history?: StateHistory;
  /** Absent: it knows of no lock but that of its own state. */
  readonly locks?: LockList;
  /** Absent: there is one state of a name in such a place. */
  readonly siblings?: StateSiblings;
  /** Ends what it has open. Nothing may be asked of it afterwards. */
  close(): Promise<void>;
}

/** What a backend can that keeps older versions. */
export interface StateHistory {
  /** The newest first, so many at most. */
  versions(limit: number): Promise<readonly StateVersion[]>;
  /** null: it is not kept, or not any more. */
  at(serial: number): Promise<State | null>;
}

/** What a backend can that knows of other states in its place. */
export interface StateSiblings {
  /** The states in the same place that other settings would lead to. */
  list(): Promise<readonly Sibling[]>;
}

/** Another state in the same place, and the settings that lead to it. */
export interface Sibling {
  readonly settings: StateSettings;
  readonly state: State;
}

/** What a backend can that knows of every lock in its place. */
export interface LockList {
  /** Of every state that is kept in the same place, by its name. */
  list(): Promise<readonly NamedLock[]>;
}
