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
  const { ids: open } = await openTasks(ctx, batchIds);
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
  const { ids: remaining, untold } = await openTasks(ctx, batchIds);
  if (remaining.length === 0 && untold === 0) return DONE;
  if (remaining.length === 0) {
    const message = `the API does not name ${untold} of its tasks, which are not over`;
    return failed('apply.partial-cancel', message, 'Apply again.');
  }
  const reasons = results.flatMap(({ result }) => (result instanceof ApiError ? [result.message] : []));
  const shown = remaining.slice(0, 5).join(', ');
  return failed(
    'apply.partial-cancel',
    `${remaining.length} of its tasks could not be cancelled and are not over ` +
      `(${shown}${remaining.length > 5 ? ', …' : ''})${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    'Wait until they are over, then apply again.',
  );
}

interface OpenTasks {
  /** Not final. */
  readonly ids: readonly Id[];
  /** How many more are not final, and not named either. */
  readonly untold: number;
}

async function openTasks(ctx: ApplyContext, batchIds: readonly Id[]): Promise<OpenTasks> {
  const all = await Promise.all(batchIds.map((id) => openTasksOf(ctx, id)));
  return {
    ids: all.flatMap(({ ids }) => ids),
    untold: all.reduce((sum, { untold }) => sum + untold, 0),
  };
}

/** Without a single read of a task as long as the batch's counters tell. */
async function openTasksOf(ctx: ApplyContext, batchId: Id): Promise<OpenTasks> {
  const batch = await found(ctx.api.getBatch(batchId));
  if (batch === null) return { ids: [], untold: 0 };
  const finished = finishedTasks(batch);
  const { numTasks, taskIds } = batch;
  if (finished >= numTasks && numTasks >= taskIds.length) return { ids: [], untold: 0 };
  const untold = Math.max(0, numTasks - Math.max(finished, taskIds.length));
  if (finished === 0) return { ids: taskIds, untold };
  const tasks = await Promise.all(taskIds.map((id) => found(ctx.api.getTask(id))));
  const open = tasks.filter((task): task is Task => task !== null && !isFinalTask(task));
  return { ids: open.map((task) => task.id), untold };
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
