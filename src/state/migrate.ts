/**
 * Moving a state from one place to another: a copy that does not count yet, a pointer in the old place, and then the copy
 * counts. It knows no backend.
 *
 * Invariants: both places are locked meanwhile. At any moment exactly one of the two can be worked with, or, after an
 * attempt that was cut off, at least one holds the whole, and the same command goes on.
 */
import { isDeepStrictEqual } from 'node:util';
import type { StateSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import type { StateBackend, StateLock } from './backend.ts';
import { checkBelongs, type Owner } from './belongs.ts';

export interface Migration {
  readonly from: StateBackend;
  readonly to: StateBackend;
  /** Those that lead to `to`. */
  readonly settings: StateSettings;
  readonly owner: Owner;
  /** Both held. */
  readonly locks: { readonly from: StateLock; readonly to: StateLock };
  /** What somebody else reads there: the place itself, not what this process has written to it. */
  readonly readBack: () => Promise<State | null>;
}

/** The state as it is kept now. Throws `state.nothing-to-move`, `state.occupied`, `state.unlike`, and what backends throw. */
export async function migrate({ from, to, settings, owner, locks, readBack }: Migration): Promise<State> {
  const state = await from.read();
  const there = await to.read();
  checkBelongs(state, owner, from.location);
  checkBelongs(there, owner, to.location);
  const isPointed = state?.movedTo !== undefined && there?.movingFrom !== undefined;
  if (isPointed && there.lineage === state.lineage) return counting(there, to, locks.to);
  if (state === null || state.movedTo !== undefined) throw nothingToMove(from.location, state);
  const copy = await copied(state, there, { from, to, lock: locks.to, readBack });
  const pointer: State = {
    ...bare(state),
    serial: state.serial + 1,
    entries: {},
    intents: [],
    movedTo: { location: to.location.slice(0, 2000), settings },
  };
  await from.write(pointer, { lock: locks.from, expectedSerial: state.serial });
  return counting(copy, to, locks.to);
}

interface Copying extends Pick<Migration, 'from' | 'to' | 'readBack'> {
  readonly lock: StateLock;
}

async function copied(
  state: State,
  there: State | null,
  { from, to, lock, readBack }: Copying,
): Promise<State> {
  const isLeftover = there?.movingFrom !== undefined && there.lineage === state.lineage;
  if (there !== null && there.movedTo === undefined && !isLeftover) throw occupied(to.location, there);
  const copy: State = {
    ...state,
    serial: Math.max(state.serial, there?.serial ?? 0) + 1,
    movingFrom: from.location.slice(0, 2000),
  };
  await to.write(copy, { lock, expectedSerial: there?.serial ?? null });
  if (isDeepStrictEqual(await readBack(), copy)) return copy;
  throw new FleetformError('state.unlike', `${to.location} does not give back what was written to it`, {
    hint: 'The state was not moved; it is where it was. Check that place before you try again.',
  });
}

async function counting(copy: State, to: StateBackend, lock: StateLock): Promise<State> {
  const { movingFrom, ...rest } = copy;
  const state = { ...rest, serial: copy.serial + 1 };
  await to.write(state, { lock, expectedSerial: copy.serial });
  return state;
}

function bare({ version, lineage, name, api }: State): Pick<State, 'version' | 'lineage' | 'name' | 'api'> {
  return { version, lineage, name, api };
}

function nothingToMove(location: string, state: State | null): FleetformError {
  const to = state?.movedTo;
  return new FleetformError('state.nothing-to-move', `there is no state in ${location} that could be moved`, {
    hint:
      to === undefined
        ? 'The first apply makes one, wherever the file says.'
        : `It was moved to ${to.settings.backend} (${to.location}).`,
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
