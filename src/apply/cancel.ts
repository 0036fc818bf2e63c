/**
 * Cancelling a batch: the API has no such call, so it is one DELETE per unfinished task, in parallel.
 *
 * Invariant: `done` only when every task of the batch is known to be final, or the batch to be gone. A doubt about
 * one DELETE is settled by reading the task; sending it again cancels nothing twice.
 */
import { ApiError } from '../api/errors.ts';
import { finishedTasks, isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import { found } from '../observe/found.ts';
import { type ApplyContext, DONE, failed, INTERRUPTED, type StepResult } from './context.ts';

const TRIES = 3;

export async function cancelBatches(
  ctx: ApplyContext,
  batchIds: readonly Id[],
  onProgress: (done: number, total: number) => void,
): Promise<StepResult> {
  const open = (await Promise.all(batchIds.map((id) => openTasks(ctx, id)))).flat();
  let done = 0;
  onProgress(0, open.length);
  const results = await Promise.all(
    open.map(async (id) => {
      const result = await cancelTask(ctx, id);
      done += 1;
      onProgress(done, open.length);
      return { id, result };
    }),
  );
  if (results.some(({ result }) => result === 'interrupted')) return INTERRUPTED;
  // A 204 says nothing about the task: the batch's own counters have the last word.
  const remaining = (await Promise.all(batchIds.map((id) => openTasks(ctx, id)))).flat();
  if (remaining.length === 0) return DONE;
  const reasons = results.flatMap(({ result }) => (result instanceof ApiError ? [result.message] : []));
  const shown = remaining.slice(0, 5).join(', ');
  return failed(
    'apply.partial-cancel',
    `${remaining.length} of its tasks could not be cancelled and are not over ` +
      `(${shown}${remaining.length > 5 ? ', …' : ''})${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    'Wait until they are over, then apply again.',
  );
}

/** The tasks that are not final: without a single read as long as the batch's counters say that none is. */
async function openTasks(ctx: ApplyContext, batchId: Id): Promise<Id[]> {
  const batch = await found(ctx.api.getBatch(batchId));
  if (batch === null) return [];
  const finished = finishedTasks(batch);
  if (finished >= batch.numTasks && batch.numTasks >= batch.taskIds.length) return [];
  if (finished === 0) return [...batch.taskIds];
  const tasks = await Promise.all(batch.taskIds.map((id) => found(ctx.api.getTask(id))));
  return tasks.filter((task): task is Task => task !== null && !isFinalTask(task)).map((task) => task.id);
}

async function cancelTask(ctx: ApplyContext, id: Id): Promise<'cancelled' | 'interrupted' | ApiError> {
  for (let tries = 1; ; tries += 1) {
    if (ctx.stop.aborted) return 'interrupted';
    try {
      await ctx.api.cancelTask(id);
      return 'cancelled';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'api.not-found') return 'cancelled';
      if (error.code !== 'api.conflict' && error.outcome === 'none' && error.code !== 'api.transport')
        return error;
      if (await isOver(ctx, id)) return 'cancelled';
      if (error.code === 'api.conflict' || tries >= TRIES) return error;
    }
  }
}

async function isOver(ctx: ApplyContext, id: Id): Promise<boolean> {
  try {
    const task = await found(ctx.api.getTask(id));
    return task === null || isFinalTask(task);
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
