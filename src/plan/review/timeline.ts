/** Plan (or state) and observation → the timeline. Pure. */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Desired, Targets } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Inventory, Observation, ObservedBatch } from '../../model/observed.ts';
import type { Change, SkippedOccurrence } from '../../model/plan.ts';
import { entryOf, formerOwner } from '../../model/recorded.ts';
import type { Spec, State, StateEntry } from '../../model/state.ts';
import type { Timeline, TimelineItem, TimelineKind } from '../../model/timeline.ts';
import { lookAtBound } from '../world/bound.ts';
import { aliasOf, describeTargets } from '../world/targets.ts';
import { homeOf, inOrder, type Lane, type Placed } from './lanes.ts';
import { placeSkipped } from './skipped-lanes.ts';

export interface TimelineInput {
  /** Of a plan; none: only what the state knows. */
  readonly changes: readonly Change[];
  /** Default: none. */
  readonly skipped?: readonly SkippedOccurrence[];
  readonly state: State | null;
  readonly observation: Observation;
  readonly aliases: Desired['aliases'];
  /** Unix seconds. */
  readonly now: number;
}

export function timelineOf(input: TimelineInput): Timeline {
  const byId = new Map(input.observation.batches.map((batch) => [batch.id, batch]));
  const placed: Placed[] = [];
  const told = new Set<Id>();
  const addresses = new Set<string>();
  for (const change of input.changes) {
    addresses.add(change.address);
    for (const id of [...change.batchIds, ...(entryOf(input.state, change.address)?.batchIds ?? [])])
      told.add(id);
    placed.push(...placeChange(change, byId, input));
  }
  for (const [address, entry] of Object.entries(input.state?.entries ?? {})) {
    const isTold = addresses.has(address) || entry.batchIds.some((id) => told.has(id));
    for (const id of entry.batchIds) told.add(id);
    if (isTold) continue;
    const targetText = describeTargets(entry.spec, input.aliases);
    const item = existing({ address, targetText, ...entry, action: null }, byId, input.now);
    placed.push(...lanesOf(entry.spec, input.aliases).map((lane) => ({ lane, item })));
  }
  const earlier = earlierRuns(input);
  const ownerOf = formerOwner(input.state);
  for (const batch of input.observation.batches) {
    if (told.has(batch.id)) continue;
    const run = earlier.get(batch.id) ?? formerRun(batch, ownerOf(batch), input);
    const item = unbound(batch, run, input.now);
    placed.push(...lanesOfUnbound(batch, run, input).map((lane) => ({ lane, item })));
  }
  placed.push(...placeSkipped(input.skipped ?? [], placed));
  const home = homeOf(input.observation.inventory, input.aliases);
  return { now: input.now, lanes: inOrder(placed, home) };
}

/** A run of this file that is not bound any more. */
interface EarlierRun {
  /** null: no longer whose. */
  readonly address: string | null;
  /** null: what it was is not recorded anywhere any more. */
  readonly spec: Spec | null;
  readonly replacedBy?: readonly Id[];
}

/** What goes on is nobody's, whoever owned it: it is to be minded. */
function formerRun(
  batch: ObservedBatch,
  address: string | null,
  { state, now }: TimelineInput,
): EarlierRun | undefined {
  if (address === null || isLive(batchPhase(batch, now))) return undefined;
  const replacedBy = entryOf(state, address)?.batchIds ?? [];
  return { address, spec: null, ...(replacedBy.length === 0 ? {} : { replacedBy }) };
}

/** The record keeps the digest of what it was alone: what has the same one says the rest. */
function earlierRuns({ changes, state }: TimelineInput): Map<Id, EarlierRun> {
  const earlier = new Map<Id, EarlierRun>();
  for (const { digest, batchIds } of state?.ran ?? []) {
    const again = changes.find((change) => 'digest' in change && change.digest === digest);
    const bound = Object.values(state?.entries ?? {}).find((entry) => entry.digest === digest);
    const spec = again?.after ?? bound?.spec ?? null;
    for (const id of batchIds) earlier.set(id, { address: again?.address ?? null, spec });
  }
  return earlier;
}

