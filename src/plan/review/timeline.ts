/** Plan (or state) and observation → the timeline. Pure. */
import type { Desired } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Observation, ObservedBatch } from '../../model/observed.ts';
import type { Change, SkippedOccurrence } from '../../model/plan.ts';
import { entryOf } from '../../model/recorded.ts';
import type { Spec, State, StateEntry } from '../../model/state.ts';
import type { Timeline, TimelineItem } from '../../model/timeline.ts';
import { describeTargets } from '../world/targets.ts';
import { homeOf, inOrder, type Lane, lanesOf, type Placed } from './lanes.ts';
import { placeSkipped } from './skipped-lanes.ts';
import { existing, past, planned } from './timeline-items.ts';
import { placeUnbound } from './unbound-batches.ts';

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
  placed.push(...placeUnbound(told, input));
  placed.push(...placeSkipped(input.skipped ?? [], placed));
  const home = homeOf(input.observation.inventory, input.aliases);
  return { now: input.now, lanes: inOrder(placed, home) };
}

/** What is not in `byId` is told as the change says. */
export function placeChange(
  change: Change,
  byId: ReadonlyMap<Id, ObservedBatch>,
  input: Pick<TimelineInput, 'state' | 'aliases' | 'now'>,
): Placed[] {
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
        { address, targetText, batchIds, spec: change.before, action, said: change },
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
        existing(
          { address, targetText, batchIds, spec: change.after, action: shown, said: change },
          byId,
          now,
        ),
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
    { address, targetText, batchIds, spec: before, action: 'replace', said: change },
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
  { state, aliases, now }: Pick<TimelineInput, 'state' | 'aliases' | 'now'>,
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
