/**
 * Cancelling a batch: the API has no such call, so it is one DELETE per unfinished task, in parallel.
 *
 * Invariant: `done` only when every task of the batch is known to be final, or the batch certainly to be gone. A doubt
 * about one DELETE is settled by reading the task, for as long as doubt lasts; sending it again cancels nothing twice.
 */
import { ApiError } from '../api/errors.ts';
import { finishedTasks, isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, ObservedBatch, Task } from '../model/observed.ts';
import type { StateEntry } from '../model/state.ts';
import { batchesText } from '../model/words.ts';
import { found } from '../observe/found.ts';
import { readHistory } from '../observe/history.ts';
import { LONGEST_LOOK } from '../observe/observe.ts';
import { mayStillFill } from '../plan/sameness/evidence.ts';
import { isAnother } from '../plan/sameness/given-away.ts';
import { mayBeFull } from '../plan/sameness/sight.ts';
import {
  type ApplyContext,
  cut,
  DONE,
  failed,
  INTERRUPTED,
  NotSent,
  partText,
  type StepResult,
} from './context.ts';
import { nextPause, pause } from './doubt.ts';

export interface CancelInput {
  readonly batchIds: readonly Id[];
  /** Unix seconds: when they were bound; null: by somebody else. What is younger than doubt is not believed to be gone. */
  readonly boundAt: number | null;
  /** What the API said of them when they were bound. */
  readonly stamps?: StateEntry['stamps'];
  readonly onProgress: (done: number, total: number) => void;
}

/** An interruption tells what has been cancelled until then: it is gone, and nobody asked for the half of it. */
export async function cancelBatches(ctx: ApplyContext, input: CancelInput): Promise<StepResult> {
  const tasks: Tasks = {
    cancelled: new Set(),
    over: new Set(),
    inDoubt: new Set(),
    wanted: new Set(),
    unseen: 0,
  };
  try {
    const result = await cancelUntilOver(ctx, input, tasks);
    return result === INTERRUPTED ? interruptedAt(input, tasks) : result;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'api.interrupted') throw error;
    return interruptedAt(input, tasks);
  }
}

function interruptedAt({ batchIds }: CancelInput, tasks: Tasks): StepResult {
  const { cancelled, over, inDoubt, wanted, unseen } = tasks;
  if (unseen === 0 && wanted.size > 0 && over.size === wanted.size) return DONE;
  const part = { done: cancelled.size, inDoubt: inDoubt.size, total: wanted.size };
  if (part.done + part.inDoubt === 0) return INTERRUPTED;
  const isAll = part.done === part.total;
  const message = isAll
    ? `interrupted before the API confirmed that ${batchesText(batchIds)} is cancelled (${part.total} of ${part.total} tasks)`
    : `interrupted: ${partText(part, batchIds, 'cancelled')}`;
  return cut(part.done + part.inDoubt < part.total ? 'failed' : 'unknown', 'apply.partial-cancel', message);
}

/** The ids of tasks: which have been cancelled, or may have been without a clear answer, of which. */
interface Tasks {
  readonly cancelled: Set<Id>;
  /** The answer to the DELETE has shown the task, and that it is final. */
  readonly over: Set<Id>;
  readonly inDoubt: Set<Id>;
  readonly wanted: Set<Id>;
  /** Tasks and batches that the last look has not shown. */
  unseen: number;
}

