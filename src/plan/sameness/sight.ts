/**
 * How far a look reaches, and what a record knows of. Lists come late, show the last `LIST_LIMIT`, and may be answered
 * by a copy that is behind, or by an empty answer that is none: what such a list lacks is not absent.
 */
import type { Id } from '../../model/ids.ts';
import {
  type Batch,
  isFullList,
  LIST_LIMIT,
  type Listed,
  type Observation,
  type ServerHistory,
} from '../../model/observed.ts';
import type { Intent, KnownSight, State, StateEntry } from '../../model/state.ts';
import { DOUBT_TOLERANCE } from './times.ts';

/**
 * `overrun`: full, and nothing in it was there before: what was made since may have left it again. `behind`: it lacks
 * what was in sight before, or what was made before; it heals. `clear`: it shows all that was made since.
 */
export type Sight = 'clear' | 'overrun' | 'behind';

type Seen = readonly Pick<Batch, 'id' | 'createdAt'>[];

/** One answer of the list of batches. */
export interface BatchList {
  readonly batches: Seen;
  /** About as many as the API reports: older ones may be out of sight. */
  readonly isFull: boolean;
  /** `createdAt` of the newest of them. */
  readonly newest: number | null;
}

/** One answer may lack rows: a list that is three quarters full may be a full one. */
export const NEARLY_FULL = LIST_LIMIT * 0.75;

export function mayBeFull(listed: Listed<unknown>): boolean {
  return isFullList(listed) || listed.length >= NEARLY_FULL;
}

export function batchListOf({ batches, listed, batchListFull, newestListed }: Observation): BatchList {
  const ids = new Set(listed);
  const isFull = batchListFull || mayBeFull([...listed]);
  return { batches: batches.filter(({ id }) => ids.has(id)), isFull, newest: newestListed };
}

export function sightOf(intent: SentAfter, list: BatchList): Sight {
  if (isPoorer(list.newest, intent.newest)) return 'behind';
  return reachesBack(list, boundsOf(intent)) ? 'clear' : 'overrun';
}

type SentAfter = Pick<Intent, 'newest' | 'seen' | 'follows'>;

/** What was there before it was sent. */
export function boundsOf({ newest, seen, follows }: SentAfter): Pick<Known, 'newest' | 'ids'> {
  return { newest, ids: new Set(follows === undefined ? seen : [...seen, follows]) };
}

/** Of the newest batch of two lists: the first lacks what the second showed. A list never gets older. */
export function isPoorer(newest: number | null, thanNewest: number | null): boolean {
  return thanNewest !== null && (newest === null || newest < thanNewest);
}

/** Whatever was made after that sight is in this list: it is not full, or something older is still in it. */
export function reachesBack(
  { batches, isFull }: BatchList,
  { newest, ids }: Pick<Known, 'newest' | 'ids'>,
): boolean {
  if (!isFull) return true;
  return batches.some(
    ({ id, createdAt }) =>
      ids.has(id) || (newest !== null && createdAt !== null && createdAt <= newest - DOUBT_TOLERANCE),
  );
}

/** `made`: batches that certainly exist, made shortly before. Out of a full list newer ones may have pushed them. */
export function lacksMade({ batches, isFull }: BatchList, made: readonly Id[]): boolean {
  if (isFull || made.length === 0) return false;
  const ids = new Set(batches.map((batch) => batch.id));
  return made.some((id) => !ids.has(id));
}

/** `KnownSight`, ready to be asked. */
export interface Known {
  readonly newest: number | null;
  readonly ids: ReadonlySet<Id>;
  readonly open: ReadonlySet<Id>;
  readonly unsure: ReadonlySet<string>;
}

/**
 * What a record knows of. One of an older fleetform tells it only by when it last bound something: whatever was in
 * sight then was known, though not by its id. null: no apply has looked yet, as where a lost record was begun again with
 * imports; then it knows of nothing but what it binds.
 */
