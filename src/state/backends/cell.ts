/**
 * The state in any storage that keeps one text and can replace it by compare-and-swap: an object store with ETags, a
 * key-value store, a row. The text holds state and lock together.
 *
 * Invariants: every change is one swap, from exactly what was read; so of two who change it at once, one finds that it
 * came too late and looks again. Nobody takes over a lock by themselves (`kept-lock.ts`).
 */
import { randomUUID } from 'node:crypto';
import { describeHolder } from '../../lock/holder.ts';
import { LockedError, noSuchLock } from '../../lock/lock.ts';
import { refuseAlive } from '../../lock/may-remove.ts';
import { ownIdentity } from '../../lock/process-identity.ts';
import type { Env } from '../../model/env.ts';
import type { LockInspection } from '../../model/lock-holder.ts';
import type { State } from '../../model/state.ts';
import type { StateBackend } from '../backend.ts';
import { otherSerial } from '../errors.ts';
import { paceBy } from '../pace.ts';
import { parseState, stateToJson } from '../state-json.ts';
import { type CellLock, type CellText, cellIn, cellToText } from './cell-text.ts';
import { type KeptLock, keptLock, type LockKeeper } from './kept-lock.ts';
import { GONE, nowOf, refuseUnheld } from './loss.ts';
import { stillLocked } from './lost-answer.ts';

/** What one's own storage has to do: keep one text for one state. */
export interface StateCell {
  /** For people: where it is. No credential may be part of it. */
  readonly location: string;
  /** The text that was put last; null: none was yet. Rejects where that cannot be told. */
  get(): Promise<string | null>;
  /**
   * Puts `text` where exactly `expected` is (null: where nothing is), in one step that no other change comes between.
   * false: something else is there, and nothing was changed. Rejects where the outcome is not known: then it is looked
   * at again.
   */
  swap(expected: string | null, text: string): Promise<boolean>;
  /** Ends what it has open. */
  close?(): Promise<void>;
}

export interface CellOptions {
  /** For the name of the lock's holder: in a CI job its starter, page and commit; default: none of these. */
  readonly env?: Env;
  /** Unix milliseconds: dates the holder's signs of life; default: this machine's clock. */
  readonly clock?: () => number;
  /** Milliseconds that only ever grow; default: `performance.now`. */
  readonly monotonic?: () => number;
  /** How often a holder shows that it lives, in milliseconds; default 10,000. */
  readonly heartbeatMs?: number;
  /** A holder that has been silent for longer may be gone, in milliseconds; default 65,000. */
  readonly silentMs?: number;
  /** For so long a proof that the lock is held is good, in milliseconds; default 2,000. */
  readonly freshMs?: number;
}

/** So often a swap is lost to others before it is given up. */
const MOST_ROUNDS = 20;

/** Everything it does may reject with what the cell throws. */
export function cellBackend(cell: StateCell, options: CellOptions = {}): StateBackend {
  const { location } = cell;
  const { env = {}, clock = Date.now } = options;
  const timing = {
    heartbeatMs: options.heartbeatMs ?? 10_000,
    silentMs: options.silentMs ?? 65_000,
    freshMs: options.freshMs ?? 2000,
    monotonic: options.monotonic ?? (() => performance.now()),
    wall: clock,
  };
  const held = new Map<string, KeptLock>();

  async function look(): Promise<CellText> {
    return cellIn(await cell.get(), location);
  }

  /** `change`: from what is there to what shall be; null: nothing shall. What it throws ends it. */
  async function change(
    next: (found: CellText) => CellText | null | Promise<CellText | null>,
  ): Promise<void> {
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const text = await cell.get();
      const made = await next(cellIn(text, location));
      if (made === null || (await cell.swap(text, cellToText(made)))) return;
    }
    throw new Error(`${location} changes all the time: ${MOST_ROUNDS} swaps in a row came too late`);
  }

  const silence = (lock: CellLock) => Math.max(0, Math.round((clock() - lock.beat) / 1000));
  const inspected = (lock: CellLock | null): LockInspection | null =>
    lock === null ? null : { holder: lock.record, silentSeconds: silence(lock) };

  function keeperOf(id: string): LockKeeper {
    const why = ({ lock }: CellText) =>
      lock === null ? GONE : lock.record.id === id ? null : nowOf(lock.record);
    return {
      look: async () => why(await look()),
      async beat() {
        let lost: string | null = null;
        await change((found) => {
          lost = why(found);
          return found.lock === null || lost !== null
            ? null
            : { ...found, lock: { ...found.lock, beat: clock() } };
        });
        return lost;
      },
      release: () => change((found) => (found.lock?.record.id === id ? { ...found, lock: null } : null)),
    };
  }

  return {
    kind: 'custom',
    location,
    pace: paceBy(timing.monotonic),
    async read() {
      const { state } = await look();
      return state === null ? null : parseState(state, location);
    },
    async write(state: State, { lock, expectedSerial }) {
      const mine = held.get(lock.holder.id);
      if (mine === undefined) return refuseUnheld(lock, location);
      mine.lost.throwIfAborted();
      const since = timing.monotonic();
      await change((found) => {
        if (found.lock === null) throw mine.lose(GONE);
        if (found.lock.record.id !== lock.holder.id) throw mine.lose(nowOf(found.lock.record));
        const serial = found.state === null ? null : parseState(found.state, location).serial;
        if (serial !== expectedSerial) throw otherSerial(location, serial, expectedSerial);
        return { state: stateToJson(state), lock: { ...found.lock, beat: clock() } };
      });
      mine.confirm(since);
    },
    async lock(operation, stop) {
      const identity = await ownIdentity();
      const holder = { id: randomUUID(), ...describeHolder(operation, env) };
      await change((found) => {
        stop?.throwIfAborted();
        if (found.lock === null)
          return { ...found, lock: { record: { ...holder, ...identity }, beat: clock() } };
        // A swap whose answer got lost.
        if (found.lock.record.id === holder.id) return null;
        throw new LockedError(found.lock.record, silence(found.lock), location);
      });
      const lock = keptLock(keeperOf(holder.id), holder, location, timing);
      held.set(holder.id, lock);
      return {
        ...lock,
        release() {
          held.delete(holder.id);
          return lock.release().catch((error) => {
            throw stillLocked(error, holder.id);
          });
        },
      };
    },
    inspectLock: async () => inspected((await look()).lock),
    async forceUnlock(id, isForced) {
      const { lock } = await look();
      if (lock?.record.id !== id) throw noSuchLock(id, lock?.record ?? null);
      await change(async (found) => {
        if (found.lock?.record.id !== id) return null;
        const { record, beat } = found.lock;
        const suspect = {
          holder: record,
          identity: record,
          silentMs: clock() - beat,
          limitMs: timing.silentMs,
        };
        if (!isForced) await refuseAlive({ ...suspect, showsLife: true });
        return { ...found, lock: null };
      });
      return lock.record;
    },
    close: async () => cell.close?.(),
  };
}
