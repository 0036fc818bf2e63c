/** What happened to the bound batches outside of fleetform: for `plan --refresh-only`. Pure. */
import { isFinalTask } from '../../model/batch-phase.ts';
import { compareIds, compareText, type Id } from '../../model/ids.ts';
import type { Inventory, ObservedBatch, Task } from '../../model/observed.ts';
import type { Drift } from '../../model/plan.ts';
import type { Spec, State, StateEntry } from '../../model/state.ts';
import { type Bound, lookAtBound } from '../world/bound.ts';

export interface DriftInput {
  readonly state: State | null;
  readonly byId: ReadonlyMap<Id, ObservedBatch>;
  readonly inventory: Inventory;
  /** Unix seconds. */
  readonly now: number;
  /** Does the file ask for that address to be paused? */
  isPaused(address: string): boolean;
}

/** Game servers, and texts, that one finding names. */
const NAMED = 100;

/** By address; the state's entries of which nothing is to be told are not in it. */
export function findDrift(input: DriftInput): Drift[] {
  return Object.entries(input.state?.entries ?? {})
    .sort((a, b) => compareText(a[0], b[0]))
    .flatMap(([address, entry]) => driftOf(address, entry, input));
}

function driftOf(address: string, entry: StateEntry, input: DriftInput): Drift[] {
  const bound = lookAtBound(entry.batchIds, input.byId, input.now);
  const about = { address, batchIds: entry.batchIds, total: bound.servers ?? 0 };
  if (bound.phase === 'unknown') {
    return [{ ...about, kind: 'vanished', count: 0, servers: [], texts: [] }];
  }
  const tasks = bound.batches.flatMap((batch) => batch.tasks);
  const found: Drift[] = [];
  const { cancelled, paused, failed } = bound.tasks;
  if (cancelled > 0) found.push({ ...about, kind: 'cancelled', ...named(tasks, 'cancelled', cancelled) });
  if (paused > 0 && !input.isPaused(address)) {
    found.push({ ...about, kind: 'paused', ...named(tasks, 'paused', paused) });
  }
  if (failed > 0) found.push({ ...about, kind: 'failed', ...named(tasks, 'failed', failed) });
  const uncovered = uncoveredServers(entry.spec, bound, input.inventory);
  if (uncovered.length > 0) {
    const servers = uncovered.slice(0, NAMED);
    const total = (bound.servers ?? 0) + uncovered.length;
    found.push({ ...about, kind: 'uncovered', count: uncovered.length, total, servers, texts: [] });
  }
  return found;
}

function named(
  tasks: readonly Task[],
  phase: Task['phase'],
  count: number,
): Pick<Drift, 'count' | 'servers' | 'texts'> {
  const seen = tasks
    .filter((task) => task.phase === phase)
    .sort((a, b) => compareIds(a.entityId, b.entityId))
    .slice(0, NAMED);
  const texts =
    phase !== 'failed' ? [] : seen.map((task) => ({ server: task.entityId, text: task.resultText }));
  return { count, servers: seen.map((task) => task.entityId), texts };
}

/**
 * A batch's tasks were made for the game servers of its day. Only of a batch that has not begun, and of whose tasks
 * all are known, can be said whom it will not reach.
 */
function uncoveredServers(spec: Spec, bound: Bound, inventory: Inventory): Id[] {
  const isPending = bound.batches.every((batch) => batch.tasks.every((task) => !isFinalTask(task)));
  const isWhollySeen = bound.batches.every((batch) => batch.tasks.length >= batch.numTasks);
  if (bound.phase !== 'scheduled' || !isPending || !isWhollySeen) return [];
  const covered = new Set(bound.batches.flatMap((batch) => batch.tasks.map((task) => task.entityId)));
  const today = new Set([
    ...spec.fleets.flatMap((id) => inventory.fleets[id] ?? []),
    ...spec.regions.flatMap((id) => inventory.regions[id] ?? []),
  ]);
  return [...today].filter((id) => !covered.has(id)).sort(compareIds);
}
