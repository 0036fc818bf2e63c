/** What is observed of the batches that the state binds to one address, taken together. */
import { type BatchPhase, batchPhase, isLive, type TaskCounts } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch, TaskPhase } from '../../model/observed.ts';

export interface Bound {
  readonly batches: readonly ObservedBatch[];
  /** `unknown`: the API knows none of them. */
  readonly phase: BatchPhase | 'unknown';
  readonly tasks: TaskCounts;
  /** All their tasks together: of a single batch, one per game server. null: none of them is in sight. */
  readonly servers: number | null;
}

/** From the most to the least worth telling, where several batches differ. */
const PRECEDENCE: readonly BatchPhase[] = ['running', 'scheduled', 'failed', 'stopped', 'done', 'cancelled'];

/**
 * `recorded`: where the record is trusted, the phase that it remembers, for when the batches are not in sight. `now` in
 * unix seconds.
 */
export function lookAtBound(
  ids: readonly Id[],
  byId: ReadonlyMap<Id, ObservedBatch>,
  now: number,
  recorded?: string,
): Bound {
  const batches = ids.map((id) => byId.get(id)).filter((batch) => batch !== undefined);
  if (batches.length === 0 && recorded !== undefined) {
    const phase = PRECEDENCE.find((known) => known === recorded) ?? 'scheduled';
    return { batches, phase, tasks: NO_TASKS, servers: null };
  }
  const unseen = recorded !== undefined && batches.length < ids.length ? [recorded] : [];
  return {
    batches,
    phase: phaseOf(batches, now, unseen),
    tasks: tasksOf(batches, now),
    servers: batches.length === 0 ? null : batches.reduce((sum, batch) => sum + batch.numTasks, 0),
  };
}

/** `unseen`: what is recorded of those that are not in sight. */
function phaseOf(batches: readonly ObservedBatch[], now: number, unseen: readonly string[]): Bound['phase'] {
  if (batches.length === 1 && unseen.length === 0) return batchPhase(batches[0]!, now);
  const phases = new Set([...batches.map((batch) => batchPhase(batch, now)), ...unseen]);
  return PRECEDENCE.find((phase) => phases.has(phase)) ?? 'unknown';
}

function tasksOf(batches: readonly ObservedBatch[], now: number): TaskCounts {
  if (batches.length === 0) return NO_TASKS;
  if (batches.length === 1) return countTasks(batches[0]!, now);
  return sumCounts(batches.map((batch) => countTasks(batch, now)));
}

const NO_TASKS: TaskCounts = sumCounts([]);

export function isBoundLive(bound: Bound): boolean {
  return bound.phase !== 'unknown' && isLive(bound.phase);
}

/**
 * By the tasks that were looked at; the rest by the batch's counters, and what is left over is pending as long as
 * the batch waits for its time.
 */
export function countTasks(batch: ObservedBatch, now: number): TaskCounts {
  const seen = countPhases(batch.tasks);
  const isWaiting = batchPhase(batch, now) === 'scheduled';
  const done = Math.max(batch.numTasksOk, seen.done);
  const failed = Math.max(batch.numTasksFailed, seen.failed);
  const cancelled = Math.max(batch.numTasksCancelled, seen.cancelled);
  const open = { pending: seen.pending, running: seen.running, paused: seen.paused };
  const told = done + failed + cancelled + open.pending + open.running + open.paused;
  const rest = Math.max(0, batch.numTasks - told);
  return {
    ...open,
    pending: open.pending + (isWaiting ? rest : 0),
    done,
    failed,
    cancelled,
    unknown: isWaiting ? 0 : rest,
  };
}

function countPhases(tasks: ObservedBatch['tasks']): Record<TaskPhase, number> {
  const counts = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
  for (const { phase } of tasks) counts[phase] += 1;
  return counts;
}

function sumCounts(all: readonly TaskCounts[]): TaskCounts {
  const sum = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
  for (const counts of all) {
    for (const key of Object.keys(sum) as (keyof TaskCounts)[]) sum[key] += counts[key];
  }
  return sum;
}
