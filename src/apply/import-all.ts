/**
 * All that is live in an account → a file that asks for exactly it, and a state in which it is bound. Reads only.
 *
 * Invariant: the next plan is empty: it is made here, of what was seen, before anything is written. What it would
 * change or could not decide is left out instead. The state is written before the file, and before both a mark that an
 * import has begun: a cut leaves no file, so that no plan sees anything, and the same import begins anew; or all of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiError, isOver } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { LiveBatches } from '../model/live-batch.ts';
import type { Observation } from '../model/observed.ts';
import { emptyState } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { type LiveSelection, liveBatches } from '../plan/review/live-batches.ts';
import { questionsOf } from '../plan/think.ts';
import { noQuestions } from '../plan/world/asked.ts';
import type { StateBackend, StateLock } from '../state/backend.ts';
import { readOwn } from '../state/belongs.ts';
import { openJournal } from '../state/journal.ts';
import {
  type Attempt,
  type Before,
  type BoundAddress,
  type DraftInput,
  firstDraft,
  refuseInUse,
  settled,
  unbinds,
} from './import-drafts.ts';
import { lookUntilStill } from './import-looks.ts';

export interface ImportAllInput extends DraftInput {
  readonly name: string;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  /** Held. */
  readonly lock: StateLock;
  /** What is asked for, of the templates that there are. Throws where there is no such template. */
  readonly selection: (observation: Observation, fleetNames: ReadonlyMap<Id, string>) => LiveSelection;
  /** A file is there already: perhaps this one, of an import that was cut off. */
  readonly isThere: boolean;
  /** Puts the file there. Throws where there is another one. */
  readonly place: (text: string) => Promise<void>;
  /** That an import has begun, kept until its file is there. */
  readonly mark: ImportMark;
  readonly now: () => number;
  readonly newId: () => string;
}

export interface ImportMark {
  /** There is one, and the file that it names is not there. */
  isCut(): Promise<boolean>;
  set(): Promise<void>;
  clear(): Promise<void>;
}

export interface ImportedAll extends Pick<LiveBatches, 'leftOut' | 'ended' | 'unselected'> {
  /** false: file and state were like that already. */
  readonly isNew: boolean;
  /** In the file's order. */
  readonly bound: readonly BoundAddress[];
  /** Older batches than those in sight may be live. */
  readonly isListFull: boolean;
  /** Why fleets and regions could not be told; null: they could. */
  readonly noInventory: string | null;
}

/** Throws `import.nothing`, `import.state-in-use`, `import.undecided`, what `place` throws, or an `ApiError`. */
export async function importAll(input: ImportAllInput): Promise<ImportedAll> {
  const { api, backend, name } = input;
  const kept = await readOwn(backend, { name, api: api.origin });
  const state = kept ?? emptyState({ lineage: input.newId(), name, api: api.origin });
  const before = { state, isCut: !input.isThere && isAllImported(state) && (await input.mark.isCut()) };
  if (!input.isThere && !before.isCut) refuseInUse(state);
  const fleetNames = await namesOf(api);
  const of = (seen: Observation) => ({ ...liveBatches(seen, input.selection(seen, fleetNames)), fleetNames });
  const { settled: found, observation } = await lookUntilStill(
    input,
    async (seen) => {
      const all = of(seen);
      const made = all.batches.length === 0 ? null : await firstDraft(input, all, before, seen);
      if (made === null) return noQuestions();
      return questionsOf({ desired: made.desired, state: made.after, observation: seen, now: seen.at });
    },
    async (seen) => {
      const all = of(seen);
      return { ...all, ...(await settled(input, all, before, seen)) };
    },
    ({ made }) => made.bound.flatMap(({ batch }) => batch.ids),
  );
  const { made, leftOut, ended, unselected } = found;
  const isDone = input.isThere && isDeepStrictEqual(idsIn(state), idsIn(made.after));
  if (!isDone && !before.isCut) refuseInUse(state);
  await keep(input, made, before, kept?.serial ?? null, isDone);
  return {
    isNew: !isDone,
    bound: made.bound,
    leftOut,
    ended,
    unselected,
    isListFull: observation.batchListFull,
    noInventory: observation.inventory.homes === null ? 'the inventory did not answer' : null,
  };
}

/** A file that cannot be placed leaves a state that owns nothing: beside another file, a plan would cancel what it owns. */
async function keep(
  { backend, lock, mark, place, isThere }: ImportAllInput,
  { text, edits, after }: Attempt,
  { state }: Before,
  serial: number | null,
  isDone: boolean,
): Promise<void> {
  await lock.prove();
  const journal = openJournal(backend, lock, state, serial);
  if (isThere) {
    await place(text);
    if (!isDone) await journal.record(edits);
  } else {
    await mark.set();
    await journal.record(edits);
    try {
      await place(text);
    } catch (error) {
      await journal.record(unbinds(after)).then(mark.clear, () => {});
      await journal.end();
      throw error;
    }
  }
  await mark.clear();
}

function isAllImported({ entries, intents }: State): boolean {
  return intents.length === 0 && Object.values(entries).every(({ imported }) => imported === true);
}

/** Names are a courtesy: what does not answer leaves ids. */
async function namesOf(api: FleetApi): Promise<Map<Id, string>> {
  try {
    return new Map((await api.listFleets()).map(({ id, name }) => [id, name]));
  } catch (error) {
    if (error instanceof ApiError && !isOver(error)) return new Map();
    throw error;
  }
}

function idsIn({ entries }: State): [string, readonly Id[]][] {
  return Object.entries(entries)
    .map(([address, { batchIds }]): [string, readonly Id[]] => [address, batchIds])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
