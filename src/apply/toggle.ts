/**
 * Pausing and resuming a batch, task by task. The API only has a toggle, so each task is read first, toggled only
 * when it needs it, and read again after any doubt: a second PUT would undo the first.
 */
import { ApiError } from '../api/errors.ts';
import { isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import { found } from '../observe/found.ts';
import { type ApplyContext, DONE, failed, INTERRUPTED, type StepResult } from './context.ts';

const TRIES = 8;

export async function toggleBatches(
  ctx: ApplyContext,
  batchIds: readonly Id[],
  wantPaused: boolean,
  onProgress: (done: number, total: number) => void,
): Promise<StepResult> {
  const batches = await Promise.all(batchIds.map((id) => found(ctx.api.getBatch(id))));
  const ids = batches.flatMap((batch) => batch?.taskIds ?? []);
  let done = 0;
  onProgress(0, ids.length);
  const results = await Promise.all(
    ids.map(async (id) => {
      const result = await toggleTask(ctx, id, wantPaused);
      done += 1;
      onProgress(done, ids.length);
      return { id, result };
    }),
  );
  if (results.some(({ result }) => result === 'interrupted')) return INTERRUPTED;
  const errors = results.filter(({ result }) => result instanceof ApiError || result === 'contested');
  if (errors.length === 0) return DONE;
  const first = errors[0]!;
  const why = first.result instanceof ApiError ? first.result.message : 'someone else keeps changing it';
  return failed(
    'apply.partial-toggle',
    `${errors.length} of ${ids.length} tasks could not be ${wantPaused ? 'paused' : 'resumed'} ` +
      `(task ${first.id}: ${why})`,
    'Apply again: it reads each task first, and toggles only what needs it.',
  );
}

type ToggleResult = 'settled' | 'interrupted' | 'contested' | ApiError;

async function toggleTask(ctx: ApplyContext, id: Id, wantPaused: boolean): Promise<ToggleResult> {
  let lastError: ApiError | undefined;
  for (let tries = 0; tries <= TRIES; tries += 1) {
    let task: Task | null;
    try {
      task = await found(ctx.api.getTask(id));
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    if (task === null || isAsWanted(task, wantPaused)) return 'settled';
    if (tries === TRIES) break;
    if (ctx.stop.aborted) return 'interrupted';
    try {
      const answered = await ctx.api.toggleTask(id);
      if (answered !== null && isAsWanted(answered, wantPaused)) return 'settled';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      lastError = error;
    }
  }
  return lastError ?? 'contested';
}

function isAsWanted(task: Task, wantPaused: boolean): boolean {
  return isFinalTask(task) || (task.phase === 'paused') === wantPaused;
}
