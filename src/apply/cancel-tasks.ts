/**
 * One round over the tasks of a batch: each is read, where it has to be, and cancelled, in parallel; and what is known
 * of them from one round to the next. Whether the batch is over is for `cancel.ts` to say.
 *
 * Invariant: what is counted as cancelled was cancelled by us: what had ended before is not, nor what is in doubt.
 * Sending a DELETE again cancels nothing twice.
 */
import { ApiError } from '../api/errors.ts';
import { isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import { found } from '../observe/found.ts';
import { type ApplyContext, NotSent } from './context.ts';
import type { Bound, OpenTasks } from './open-tasks.ts';
import { wasAMomentAgo } from './seen.ts';
import { walk } from './walk.ts';

/** The tasks of one change: which have been cancelled, or may have been without a clear answer, of which. */
export interface Tasks extends Bound {
  readonly cancelled: Set<Id>;
  readonly inDoubt: Set<Id>;
  /** Without those that were over before. */
  readonly wanted: Set<Id>;
  /** How many of the wanted were over before, as the counters say, and nobody knows which. */
  hidden: number;
  /** Batches of which the last look has not shown all. */
  readonly unseen: Set<Id>;
}

/** Before the first look. */
export function noTasks({
  boundAt,
  stamps,
  template,
}: Pick<Tasks, 'boundAt' | 'stamps' | 'template'>): Tasks {
  return {
    boundAt,
    stamps,
    template,
    over: new Set(),
    shown: new Map(),
    cancelled: new Set(),
    inDoubt: new Set(),
    wanted: new Set(),
    hidden: 0,
    unseen: new Set(),
  };
}

/** What is about to be cancelled. */
export function note(open: OpenTasks, tasks: Tasks): void {
  for (const id of open.ids) tasks.wanted.add(id);
  tasks.hidden += hiddenBefore(open, tasks);
  noteUnseen(open, tasks);
}

export function noteUnseen({ batchId, untold, isUnknown }: OpenTasks, { unseen }: Tasks): void {
  if (untold > 0 || isUnknown) unseen.add(batchId);
  else unseen.delete(batchId);
}

/** Of those that only a read shows to be over, how many were not cancelled by us. */
function hiddenBefore({ ids, hidden }: OpenTasks, { cancelled }: Tasks): number {
  return hidden === 0 ? 0 : Math.max(0, hidden - ids.filter((id) => cancelled.has(id)).length);
}

export interface Cancelled {
  readonly id: Id;
  readonly result: 'ended' | 'cancelled' | 'interrupted' | 'too-old' | ApiError;
}

/** Thrown before a request goes out: what the plan saw is not of a moment ago any more. */
class TooOld extends Error {
  override readonly name = 'TooOld';
}

/** The first DELETE of a batch looks at the clock as it goes out: it may have waited for the calls of others. */
function atOnce(ctx: ApplyContext, { isByPlan }: OpenTasks): ApplyContext {
  let hasBegun = !isByPlan;
  const beforeSend = async () => {
    if (!hasBegun && !wasAMomentAgo(ctx)) throw new TooOld();
    hasBegun = true;
    await ctx.beforeSend();
  };
  return { ...ctx, beforeSend };
}

/**
 * Each task is read, where it has to be, right before it is cancelled: none waits for the reads of the others. What is
 * to be cancelled once more has been contradicted, and only its own answer tells by whom.
 */
export async function cancelAll(
  ctx: ApplyContext,
  open: OpenTasks,
  tasks: Tasks,
  onProgress: (done: number, total: number) => void,
): Promise<Cancelled[]> {
  const { cancelled, inDoubt, over, wanted } = tasks;
  const tell = () => onProgress(cancelled.size, wanted.size - tasks.hidden);
  let hidden = open.hidden;
  let before = hiddenBefore(open, tasks);
  if (open.ids.length > 0) tell();
  const results = await walk(atOnce(ctx, open), open.ids, async (own, id) => {
    const isToRead = hidden > 0 || cancelled.has(id);
    const result = (isToRead ? await readTask(own, id) : null) ?? (await cancelTask(own, id, inDoubt));
    if (result === 'ended') {
      hidden -= 1;
      over.add(id);
      if (!cancelled.has(id) && !inDoubt.has(id)) wanted.delete(id);
      if (before > 0) {
        before -= 1;
        tasks.hidden -= 1;
      }
    } else if (result === 'cancelled') {
      cancelled.add(id);
      inDoubt.delete(id);
      tell();
    }
    return { id, result };
  });
  if (!results.some(({ result }) => result === 'interrupted')) tasks.hidden -= before;
  return results;
}

/** null: it is not over, as far as anybody knows. */
async function readTask(ctx: ApplyContext, id: Id): Promise<Cancelled['result'] | null> {
  try {
    const task = await found(ctx.api.getTask(id));
    return task !== null && isFinalTask(task) ? 'ended' : null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.code === 'api.interrupted' ? 'interrupted' : error;
  }
}

async function cancelTask(ctx: ApplyContext, id: Id, inDoubt: Set<Id>): Promise<Cancelled['result']> {
  try {
    await ctx.api.cancelTask(id, ctx.beforeSend);
    return 'cancelled';
  } catch (error) {
    if (error instanceof NotSent) return 'interrupted';
    if (error instanceof TooOld) return 'too-old';
    if (!(error instanceof ApiError)) throw error;
    if (error.outcome === 'unclear') inDoubt.add(id);
    return error;
  }
}