async function cancelUntilOver(ctx: ApplyContext, input: CancelInput, tasks: Tasks): Promise<StepResult> {
  const ends = ctx.now() + ctx.settle;
  for (let looks = 0; ; looks += 1) {
    const open = await openTasks(ctx, input);
    if (open.strange.length > 0) return givenAway(open.strange);
    if (open.ids.length + open.untold + open.unknown.length === 0) return DONE;
    tasks.unseen = open.untold + open.unknown.length;
    const results = await cancelAll(ctx, open.ids, tasks, input.onProgress);
    if (results.some(({ result }) => result === 'interrupted')) return INTERRUPTED;
    // A 204 says nothing about the task: the batch's own counters have the last word.
    const left = open.ids.length === 0 ? open : await openTasks(ctx, input);
    if (left.ids.length + left.untold + left.unknown.length === 0) return DONE;
    const refused = results.filter(({ id, result }) => !isCancelled(result) && left.ids.includes(id));
    const isRefused =
      left.untold + left.unknown.length === 0 &&
      refused.length >= left.ids.length &&
      refused.every(isFinalRefusal);
    if (isRefused || ctx.now() >= ends) return notCancelled(left, refused);
    if (!(await pause(ctx, nextPause(looks, (ends - ctx.now()) * 1000)))) return INTERRUPTED;
  }
}

interface Cancelled {
  readonly id: Id;
  readonly result: 'over' | 'cancelled' | 'interrupted' | ApiError;
}

function isCancelled(result: Cancelled['result']): result is 'over' | 'cancelled' {
  return result === 'over' || result === 'cancelled';
}

/** The task is running and may not be cancelled, or the key may not do it: looking again does not help. */
function isFinalRefusal({ result }: Cancelled): boolean {
  return result instanceof ApiError && result.outcome === 'none' && REFUSALS.has(result.code);
}

const REFUSALS: ReadonlySet<string> = new Set(['api.conflict', 'api.unauthorized', 'api.invalid']);

async function cancelAll(
  ctx: ApplyContext,
  ids: readonly Id[],
  { cancelled, over, inDoubt, wanted }: Tasks,
  onProgress: CancelInput['onProgress'],
): Promise<Cancelled[]> {
  let done = 0;
  for (const id of ids) wanted.add(id);
  onProgress(0, ids.length);
  return Promise.all(
    ids.map(async (id) => {
      const result = await cancelTask(ctx, id);
      if (isCancelled(result)) {
        cancelled.add(id);
        if (result === 'over') over.add(id);
        inDoubt.delete(id);
        done += 1;
        onProgress(done, ids.length);
      } else if (result !== 'interrupted' && result.outcome === 'unclear') inDoubt.add(id);
      return { id, result };
    }),
  );
}