function placeChange(change: Change, byId: ReadonlyMap<Id, ObservedBatch>, input: TimelineInput): Placed[] {
  const { aliases, now } = input;
  const on = (spec: Spec, item: TimelineItem) => lanesOf(spec, aliases).map((lane) => ({ lane, item }));
  const { action, address, targetText, batchIds } = change;
  switch (action) {
    case 'create':
      return [
        ...on(change.after, planned(change, change.after, 'add', now)),
        ...formerBatch(change, byId, input),
      ];
    case 'missed':
      return [
        ...on(change.after, planned(change, change.after, 'missed', now)),
        ...formerBatch(change, byId, input),
      ];
    case 'replace':
      return placeReplace(change, byId, aliases, now);
    case 'cancel': {
      const item = existing(
        { address, targetText, batchIds, spec: change.before, action },
        byId,
        now,
        'remove',
      );
      return change.before === null
        ? [{ lane: { kind: 'others', name: '' }, item }]
        : on(change.before, item);
    }
    case 'forget':
      return on(
        change.before,
        past(existing({ address, targetText, batchIds, spec: change.before, action: null }, byId, now)),
      );
    default: {
      const shown = action === 'no-op' ? null : action;
      return on(
        change.after,
        existing({ address, targetText, batchIds, spec: change.after, action: shown }, byId, now),
      );
    }
  }
}

/** Where only the time changes, it moves; otherwise it goes here and comes there. */
function placeReplace(
  change: Extract<Change, { action: 'replace' }>,
  byId: ReadonlyMap<Id, ObservedBatch>,
  aliases: Desired['aliases'],
  now: number,
): Placed[] {
  const { address, batchIds, before, after } = change;
  const oldLanes = lanesOf(before, aliases);
  const newLanes = lanesOf(after, aliases);
  const isSameLane = (a: Lane) => (b: Lane) => a.kind === b.kind && a.name === b.name;
  const targetText = describeTargets(before, aliases);
  const old = existing(
    { address, targetText, batchIds, spec: before, action: 'replace' },
    byId,
    now,
    'remove',
  );
  const fresh = planned(change, after, 'add', now);
  const isMove = old.at !== fresh.at;
  return [
    ...oldLanes.map((lane): Placed => {
      const moves = isMove && newLanes.some(isSameLane(lane));
      return { lane, item: moves ? { ...old, kind: 'move-from', otherEnd: fresh.at } : old };
    }),
    ...newLanes.map((lane): Placed => {
      const moves = isMove && oldLanes.some(isSameLane(lane));
      return { lane, item: moves ? { ...fresh, kind: 'move-to', otherEnd: old.at } : fresh };
    }),
  ];
}

/** A batch that is over may stand where another is made, or was meant to be: that one ran, where it ran. */
function formerBatch(
  { address, batchIds: former }: Change,
  byId: ReadonlyMap<Id, ObservedBatch>,
  { state, aliases, now }: TimelineInput,
): Placed[] {
  const entry = entryOf(state, address) ?? entryWith(state, former);
  if (entry === undefined || !entry.batchIds.some((id) => byId.has(id))) return [];
  const { spec, batchIds } = entry;
  const targetText = describeTargets(spec, aliases);
  const item = past(existing({ address, targetText, batchIds, spec, action: null }, byId, now));
  return lanesOf(spec, aliases).map((lane) => ({ lane, item }));
}

/** Under its old name, where it has been moved. */
function entryWith(state: State | null, ids: readonly Id[]): StateEntry | undefined {
  return Object.values(state?.entries ?? {}).find(({ batchIds }) => batchIds.some((id) => ids.includes(id)));
}

function planned(
  change: Extract<Change, { after: Spec }>,
  spec: Spec,
  kind: TimelineKind,
  now: number,
): TimelineItem {
  return {
    kind,
    address: change.address,
    isPast: false,
    action: change.action,
    template: spec.template.name,
    batchIds: [],
    at: spec.executeAt ?? now,
    until: null,
    otherEnd: null,
    phase: null,
    servers: change.servers,
    targetText: change.targetText,
  };
}

