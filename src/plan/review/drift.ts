/** What happened to the bound batches outside fleetform: for `plan --refresh-only`. Pure. */
import { batchPhase, isFinalTask } from '../../model/batch-phase.ts';
import { compareIds, compareText, type Id } from '../../model/ids.ts';
import type { ObservedBatch, Task } from '../../model/observed.ts';
import type { Drift } from '../../model/plan.ts';
import type { StateEntry } from '../../model/state.ts';
import { type Bound, isBoundLive } from '../world/bound.ts';
import type { World } from '../world/world.ts';

/** Game servers, and texts, that one finding names. */
const NAMED = 100;

/** By address; entries of which nothing is to be told are not in it. `isPaused`: does the file ask for that? */
export function findDrift(world: World, isPaused: (address: string) => boolean): Drift[] {
  return Object.entries(world.state?.entries ?? {})
    .sort((a, b) => compareText(a[0], b[0]))
    .flatMap(([address, entry]) => driftOf(address, entry, world, isPaused));
}

function driftOf(
  address: string,
  entry: StateEntry,
  world: World,
  isPaused: (address: string) => boolean,
): Drift[] {
  const bound = world.bound(entry);
  const about = { address, batchIds: entry.batchIds, total: bound.servers ?? 0 };
  if (bound.phase === 'unknown') {
    return [{ ...about, kind: 'vanished', count: 0, servers: [], texts: [] }];
  }
  // Who failed, who was cancelled or paused, who is not covered: only the tasks can tell.
  for (const seen of bound.batches) if (batchPhase(seen, world.now) !== 'done') world.wantTasks(seen, 'all');
  const tasks = bound.batches.flatMap((batch) => batch.tasks);
  const found: Drift[] = [];
  const { cancelled, paused, failed } = bound.tasks;
  if (cancelled > 0) found.push({ ...about, kind: 'cancelled', ...named(tasks, ['cancelled'], cancelled) });
  if (paused > 0 && !isPaused(address)) {
    found.push({ ...about, kind: 'paused', ...named(tasks, ['paused'], paused) });
  }
  const going = bound.tasks.pending + bound.tasks.running;
  if (going > 0 && isPaused(address) && isBoundLive(bound)) {
    found.push({ ...about, kind: 'resumed', ...named(tasks, ['pending', 'running'], going) });
  }
  if (failed > 0) found.push({ ...about, kind: 'failed', ...named(tasks, ['failed'], failed) });
  const uncovered = uncoveredServers(entry, bound, world);
  if (uncovered.length > 0) {
    const servers = uncovered.slice(0, NAMED);
    const total = (bound.servers ?? 0) + uncovered.length;
    found.push({ ...about, kind: 'uncovered', count: uncovered.length, total, servers, texts: [] });
  }
  return found;
}

function named(
  tasks: readonly Task[],
  phases: readonly Task['phase'][],
  count: number,
): Pick<Drift, 'count' | 'servers' | 'texts'> {
  const seen = tasks
    .filter((task) => phases.includes(task.phase))
    .sort((a, b) => compareIds(a.entityId, b.entityId))
    .slice(0, NAMED);
  const texts = !phases.includes('failed')
    ? []
    : seen.map((task) => ({ server: task.entityId, text: task.resultText }));
  return { count, servers: seen.map((task) => task.entityId), texts };
}

/**
 * A batch's tasks were made for the game servers of its day. Only of a batch that has not begun, and of whose tasks
 * all are known, can be said whom it will not reach.
 */
function uncoveredServers({ spec }: StateEntry, bound: Bound, world: World): Id[] {
  if (bound.phase !== 'scheduled') return [];
  world.servers(spec);
  const isPending = bound.batches.every((batch) => batch.tasks.every((task) => !isFinalTask(task)));
  const isWhollySeen = bound.batches.every((batch: ObservedBatch) => batch.tasks.length >= batch.numTasks);
  if (!isPending || !isWhollySeen) return [];
  const covered = new Set(bound.batches.flatMap((batch) => batch.tasks.map((task) => task.entityId)));
  const { fleets, regions } = world.observation.inventory;
  const today = new Set([
    ...spec.fleets.flatMap((id) => fleets[id] ?? []),
    ...spec.regions.flatMap((id) => regions[id] ?? []),
  ]);
  return [...today].filter((id) => !covered.has(id)).sort(compareIds);
}
