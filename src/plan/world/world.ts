/**
 * Everything that a plan looks up, looked up once: what is wanted with its digests, what is recorded and under which
 * address, what is observed. All folders of `plan/` share it. Whatever is asked of it that it does not know is noted in
 * `asked`; an answer that is missing is never taken for a no.
 */
import { covers, isSelected, parseOccurrence } from '../../model/addresses.ts';
import { batchPhase, isLive, isShownTooOld } from '../../model/batch-phase.ts';
import type { Desired, DesiredBatch, DesiredBlock } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { Observation, ObservedBatch } from '../../model/observed.ts';
import type { Plan, PlanScope, SkippedOccurrence } from '../../model/plan.ts';
import { ownedBatches } from '../../model/recorded.ts';
import type { State, StateEntry } from '../../model/state.ts';
import type { Frozen } from '../../schedule/frozen-runs.ts';
import type { Present, RecordedRun } from '../../schedule/present.ts';
import { type Wanted as WantedNow, wantedBatches } from '../../schedule/wanted.ts';
import { type Asked, noQuestions, TASKS_OF, type TaskLook } from './asked.ts';
import { mayHaveRun } from './begun.ts';
import { type Bound, isBoundLive, lookAtBound } from './bound.ts';
import { freezeVerdicts, unknownTemplates } from './freeze-verdicts.ts';
import { inventoryOf } from './inventory.ts';
import { isKnownOver, witnessesOf } from './over.ts';
import { type ResolvedBatch, resolveBatches, scheduledTwins } from './spec.ts';
import { type TargetServers, targetServers } from './target-servers.ts';
import { type TemplateNames, templateNames } from './templates.ts';

/** What is asked for: by a whole file, or by the part of it that a look is about. */
export type Wanted = Pick<Desired, 'blocks' | 'freezes' | 'claims' | 'aliases'>;

/** For a look that is about the record alone. */
export const NOTHING_WANTED: Wanted = {
  blocks: [],
  freezes: [],
  claims: { templates: [] },
  aliases: { fleets: {}, regions: {} },
};

export function wantedAlone(block: DesiredBlock, { aliases }: Wanted): Wanted {
  return { ...NOTHING_WANTED, blocks: [block], aliases };
}

export interface WorldInput {
  readonly desired: Wanted;
  /** Its `moved` list is done already. null: none exists. */
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds, by the API's clock. */
  readonly now: number;
  /** Seconds for which a write without a clear answer is in doubt. */
  readonly settle: number;
  /** Seconds for which whoever asks has looked on since others sent anything. Default 0. */
  readonly watched?: number;
  readonly mode: Plan['mode'];
  readonly scope: PlanScope;
}

export interface World extends WorldInput, TargetServers {
  /** What the file asks for; nothing, where all is to be destroyed. */
  readonly wanted: readonly DesiredBatch[];
  readonly named: ReadonlySet<string>;
  /** Occurrences that a freeze covers, by their time. */
  readonly skipped: readonly SkippedOccurrence[];
  /** The addresses of schedules' blocks; none, where all is to be destroyed. */
  readonly scheduled: ReadonlySet<string>;
  /** By address: what the file asks for, and begins in a freeze. */
  readonly frozen: ReadonlyMap<string, Frozen>;
  /** Occurrences that a freeze has kept from running, and that can no longer be made. */
  readonly passed: readonly string[];
  readonly freezeAt: WantedNow['freezeAt'];
  /** The next freeze that concerns a run which begins at that moment. */
  readonly freezeAfter: WantedNow['freezeAfter'];
  /** Those of them whose template the API knows, in the file's order. */
  readonly runs: readonly ResolvedBatch[];
  /** What the file asks for, also where all is to be destroyed. */
  readonly inFile: readonly DesiredBatch[];
  /** Those of them whose template the API knows. */
  runsInFile(): readonly ResolvedBatch[];
  readonly byId: ReadonlyMap<Id, ObservedBatch>;
  readonly missing: ReadonlySet<Id>;
  readonly names: TemplateNames;
  /** About templates and their params, schedules and freezes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly asked: Asked;
  /** Do --target and --exclude leave it in? */
  isSelected(address: string): boolean;
  /** Does --replace mean it? */
  isToReplace(address: string): boolean;
  /** What is seen of the batches of an entry; of one that is trusted and not in sight, what is recorded. */
  bound(entry: StateEntry): Bound;
  /** Its record is as good as a look: under `--refresh=false`, and of what is over for good and nothing is done to. */
  isTrusted(entry: StateEntry): boolean;
  /** Asks for a batch that nothing has shown yet. */
  wantBatch(id: Id): void;
  /** Asks for the tasks of a batch, where they are not all known. */
  wantTasks(batch: ObservedBatch, look: TaskLook): void;
}