interface Subject {
  readonly address: string;
  readonly targetText: string;
  readonly batchIds: readonly Id[];
  /** null: nobody knows. */
  readonly spec: Spec | null;
  readonly action: TimelineItem['action'];
}

function existing(
  { address, targetText, batchIds, spec, action }: Subject,
  byId: ReadonlyMap<Id, ObservedBatch>,
  now: number,
  kind?: TimelineKind,
): TimelineItem {
  const bound = lookAtBound(batchIds, byId, now);
  const [first] = bound.batches;
  const ends = bound.batches.map((batch) => batch.finishedAt);
  return {
    kind: kind ?? kindOfPhase(bound.phase),
    address,
    isPast: false,
    action,
    template: spec?.template.name ?? first?.templateName ?? null,
    batchIds,
    at: spec?.executeAt ?? first?.executeAt ?? first?.createdAt ?? now,
    until: ends.includes(null) || ends.length === 0 ? null : Math.max(...ends.map((end) => end ?? 0)),
    otherEnd: null,
    phase: bound.phase,
    servers: bound.phase === 'unknown' ? null : bound.servers,
    targetText,
  };
}

/** What is over counts as past, whatever may still be open on it: it is not what an address stands for. */
function past(item: TimelineItem): TimelineItem {
  return { ...item, isPast: item.kind === 'ran' };
}

function unbound(batch: ObservedBatch, run: EarlierRun | undefined, now: number): TimelineItem {
  const phase = batchPhase(batch, now);
  return {
    kind: kindOfPhase(phase),
    address: run?.address ?? null,
    isPast: run !== undefined || !isLive(phase),
    action: null,
    template: batch.templateName,
    batchIds: [batch.id],
    at: batch.executeAt ?? batch.createdAt ?? now,
    until: batch.finishedAt,
    otherEnd: null,
    phase,
    servers: batch.numTasks,
    targetText: '',
    ...(run?.replacedBy === undefined ? {} : { replacedBy: run.replacedBy }),
  };
}

function kindOfPhase(phase: TimelineItem['phase']): TimelineKind {
  if (phase === 'scheduled' || phase === 'running') return phase;
  return 'ran';
}

/** Game servers of one batch that have lanes of their own. */
const MOST_NAMED = 3;

export function lanesOf(spec: Targets, aliases: Desired['aliases']): Lane[] {
  const named = (kind: 'fleet' | 'region', known: Readonly<Record<string, Id>>, id: Id): Lane => ({
    kind,
    name: aliasOf(known, id),
  });
  return [
    ...spec.fleets.map((id) => named('fleet', aliases.fleets, id)),
    ...spec.regions.map((id) => named('region', aliases.regions, id)),
    ...(spec.instances.length > MOST_NAMED
      ? [{ kind: 'instances', name: '' } as const]
      : spec.instances.map((id) => ({ kind: 'instance', name: id }) as const)),
    ...(spec.labels.length > 0 ? [{ kind: 'labels', name: '' } as const] : []),
  ];
}

/** Once the tasks of a batch have left the list, only the record tells whose it was, and where. */
function lanesOfUnbound(batch: ObservedBatch, run: EarlierRun | undefined, input: TimelineInput): Lane[] {
  if (run?.spec != null) return lanesOf(run.spec, input.aliases);
  const lane = laneOfStranger(batch, input);
  return [run !== undefined && lane.kind === 'others' ? { kind: 'earlier', name: '' } : lane];
}

/** By its tasks: the fleet or region that holds most of the game servers that were looked at. */
function laneOfStranger(batch: ObservedBatch, { observation, aliases }: TimelineInput): Lane {
  const entities = new Set(batch.tasks.map((task) => task.entityId));
  const holds = (all: Inventory['fleets']) =>
    Object.entries(all).find(([, ids]) => ids.filter((id) => entities.has(id)).length > entities.size / 2);
  const fleet = holds(observation.inventory.fleets);
  if (fleet !== undefined) return { kind: 'fleet', name: aliasOf(aliases.fleets, fleet[0]) };
  const region = holds(observation.inventory.regions);
  if (region !== undefined) return { kind: 'region', name: aliasOf(aliases.regions, region[0]) };
  return { kind: 'others', name: '' };
}
