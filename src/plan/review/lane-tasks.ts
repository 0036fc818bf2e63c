/**
 * A run → the lanes of its targets, each with as many of its tasks as are on the lane's game servers. Pure.
 *
 * Invariant: a number is told only where it is known that the lane has exactly those.
 */
import type { Desired } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Inventory, ObservedBatch } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import type { TimelineItem } from '../../model/timeline.ts';
import { type LaneTarget, lanesOf, type Placed } from './lanes.ts';

export interface Sight {
  readonly aliases: Desired['aliases'];
  readonly inventory: Pick<Inventory, 'fleets' | 'regions'>;
  readonly byId: ReadonlyMap<Id, ObservedBatch>;
}

export function onLanes(item: TimelineItem, spec: Spec, { aliases, inventory, byId }: Sight): Placed[] {
  const targets = lanesOf(spec, aliases, inventory);
  // All of it is there, whatever its game servers are.
  if (targets.length === 1) return [{ lane: targets[0]!.lane, item }];
  const tasksOn = seenTasks(item, byId) ?? byTargets(item, targets);
  return targets.map(({ lane, servers }) => ({
    lane,
    item: { ...item, servers: servers === null ? null : tasksOn(new Set(servers)) },
  }));
}

type TasksOn = (servers: ReadonlySet<Id>) => number | null;

/** null: not all of its tasks are in sight, or it is yet to be made. */
function seenTasks({ batchIds, servers }: TimelineItem, byId: Sight['byId']): TasksOn | null {
  const tasks = batchIds.flatMap((id) => byId.get(id)?.tasks ?? []);
  if (batchIds.length === 0 || tasks.length !== servers) return null;
  return (some) => tasks.filter(({ entityId }) => some.has(entityId)).length;
}

/** As its targets are today, if that is as many as it reaches. */
function byTargets({ servers, batchIds }: TimelineItem, targets: readonly LaneTarget[]): TasksOn {
  const all = new Set(targets.flatMap((target) => [...(target.servers ?? [])]));
  return (some) => (batchIds.length <= 1 && all.size === servers ? some.size : null);
}
