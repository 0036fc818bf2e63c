/** Plan (or state) and observation → the timeline. Pure. */
import type { Desired } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Observation } from '../../model/observed.ts';
import type { Change, SkippedOccurrence } from '../../model/plan.ts';
import { entryOf } from '../../model/recorded.ts';
import type { Spec, State, StateEntry } from '../../model/state.ts';
import type { Timeline, TimelineItem } from '../../model/timeline.ts';
import { describeTargets } from '../world/targets.ts';
import { onLanes, type Sight } from './lane-tasks.ts';
import { homeOf, inOrder, type Placed } from './lanes.ts';
import { placeSkipped } from './skipped-lanes.ts';
import { batchRun, existing, past, planned } from './timeline-items.ts';
import { placeUnbound } from './unbound-batches.ts';

/** What the timeline shows: planned, recorded and observed. */
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

/** What runs where and when, before and after a plan. */
export function timelineOf(input: TimelineInput): Timeline {
  const byId = new Map(input.observation.batches.map((batch) => [batch.id, batch]));
  const sight = { aliases: input.aliases, inventory: input.observation.inventory, byId };
  const placed: Placed[] = [];
  const told = new Set<Id>();
  const addresses = new Set<string>();
  for (const change of input.changes) {
    addresses.add(change.address);
    for (const id of [...change.batchIds, ...(entryOf(input.state, change.address)?.batchIds ?? [])])
      told.add(id);
    placed.push(...placeChange(change, sight, input));
  }
  for (const [address, entry] of Object.entries(input.state?.entries ?? {})) {
    const isTold = addresses.has(address) || entry.batchIds.some((id) => told.has(id));
    for (const id of entry.batchIds) told.add(id);
    if (isTold) continue;
    const targetText = describeTargets(entry.spec, input.aliases);
    const item = existing({ address, targetText, ...entry, action: null }, byId, input.now);
    placed.push(...onLanes(item, entry.spec, sight));
  }
  placed.push(...placeUnbound(told, input));
  placed.push(...placeSkipped(input.skipped ?? [], placed));
  const home = homeOf(input.observation.inventory, input.aliases);
  return { now: input.now, lanes: inOrder(placed, home) };
}

/** What is not in sight is told as the change says. */
export function placeChange(
  change: Change,
  sight: Sight,
  input: Pick<TimelineInput, 'state' | 'now'>,
): Placed[] {
  const { now } = input;
  const { byId } = sight;
  const on = (spec: Spec, item: TimelineItem) => onLanes(item, spec, sight);
  const { action, address, targetText, batchIds } = change;
  switch (action) {
    case 'create':
      return [
        ...on(change.after, planned(change, change.after, 'add', now)),
        ...formerBatch(change, sight, input),
      ];
    case 'missed':
      return [
        ...on(change.after, planned(change, change.after, 'missed', now)),
        ...formerBatch(change, sight, input),
      ];
    case 'replace':
      return placeReplace(change, sight, now);
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

/** What goes and what comes; where both are on one lane, `lanes.ts` tells whether it moves. */
function placeReplace(change: Extract<Change, { action: 'replace' }>, sight: Sight, now: number): Placed[] {
  const { address, batchIds, before, after } = change;
  const targetText = describeTargets(before, sight.aliases);
  const subject = { address, targetText, batchIds, spec: before, action: 'replace', said: change } as const;
  return [
    ...onLanes(existing(subject, sight.byId, now, 'remove'), before, sight),
    ...onLanes(planned(change, after, 'add', now), after, sight),
  ];
}

/** A batch that is over may stand where another is made, or was meant to be: that one ran, where it ran. */
function formerBatch(
  { address, batchIds: former }: Change,
  sight: Sight,
  { state, now }: Pick<TimelineInput, 'state' | 'now'>,
): Placed[] {
  const { byId, aliases } = sight;
  const entry = entryOf(state, address) ?? entryWith(state, former);
  if (entry === undefined || !entry.batchIds.some((id) => byId.has(id))) return [];
  const { spec, batchIds } = entry;
  const targetText = describeTargets(spec, aliases);
  const item = past(existing({ address, targetText, batchIds, spec, action: null }, byId, now));
  return onLanes({ ...item, run: batchRun(batchIds) }, spec, sight);
}

/** Under its old name, where it has been moved. */
function entryWith(state: State | null, ids: readonly Id[]): StateEntry | undefined {
  return Object.values(state?.entries ?? {}).find(({ batchIds }) => batchIds.some((id) => ids.includes(id)));
}