export function knownBy(state: Pick<State, 'sight' | 'entries' | 'intents'>): Known | null {
  const { sight, intents } = state;
  const entries = Object.values(state.entries).filter(({ imported }) => imported !== true);
  if (sight === undefined && entries.length + intents.length === 0) return null;
  const times = [
    sight?.newest ?? null,
    ...intents.map(({ newest }) => newest),
    ...entries.flatMap(({ stamps }) => Object.values(stamps ?? {}).map(({ createdAt }) => createdAt)),
    ...(sight === undefined ? entries.map(({ createdAt }) => createdAt + DOUBT_TOLERANCE) : []),
  ];
  return {
    newest: newestOf(times.map((createdAt) => ({ createdAt }))),
    ids: new Set([
      ...(sight?.ids ?? []),
      ...entries.flatMap(({ batchIds }) => batchIds),
      ...intents.flatMap(({ seen }) => seen),
    ]),
    open: new Set(sight?.open ?? []),
    unsure: new Set(sight?.unsure ?? []),
  };
}

/** Made after that sight, as far as ids and the clocks of the API's nodes tell. */
export function isNewerThan({ newest, ids, open }: Known, { id, createdAt }: Seen[number]): boolean {
  if (open.has(id)) return true;
  return !ids.has(id) && isNear(createdAt, newest);
}

/** Once the entries are let go of: whether their batches are still wanted is in question again. null: nothing is known. */
export function sightWithout(
  state: Pick<State, 'sight' | 'entries' | 'intents'>,
  gone: readonly StateEntry[],
): KnownSight | null {
  const known = knownBy(state);
  if (known === null || gone.length === 0) return null;
  return {
    newest: known.newest,
    ids: [...known.ids],
    open: [...new Set([...known.open, ...gone.flatMap(({ batchIds }) => batchIds)])],
    unsure: [...new Set([...known.unsure, ...gone.map(({ digest }) => digest)])],
  };
}

/** What the record knows of from now on: all that is observed, but for what is in question. */
export function sightAfter(
  before: Known | null,
  seen: Seen,
  { open, unsure }: Pick<Known, 'open' | 'unsure'>,
): KnownSight {
  const certain = seen.filter(({ id }) => !open.has(id));
  const newest = newestOf([...certain, { createdAt: before?.newest ?? null }]);
  const ids = certain.filter(({ createdAt }) => isNear(createdAt, newest)).map(({ id }) => id);
  return {
    newest,
    ids,
    ...(open.size === 0 ? {} : { open: [...open] }),
    ...(unsure.size === 0 ? {} : { unsure: [...unsure] }),
  };
}

/** Not certainly older: the clocks of two nodes may be that far apart. */
function isNear(createdAt: number | null, newest: number | null): boolean {
  return newest === null || createdAt === null || createdAt > newest - DOUBT_TOLERANCE;
}

/** By the API's clock. */
export function newestOf(batches: readonly Pick<Batch, 'createdAt'>[]): number | null {
  let newest: number | null = null;
  for (const { createdAt } of batches) {
    if (createdAt !== null && (newest === null || createdAt > newest)) newest = createdAt;
  }
  return newest;
}

export function laterOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

export function oldestOf(batches: readonly Pick<Batch, 'createdAt'>[]): number | null {
  let oldest: number | null = null;
  for (const { createdAt } of batches) {
    if (createdAt !== null && (oldest === null || createdAt < oldest)) oldest = createdAt;
  }
  return oldest;
}

/**
 * Does what is reported for a game server go back to before that? It has a task of a batch that is known, or certainly older:
 * so the server was there, and nothing of it since is out of sight.
 */
export function reachesOlder(
  { tasks }: ServerHistory,
  { newest, ids }: Pick<Known, 'newest' | 'ids'>,
  byId: ReadonlyMap<Id, Pick<Batch, 'createdAt'>>,
): boolean {
  return tasks.some(({ batchId, executeAt }) => {
    const createdAt = byId.get(batchId)?.createdAt ?? executeAt;
    return (
      ids.has(batchId) || (newest !== null && createdAt !== null && createdAt < newest - DOUBT_TOLERANCE)
    );
  });
}
