/**
 * All that is live in an account → a file that asks for exactly it, and a state in which it is bound. Reads only.
 *
 * Invariant: the next plan is empty: it is made here, of what was seen, before anything is written. What it would
 * change or could not decide is left out instead. The file is written first: without the state, a plan finds by
 * evidence what the file asks for; a state without the file would cancel what it owns.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiError, isOver } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { Desired } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { LeftOut, LiveBatch, LiveBatches } from '../model/live-batch.ts';
import type { Observation } from '../model/observed.ts';
import { boundEntry, emptyState } from '../model/recorded.ts';
import type { State, StateEntry } from '../model/state.ts';
import { listed } from '../model/suggest.ts';
import { look } from '../observe/observe.ts';
import { plan, questionsOf } from '../plan/plan.ts';
import { type LiveSelection, liveBatches, liveIn, meaningOf } from '../plan/review/live-batches.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { type Asked, noQuestions } from '../plan/world/asked.ts';
import { lookAtBound } from '../plan/world/bound.ts';
import { createWorld } from '../plan/world/world.ts';
import type { StateBackend, StateLock } from '../state/backend.ts';
import { readOwn } from '../state/belongs.ts';
import { type Edit, edited } from '../state/edits.ts';
import { openJournal } from '../state/journal.ts';

export interface ImportAllInput {
  readonly name: string;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  /** Held. */
  readonly lock: StateLock;
  /** What is asked for, of the templates that there are. Throws where there is no such template. */
  readonly selection: (observation: Observation) => LiveSelection;
  /** What the file would be, and what it asks for. */
  readonly draft: (found: FoundForFile) => Promise<Draft>;
  /** A file is there already: perhaps this one, of an import that was cut off. */
  readonly isThere: boolean;
  /** Puts the file there. Throws where there is another one. */
  readonly place: (text: string) => Promise<void>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly fleetformVersion: string;
}

export interface FoundForFile extends Pick<LiveBatches, 'batches' | 'leftOut'> {
  readonly fleetNames: ReadonlyMap<Id, string>;
  readonly isAmbiguous: (templateName: string) => boolean;
}

export interface Draft {
  readonly text: string;
  readonly desired: Desired;
}