async function cancelTask(ctx: ApplyContext, id: Id): Promise<Cancelled['result']> {
  try {
    const answered = await ctx.api.cancelTask(id, ctx.beforeSend);
    return answered !== null && isFinalTask(answered) ? 'over' : 'cancelled';
  } catch (error) {
    if (error instanceof NotSent) return 'interrupted';
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function givenAway(ids: readonly Id[]): StepResult {
  return failed(
    'apply.given-away',
    `the API has reused the id ${ids.join(', ')} for another batch since it was bound: that batch is left alone`,
    'Plan again without --refresh=false.',
  );
}

function notCancelled(left: OpenTasks, refused: readonly Cancelled[]): StepResult {
  const reasons = refused.flatMap(({ result }) => (result instanceof ApiError ? [result.message] : []));
  if (left.unknown.length > 0) {
    const message = `the API says that it does not know batch ${left.unknown.join(', ')}, but nothing confirms that it is gone`;
    return failed('apply.partial-cancel', message, 'Apply again in a moment.');
  }
  if (left.ids.length === 0) {
    const message = `the API does not list ${left.untold} of its unfinished tasks`;
    return failed('apply.partial-cancel', message, 'Apply again.');
  }
  const shown = left.ids.slice(0, 5).join(', ');
  return failed(
    'apply.partial-cancel',
    `${left.ids.length} of its tasks could not be cancelled and have not finished ` +
      `(${shown}${left.ids.length > 5 ? ', …' : ''})${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    'Wait until they finish, then apply again.',
  );
}

interface OpenTasks {
  /** Not final. */
  readonly ids: readonly Id[];
  /** How many more are not final, and not named either. */
  readonly untold: number;
  /** Batches that the API does not know, without anything that confirms it. */
  readonly unknown: readonly Id[];
  /** Others by now than those that were bound. */
  readonly strange: readonly Id[];
}

async function openTasks(
  ctx: ApplyContext,
  { batchIds, boundAt, stamps = {} }: CancelInput,
): Promise<OpenTasks> {
  const all = await Promise.all(
    batchIds.map(async (id) => {
      const batch = await found(ctx.api.getBatch(id));
      const stamp = Object.hasOwn(stamps, id) ? stamps[id] : undefined;
      if (batch !== null && stamp !== undefined && isAnother(stamp, batch)) return { ...NONE, strange: [id] };
      return batch === null ? unknownBatch(ctx, id, boundAt) : openTasksOf(ctx, batch);
    }),
  );
  return {
    ids: all.flatMap(({ ids }) => ids),
    untold: all.reduce((sum, { untold }) => sum + untold, 0),
    unknown: all.flatMap(({ unknown }) => unknown),
    strange: all.flatMap(({ strange }) => strange),
  };
}

const NONE: OpenTasks = { ids: [], untold: 0, unknown: [], strange: [] };

/** Without a single read of a task as long as the batch's counters tell. */
async function openTasksOf(ctx: ApplyContext, batch: Batch): Promise<OpenTasks> {
  const finished = finishedTasks(batch);
  const { numTasks, taskIds } = batch;
  // It may only not have got its tasks yet.
  if (numTasks === 0 && taskIds.length === 0)
    return mayStillFill(batch, ctx.now()) ? { ...NONE, untold: 1 } : NONE;
  if (finished >= numTasks && numTasks >= taskIds.length) return NONE;
  const untold = Math.max(0, numTasks - Math.max(finished, taskIds.length));
  if (finished === 0) return { ...NONE, ids: taskIds, untold };
  return { ...NONE, ids: await notFinal(ctx, taskIds), untold };
}

/** One that the API answers 404 for may be open as well. */
async function notFinal(ctx: ApplyContext, taskIds: readonly Id[]): Promise<Id[]> {
  const api = ctx.api.within(LONGEST_LOOK);
  const tasks = await Promise.all(taskIds.map(async (id) => ({ id, task: await found(api.getTask(id)) })));
  return tasks.filter(({ task }) => task === null || !isFinalTask(task)).map(({ id }) => id);
}

/**
 * A 404 alone proves nothing. Gone is only what is older than doubt, not listed, and of which no single task is
 * known any more.
 */
async function unknownBatch(ctx: ApplyContext, id: Id, boundAt: number | null): Promise<OpenTasks> {
  const seen = ctx.observation.batches.find((batch) => batch.id === id);
  const taskIds = seen?.taskIds ?? [];
  const api = ctx.api.within(LONGEST_LOOK);
  const tasks = await Promise.all(taskIds.map((taskId) => found(api.getTask(taskId))));
  const alive = tasks.filter((task): task is Task => task !== null);
  if (alive.length > 0) {
    const open = alive.filter((task) => !isFinalTask(task)).map((task) => task.id);
    return open.length === 0 && alive.length < taskIds.length
      ? { ...NONE, unknown: [id] }
      : { ...NONE, ids: open };
  }
  const isYoung = boundAt === null || ctx.now() < boundAt + ctx.settle;
  const isConfirmed = seen !== undefined && taskIds.length > 0 && !isYoung && (await isUnlisted(ctx, seen));
  return isConfirmed ? NONE : { ...NONE, unknown: [id] };
}

/** So many game servers are asked at most. */
const WITNESSES = 3;

/** A list that is full proves nothing: then the last tasks of a game server that had one of its tasks have to. */
async function isUnlisted(ctx: ApplyContext, batch: ObservedBatch): Promise<boolean> {
  const listed = await ctx.api.listBatches();
  if (listed.some(({ id }) => id === batch.id)) return false;
  if (!mayBeFull(listed)) return true;
  for (const { entityId } of batch.tasks.slice(0, WITNESSES)) {
    const history = await readHistory(ctx.api, entityId);
    if (history?.tasks.some(({ batchId }) => batchId === batch.id)) return false;
    if (history?.isFull === false) return true;
  }
  return false;
}
