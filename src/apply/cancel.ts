/**
 * Cancelling a batch: the API has no such call, so it is one DELETE per unfinished task, in parallel.
 *
 * Invariant: `done` only when every task of the batch is known to be over, or the batch certainly to be gone. A doubt
 * about one DELETE is settled by reading the task, for as long as doubt lasts; sending it again cancels nothing twice.
 * What an answer has proven is not asked again.
 */
import { ApiError } from '../api/errors.ts';
import { isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { StateEntry } from '../model/state.ts';
import { batchesText } from '../model/words.ts';
import { found } from '../observe/found.ts';
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
import { type Bound, exactly, firstLook, isOver, type OpenTasks, openTasks } from './open-tasks.ts';
import { walk } from './walk.ts';

export interface CancelInput {
  readonly batchIds: readonly Id[];
  readonly boundAt: Bound['boundAt'];
  readonly stamps?: StateEntry['stamps'];
  readonly onProgress: (done: number, total: number) => void;
}

/** The tasks of one change: which have been cancelled, or may have been without a clear answer, of which. */
interface Tasks extends Bound {
  readonly cancelled: Set<Id>;
  readonly inDoubt: Set<Id>;
  /** Without those that were over before. */
  readonly wanted: Set<Id>;
  /** How many of the wanted were over before, as the counters say, and nobody knows which. */
  hidden: number;
  /** Batches of which the last look has not shown all. */
  readonly unseen: Set<Id>;
}

/** An interruption tells what has been cancelled until then: it is gone, and nobody asked for the half of it. */
export async function cancelBatches(ctx: ApplyContext, input: CancelInput): Promise<StepResult> {
  const { boundAt, stamps } = input;
  const tasks: Tasks = {
    boundAt,
    ...(stamps === undefined ? {} : { stamps }),
    over: new Set(),
    cancelled: new Set(),
    inDoubt: new Set(),
    wanted: new Set(),
    hidden: 0,
    unseen: new Set(),
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
  const { cancelled, over, inDoubt, wanted, hidden, unseen } = tasks;
  if (unseen.size === 0 && wanted.size > 0 && [...wanted].every((id) => over.has(id))) return DONE;
  const part = { done: cancelled.size, inDoubt: inDoubt.size, total: wanted.size - hidden };
  if (part.done + part.inDoubt === 0) return INTERRUPTED;
  const isAll = part.done === part.total;
  const message = isAll
    ? `interrupted before the API confirmed that ${batchesText(batchIds)} is cancelled (${part.total} of ${part.total} tasks)`
    : `interrupted: ${partText(part, batchIds, 'cancelled')}`;
  return cut(part.done + part.inDoubt < part.total ? 'failed' : 'unknown', 'apply.partial-cancel', message);
}

/** Where one id has been given away, nothing of the change is touched; else each batch goes its own way. */
async function cancelUntilOver(ctx: ApplyContext, input: CancelInput, tasks: Tasks): Promise<StepResult> {
  const opens = await walk(ctx, input.batchIds, (own, id) => firstLook(own, id, tasks));
  const strange = opens.filter(({ isStrange }) => isStrange).map(({ batchId }) => batchId);
  if (strange.length > 0) return givenAway(strange);
  for (const open of opens) note(open, tasks);
  const ends = await walk(ctx, opens, (own, open) => endBatch(own, open, tasks, input.onProgress));
  if (ends.includes('interrupted')) return INTERRUPTED;
  const lefts = ends.filter((end): end is Left => typeof end !== 'string');
  return lefts.length === 0 ? DONE : notCancelled(lefts);
}

/** What is left of a batch that could not be cancelled. */
interface Left {
  readonly open: OpenTasks;
  readonly refused: readonly Cancelled[];
}

async function endBatch(
  ctx: ApplyContext,
  first: OpenTasks,
  tasks: Tasks,
  onProgress: CancelInput['onProgress'],
): Promise<'over' | 'interrupted' | Left> {
  const ends = ctx.now() + ctx.settle;
  let open = first;
  for (let looks = 0; ; looks += 1) {
    if (open.isStrange) return { open, refused: [] };
    if (isOver(open)) return 'over';
    const results = await cancelAll(ctx, open, tasks, onProgress);
    if (results.some(({ result }) => result === 'interrupted')) return 'interrupted';
    if (open.isWhole && open.ids.every((id) => tasks.over.has(id))) return 'over';
    // A 204 says nothing about the task: the batch's own counters have the last word.
    const left = open.ids.length === 0 ? open : await lookAgain(ctx, open, tasks);
    if (isOver(left)) return 'over';
    const still = new Set(left.ids);
    const refused = results.filter(({ id, result }) => result instanceof ApiError && still.has(id));
    const isRefused =
      left.untold === 0 &&
      !left.isUnknown &&
      refused.length >= left.ids.length &&
      refused.every(isFinalRefusal);
    if (left.isStrange || isRefused || ctx.now() >= ends) return { open: left, refused };
    if (!(await pause(ctx, nextPause(looks, (ends - ctx.now()) * 1000)))) return 'interrupted';
    open = await openTasks(ctx, open.batchId, tasks);
    note(open, tasks);
  }
}

async function lookAgain(ctx: ApplyContext, { batchId }: OpenTasks, tasks: Tasks): Promise<OpenTasks> {
  const left = await openTasks(ctx, batchId, tasks);
  noteUnseen(left, tasks);
  return exactly(ctx, left, tasks);
}

/** What is about to be cancelled. */
function note(open: OpenTasks, tasks: Tasks): void {
  for (const id of open.ids) tasks.wanted.add(id);
  tasks.hidden += hiddenBefore(open, tasks);
  noteUnseen(open, tasks);
}

function noteUnseen({ batchId, untold, isUnknown }: OpenTasks, { unseen }: Tasks): void {
  if (untold > 0 || isUnknown) unseen.add(batchId);
  else unseen.delete(batchId);
}

/** Of those that only a read shows to be over, how many were not cancelled by us. */
function hiddenBefore({ ids, hidden }: OpenTasks, { cancelled }: Tasks): number {
  return hidden === 0 ? 0 : Math.max(0, hidden - ids.filter((id) => cancelled.has(id)).length);
}

interface Cancelled {
  readonly id: Id;
  readonly result: 'ended' | 'over' | 'cancelled' | 'interrupted' | ApiError;
}

/** The task is running and may not be cancelled, or the key may not do it: looking again does not help. */
function isFinalRefusal({ result }: Cancelled): boolean {
  return result instanceof ApiError && result.outcome === 'none' && REFUSALS.has(result.code);
}

const REFUSALS: ReadonlySet<string> = new Set(['api.conflict', 'api.unauthorized', 'api.invalid']);

/** Each task is read, where it has to be, right before it is cancelled: none waits for the reads of the others. */
async function cancelAll(
  ctx: ApplyContext,
  open: OpenTasks,
  tasks: Tasks,
  onProgress: CancelInput['onProgress'],
): Promise<Cancelled[]> {
  const { cancelled, inDoubt, over, wanted } = tasks;
  const tell = () => onProgress(cancelled.size, wanted.size - tasks.hidden);
  let hidden = open.hidden;
  let before = hiddenBefore(open, tasks);
  if (open.ids.length > 0) tell();
  const results = await walk(ctx, open.ids, async (own, id) => {
    const result = (hidden > 0 ? await readTask(own, id) : null) ?? (await cancelTask(own, id, inDoubt));
    if (result === 'ended') {
      hidden -= 1;
      over.add(id);
      if (!cancelled.has(id) && !inDoubt.has(id)) wanted.delete(id);
      if (before > 0) {
        before -= 1;
        tasks.hidden -= 1;
      }
    } else if (result === 'over' || result === 'cancelled') {
      cancelled.add(id);
      if (result === 'over') over.add(id);
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
    const answered = await ctx.api.cancelTask(id, ctx.beforeSend);
    return answered !== null && isFinalTask(answered) ? 'over' : 'cancelled';
  } catch (error) {
    if (error instanceof NotSent) return 'interrupted';
    if (!(error instanceof ApiError)) throw error;
    if (error.outcome === 'unclear') inDoubt.add(id);
    return error;
  }
}

function givenAway(ids: readonly Id[]): StepResult {
  return failed(
    'apply.given-away',
    `the API has reused the id ${ids.join(', ')} for another batch since it was bound: that batch is left alone`,
    'Plan again without --refresh=false.',
  );
}

function notCancelled(lefts: readonly Left[]): StepResult {
  const named = (is: (open: OpenTasks) => boolean) =>
    lefts.flatMap(({ open }) => (is(open) ? [open.batchId] : []));
  const strange = named(({ isStrange }) => isStrange);
  if (strange.length > 0) return givenAway(strange);
  const unknown = named(({ isUnknown }) => isUnknown);
  if (unknown.length > 0) {
    const message = `the API says that it does not know batch ${unknown.join(', ')}, but nothing confirms that it is gone`;
    return failed('apply.partial-cancel', message, 'Apply again in a moment.');
  }
  const ids = lefts.flatMap(({ open }) => open.ids);
  if (ids.length === 0) {
    const untold = lefts.reduce((sum, { open }) => sum + open.untold, 0);
    const message = `the API does not list ${untold} of its unfinished tasks`;
    return failed('apply.partial-cancel', message, 'Apply again.');
  }
  const shown = ids.slice(0, 5).join(', ');
  const reasons = lefts.flatMap(({ refused }) =>
    refused.flatMap(({ result }) => (result instanceof ApiError ? [result.message] : [])),
  );
  return failed(
    'apply.partial-cancel',
    `${ids.length} of its tasks could not be cancelled and have not finished ` +
      `(${shown}${ids.length > 5 ? ', …' : ''})${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    'Wait until they finish, then apply again.',
  );
}