export function createWorld(input: WorldInput): World {
  const { observation, state, scope } = input;
  const byId = new Map(observation.batches.map((batch) => [batch.id, batch]));
  const missing = new Set(observation.missing);
  const asked = noQuestions();
  const inventory = inventoryOf(observation);

  const isToReplace = (address: string) => scope.replaces.some((one) => covers(one, address));
  const toReplace = new Set(
    Object.entries(state?.entries ?? {}).flatMap(([address, entry]) => (isToReplace(address) ? entry : [])),
  );
  const isTrusted = (entry: StateEntry) =>
    !scope.refresh || (input.mode !== 'refresh-only' && isKnownOver(entry) && !toReplace.has(entry));
  const bound = memo((entry: StateEntry) => {
    if (!isTrusted(entry)) {
      for (const id of entry.batchIds) if (!byId.has(id) && !missing.has(id)) asked.batches.add(id);
    }
    return lookAtBound(entry.batchIds, byId, input.now, isTrusted(entry) ? entry.phase : undefined);
  });
  if (scope.refresh) {
    const witnesses = witnessesOf(Object.values(state?.entries ?? {}), isTrusted, (id) => byId.has(id));
    for (const id of witnesses) if (!missing.has(id)) asked.batches.add(id);
  }
  const reach = targetServers({ observation, inventory, byId, missing, asked });
  const present: Present = {
    now: input.now,
    recorded: recordedRuns(state, bound, input.now),
    seen: unownedTimes(observation, state, input.now),
    marks: state?.schedules ?? {},
    verdictOf: freezeVerdicts({
      templates: observation.templates,
      inventory,
      servers: reach.servers,
      askForHomes() {
        if (observation.inventory.homes === null) asked.homes = true;
      },
    }),
  };
  const inFile = wantedBatches(input.desired, present);
  const wanted = input.mode === 'destroy' ? NOTHING : inFile;
  const { resolved, diagnostics } = resolveBatches(wanted.batches, observation.templates);
  return {
    ...input,
    ...reach,
    wanted: wanted.batches,
    skipped: wanted.skipped,
    scheduled: scheduledBlocks(input),
    frozen: wanted.frozen,
    passed: wanted.passed,
    freezeAt: wanted.freezeAt,
    freezeAfter: wanted.freezeAfter,
    named: new Set(wanted.batches.map((batch) => batch.address)),
    runs: resolved,
    inFile: inFile.batches,
    runsInFile: () =>
      wanted === inFile ? resolved : resolveBatches(inFile.batches, observation.templates).resolved,
    byId,
    missing,
    names: templateNames(observation.templates, state),
    diagnostics: [
      ...wanted.diagnostics,
      ...(input.mode === 'normal' ? unknownTemplates(input.desired.freezes, observation.templates) : []),
      ...diagnostics,
      ...scheduledTwins(resolved),
    ],
    asked,
    isSelected: (address) => isSelected(scope, address),
    isToReplace,
    bound,
    isTrusted,
    wantBatch(id) {
      if (!byId.has(id) && !missing.has(id)) asked.batches.add(id);
    },
    wantTasks(batch, look) {
      const enough = Math.min(TASKS_OF[look], Math.max(batch.taskIds.length, batch.numTasks));
      const known = look === 'all' ? batch.tasks.filter((task) => !isShownTooOld(task, batch)) : batch.tasks;
      const before = asked.tasks.get(batch.id);
      const isAsked = before !== undefined && TASKS_OF[before] >= TASKS_OF[look];
      if (known.length < enough && !isAsked) asked.tasks.set(batch.id, look);
    },
  };
}

const NOTHING: WantedNow = {
  batches: [],
  skipped: [],
  frozen: new Map(),
  diagnostics: [],
  passed: [],
  freezeAt: () => null,
  freezeAfter: () => null,
};

function scheduledBlocks({ desired, mode }: WorldInput): Set<string> {
  const blocks = mode === 'destroy' ? [] : desired.blocks;
  return new Set(blocks.flatMap(({ address, when }) => (when.kind === 'schedule' ? address : [])));
}

/** Of what is in doubt it is unknown: it may be, and may have begun. */
function recordedRuns(
  state: State | null,
  bound: (entry: StateEntry) => Bound,
  now: number,
): Map<string, RecordedRun> {
  const live = new Map<string, RecordedRun>();
  for (const { address, spec } of state?.intents ?? [])
    live.set(address, { isLive: true, hasBegun: spec.executeAt === null || spec.executeAt <= now });
  for (const [address, entry] of Object.entries(state?.entries ?? {})) {
    if (parseOccurrence(address) === null || live.has(address)) continue;
    const seen = bound(entry);
    live.set(address, { isLive: isBoundLive(seen), hasBegun: mayHaveRun(entry, seen, now) });
  }
  return live;
}

/** When the live batches run that nobody owns. */
function unownedTimes({ batches }: Observation, state: State | null, now: number): number[] {
  const owned = ownedBatches(state);
  return batches.flatMap((batch) =>
    batch.executeAt !== null && !owned.has(batch.id) && isLive(batchPhase(batch, now)) ? batch.executeAt : [],
  );
}

/** Each step asks what is bound to an entry, and it is the same throughout. */
function memo<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = work(key);
    known.set(key, answer);
    return answer;
  };
}
