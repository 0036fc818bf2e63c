/**
 * Moving a state from one place to another: copy, check, leave a pointer. It knows no backend.
 *
 * Invariants: both places are locked meanwhile. The pointer is written last, and only after the copy was read back as
 * it was written; so at any moment at least one of the two holds the whole, and an attempt that was cut off is made
 * again from the start.
 */
import { isDeepStrictEqual } from 'node:util';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import type { StateBackend, StateLock } from './backend.ts';
import { checkBelongs, type Owner } from './belongs.ts';

export interface Migration {
  readonly from: StateBackend;
  readonly to: StateBackend;
  readonly owner: Owner;
  /** Both held. */
  readonly locks: { readonly from: StateLock; readonly to: StateLock };
}

/** The state as it is kept now. Throws `state.nothing-to-move`, `state.occupied`, `state.unlike`, and what backends throw. */
export async function migrate({ from, to, owner, locks }: Migration): Promise<State> {
  const state = await from.read();
  const there = await to.read();
  checkBelongs(state, owner, from.location);
  checkBelongs(there, owner, to.location);
  if (state === null || state.movedTo !== undefined) throw nothingToMove(from.location, state);
  const copy = await copied(state, there, to, locks.to);
  const pointer: State = {
    version: state.version,
    lineage: state.lineage,
    serial: state.serial + 1,
    name: state.name,
    api: state.api,
    entries: {},
    intents: [],
    movedTo: `${to.kind} (${to.location})`,
  };
  await from.write(pointer, { lock: locks.from, expectedSerial: state.serial });
  return copy;
}

async function copied(state: State, there: State | null, to: StateBackend, lock: StateLock): Promise<State> {
  // An earlier attempt got as far as that.
  if (there !== null && isCopy(there, state)) return there;
  if (there !== null && there.movedTo === undefined) throw occupied(to.location, there);
  const copy = { ...state, serial: Math.max(state.serial, there?.serial ?? 0) + 1 };
  await to.write(copy, { lock, expectedSerial: there?.serial ?? null });
  const kept = await to.read();
  if (!isDeepStrictEqual(kept, copy)) {
    throw new FleetformError('state.unlike', `${to.location} does not give back what was written to it`, {
      hint: 'The state was not moved; it is where it was. Check that place before you try again.',
    });
  }
  return copy;
}

function isCopy(there: State, state: State): boolean {
  return isDeepStrictEqual({ ...there, serial: 0 }, { ...state, serial: 0 });
}

function nothingToMove(location: string, state: State | null): FleetformError {
  return new FleetformError('state.nothing-to-move', `there is no state in ${location} that could be moved`, {
    hint:
      state?.movedTo === undefined
        ? 'The first apply makes one, wherever the file says.'
        : `It was moved to ${state.movedTo}.`,
  });
}

function occupied(location: string, { serial, entries }: State): FleetformError {
  return new FleetformError(
    'state.occupied',
    `${location} already holds a state (serial ${serial}, addresses: ${Object.keys(entries).length})`,
    {
      hint: 'Nothing was changed. If it is of no use any more, delete it there; `fleetform state pull` keeps a copy.',
    },
  );
}
