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
import { byMethod } from '../../lock/unlock-words.ts';
import type { Env } from '../../model/env.ts';
import type { LockInspection } from '../../model/lock-holder.ts';
import type { State } from '../../model/state.ts';
import type { StateBackend } from '../backend.ts';
import { otherSerial } from '../errors.ts';
import { paceBy } from '../pace.ts';
import { parseState, stateToJson } from '../state-json.ts';
import { CellError, type StateCell, sureCell } from './cell-change.ts';
import type { CellLock, CellText } from './cell-text.ts';
import { type KeptLock, keptLock, type LockKeeper } from './kept-lock.ts';
import { GONE, nowOf, refuseUnheld } from './loss.ts';
import { givenBack, stillLocked } from './lost-answer.ts';

/** The clocks and periods that the lock is kept by; each has a default. */
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
  /** So long the storage is left alone after it failed, before each further try, in milliseconds; default 250, 1,000, 2,000. */
  readonly pausesMs?: readonly number[];
  /** What the storage has not answered by then counts as failed without an answer, in milliseconds; default 60,000. */
  readonly timeoutMs?: number;
}

interface Hold {
  readonly kept: KeptLock;
  /** Serials of writes that may still be done. */
  readonly late: Set<number>;
}

/** What the cell throws is the `cause` of `state.unreachable`; a `FleetformError` of its own keeps its code and words. */
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
  const held = new Map<string, Hold>();
  const { look, change } = sureCell(cell, {
    pausesMs: options.pausesMs ?? [250, 1000, 2000],
    timeoutMs: options.timeoutMs ?? 60_000,
  });

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
      release: () => release(id),
    };
  }

  function release(id: string, pausesMs = options.pausesMs): Promise<void> {
    return change(
      (found) => (found.lock?.record.id === id ? { ...found, lock: null } : null),
      pausesMs === undefined ? {} : { pausesMs },
    );
  }

  return {
    kind: 'custom',
    location,
    pace: paceBy(timing.monotonic),
    async read(stop) {
      const { state } = await look({ stop });
      return state === null ? null : parseState(state, location);
    },
    async write(state: State, { lock, expectedSerial }) {
      const mine = held.get(lock.holder.id);
      if (mine === undefined) return refuseUnheld(lock, location);
      const { kept, late } = mine;
      kept.lost.throwIfAborted();
      const since = timing.monotonic();
      const text = stateToJson(state);
      try {
        await change((found, isRepeat) => {
          if (found.lock === null) throw kept.lose(GONE);
          if (found.lock.record.id !== lock.holder.id) throw kept.lose(nowOf(found.lock.record));
          // Done, and a sign of life has come after it.
          if (isRepeat && found.state === text) return null;
          const serial = found.state === null ? null : parseState(found.state, location).serial;
          const isOwn = serial !== null && serial < state.serial && late.has(serial);
          if (serial !== expectedSerial && !isOwn) throw otherSerial(location, serial, expectedSerial);
          return { state: text, lock: { ...found.lock, beat: clock() } };
        });
      } catch (error) {
        if (error instanceof CellError && error.mayBeDone) late.add(state.serial);
        throw error;
      }
      kept.confirm(since);
    },
    async lock(operation, stop) {
      const identity = await ownIdentity();
      const holder = { id: randomUUID(), ...describeHolder(operation, env) };
      const { id } = holder;
      const take = change(
        (found) => {
          stop?.throwIfAborted();
          if (found.lock === null)
            return { ...found, lock: { record: { ...holder, ...identity }, beat: clock() } };
          // A swap whose answer got lost.
          if (found.lock.record.id === id) return null;
          throw new LockedError(found.lock.record, silence(found.lock), location, byMethod);
        },
        { stop },
      );
      await take.catch(async (error) => {
        // It may have been taken, and nobody would give it back.
        const isInDoubt = stop?.aborted === true || (error instanceof CellError && error.mayBeDone);
        throw isInDoubt ? await givenBack(error, id, () => release(id, []), byMethod) : error;
      });
      const kept = keptLock(keeperOf(id), holder, location, timing);
      held.set(id, { kept, late: new Set() });
      return {
        ...kept,
        release() {
          held.delete(id);
          return kept.release().catch((error) => {
            throw stillLocked(error, id, byMethod);
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
          unlock: byMethod,
        };
        if (!isForced) await refuseAlive({ ...suspect, showsLife: true });
        return { ...found, lock: null };
      });
      return lock.record;
    },
    close: async () => cell.close?.(),
  };
}
