/** Has it begun? A batch that was cancelled in time did nothing; one that nobody sees may have run. */
import { batchPhase, isFinalTask } from '../../model/batch-phase.ts';
import type { Batch, ObservedBatch, Task } from '../../model/observed.ts';
import type { StateEntry } from '../../model/state.ts';
import { CLOCK_SKEW } from '../sameness/times.ts';
import type { Bound } from './bound.ts';

/**
 * Every task was cancelled, and certainly none had begun: whatever it was meant to be, it did nothing and never will.
 * Either all was over before its time, or every single task tells: one that is shown as it was before its end does not.
 */
export function cameToNothing(batch: ObservedBatch, now: number): boolean {
  if (batchPhase(batch, now) !== 'cancelled' || batch.numTasks === 0) return false;
  const start = batch.executeAt ?? batch.createdAt;
  if (batch.tasks.some((task) => hasBegun(task, start))) return false;
  return wasOverBeforeItsTime(batch, now) || batch.tasks.filter(isFinalTask).length >= batch.numTasks;
}

/** Of a batch that is over. Its tasks need not be looked at then. */
export function wasOverBeforeItsTime({ executeAt, finishedAt }: Batch, now: number): boolean {
  if (executeAt === null) return false;
  return (finishedAt !== null && finishedAt < executeAt) || executeAt > now + CLOCK_SKEW;
}

/**
 * A cancelled task that had already done some of its actions, or was active at all since its start, has touched its
 * game server. `start`: unix seconds; null: unknown.
 */
export function hasBegun(
  task: Pick<Task, 'phase' | 'currentActionIdx' | 'lastActivityAt'>,
  start: number | null,
): boolean {
  if (task.phase === 'running' || task.phase === 'done' || task.phase === 'failed') return true;
  if ((task.currentActionIdx ?? 0) > 0) return true;
  return task.lastActivityAt !== null && (start === null || task.lastActivityAt >= start);
}

/** What nobody sees has run if its time has come; of what is trusted, as the record says. */
export function mayHaveRun(
  { batchIds, spec: { executeAt } }: StateEntry,
  { phase, batches }: Bound,
  now: number,
): boolean {
  if (phase === 'scheduled') return false;
  if (phase === 'unknown') return executeAt === null || executeAt <= now;
  if (batches.length === 0) return phase !== 'cancelled';
  const isWhole = batches.length === batchIds.length || phase === 'cancelled';
  return !isWhole || !batches.every((batch) => cameToNothing(batch, now));
}