export interface BoundAddress {
  readonly address: string;
  readonly batch: LiveBatch;
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
  const { api, backend, lock, name } = input;
  const kept = await readOwn(backend, { name, api: api.origin });
  const begun = kept ?? emptyState({ lineage: input.newId(), name, api: api.origin });
  if (!input.isThere) refuseInUse(begun);
  const fleetNames = await namesOf(api);
  const closer = closeLook();
  const observation = await look(api, input.now, async (seen) => {
    const near = closer(seen);
    if (near !== null) return near;
    const found = liveBatches(seen, input.selection(seen));
    if (found.batches.length === 0) return noQuestions();
    const made = await attempt(input, { ...found, fleetNames }, begun, seen);
    return questionsOf({ desired: made.desired, state: made.after, observation: seen, now: seen.at });
  });
  const all = liveBatches(observation, input.selection(observation));
  const { made, leftOut } = await settled(input, { ...all, fleetNames }, begun, observation);
  const isDone = isDeepStrictEqual(idsIn(begun), idsIn(made.after));
  if (!isDone) refuseInUse(begun);
  await lock.prove();
  await input.place(made.text);
  if (!isDone) await openJournal(backend, lock, begun, kept?.serial ?? null).record(made.edits);
  return {
    isNew: !isDone || !input.isThere,
    bound: made.bound,
    leftOut,
    ended: all.ended,
    unselected: all.unselected,
    isListFull: observation.batchListFull,
    noInventory: observation.inventory.homes === null ? 'the inventory did not answer' : null,
  };
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

/** What has to be known of the live ones before anything can be said of them, each asked once; null: nothing more. */
function closeLook(): (seen: Observation) => Asked | null {
  const done = new Set<Id>();
  let isFirst = true;
  return (seen) => {
    const asked = noQuestions();
    for (const { id } of liveIn(seen)) if (!done.has(id)) asked.tasks.set(id, 'all');
    for (const id of asked.tasks.keys()) done.add(id);
    asked.homes = isFirst;
    isFirst = false;
    return asked.homes || asked.tasks.size > 0 ? asked : null;
  };
}

interface Attempt extends Draft {
  readonly bound: readonly BoundAddress[];
  readonly edits: readonly Edit[];
  readonly after: State;
}

type Found = Pick<LiveBatches, 'batches' | 'leftOut'> & { readonly fleetNames: ReadonlyMap<Id, string> };

async function attempt(
  { draft }: ImportAllInput,
  found: Found,
  begun: State,
  observation: Observation,
): Promise<Attempt> {
  const { templates } = observation;
  const isAmbiguous = (name: string) => templates.filter((one) => one.name === name).length !== 1;
  const made = await draft({ ...found, isAmbiguous });
  const world = createWorld({
    desired: made.desired,
    state: null,
    observation,
    now: observation.at,
    settle: 0,
    mode: 'normal',
    scope: WHOLE,
  });
  const byMeaning = new Map(
    found.batches.map((one) => [meaningOf(one.template.id, one.executeAt, one.targets), one]),
  );
  const bound: BoundAddress[] = [];
  const edits = world.runs.flatMap((run): Edit[] => {
    const { spec, digest, desired } = run;
    const batch = byMeaning.get(meaningOf(spec.template.id, spec.executeAt, spec));
    if (batch === undefined) return [];
    const { address, preventCancel } = desired;
    bound.push({ address, batch });
    const seen = batch.ids.map((id) => world.byId.get(id)!);
    const { phase } = lookAtBound(batch.ids, world.byId, world.now, 'scheduled');
    const known = { spec, digest, preventCancel, notAfter: null };
    const entry: StateEntry = { ...boundEntry(known, seen, { createdAt: world.now, phase }), imported: true };
    return [{ kind: 'bind', address, entry }];
  });
  return { ...made, bound, edits, after: edited(begun, edits) };
}

/** What a plan would still do something about, or cannot decide, is left out, until it has nothing left to say. */
async function settled(
  input: ImportAllInput,
  all: Found,
  begun: State,
  observation: Observation,
): Promise<{ made: Attempt; leftOut: readonly LeftOut[] }> {
  let { batches, leftOut } = all;
  for (;;) {
    if (batches.length === 0) throw nothing(leftOut);
    const made = await attempt(input, { ...all, batches, leftOut }, begun, observation);
    const open = openOf(input, made, observation);
    if (open.size === 0) return { made, leftOut };
    const out = made.bound.filter(({ address }) => open.has(address));
    const isOut = new Set(out.map(({ batch }) => batch));
    if (out.length === 0) {
      refuseInUse(begun);
      throw new FleetformError(
        'import.undecided',
        `nothing was written: the next plan would not be empty: ${[...open.values()].join('; ')}`,
        {
          hint: 'Select a part of it with --template or --fleet, or write the blocks and bind each with `fleetform import ADDRESS BATCHID`.',
        },
      );
    }
    leftOut = [
      ...leftOut,
      ...out.flatMap(({ address, batch }) =>
        batch.ids.map((id): LeftOut => ({ id, code: 'unsettled', reason: open.get(address)! })),
      ),
    ];
    batches = batches.filter((batch) => !isOut.has(batch));
  }
}

/** By address, or by message where it has none: why the plan is not empty. */
function openOf(
  { api, fleetformVersion }: ImportAllInput,
  { desired, after }: Attempt,
  observation: Observation,
): Map<string, string> {
  const made = plan({
    desired,
    state: after,
    observation,
    now: observation.at,
    fleetformVersion,
    api: api.origin,
  });
  const open = new Map<string, string>();
  for (const { action, address } of made.changes)
    if (action !== 'no-op') open.set(address, `a plan would ${action} it`);
  for (const { severity, address, message } of made.diagnostics)
    if (severity === 'error') open.set(address ?? message, message);
  return open;
}

function nothing(leftOut: readonly LeftOut[]): FleetformError {
  const why = leftOut.map(({ id, reason }) => `batch ${id}: ${reason}`);
  return new FleetformError(
    'import.nothing',
    leftOut.length === 0
      ? 'there is no live batch to import'
      : `none of the live batches can be imported: ${listed(why, 5)}`,
    {
      hint:
        leftOut.length === 0
          ? 'Nothing was written. `fleetform init` writes a first file.'
          : 'Nothing was written. Write a block for each, and bind it with `fleetform import ADDRESS BATCHID`.',
    },
  );
}

function idsIn({ entries }: State): [string, readonly Id[]][] {
  return Object.entries(entries)
    .map(([address, { batchIds }]): [string, readonly Id[]] => [address, batchIds])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Beside a file that does not name them, a plan would cancel them. Throws `import.state-in-use`. */
function refuseInUse({ entries, intents, name }: State): void {
  const addresses = [...Object.keys(entries), ...intents.map(({ address }) => address)];
  if (addresses.length === 0) return;
  throw new FleetformError(
    'import.state-in-use',
    `the state of "${name}" already has ${listed(addresses, 5)}, which the new file would not ask for`,
    {
      hint: 'Nothing was written. Give the new file another name with --name, or bind single batches to your file with `fleetform import ADDRESS BATCHID`.',
    },
  );
}
