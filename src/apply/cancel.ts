/**
 * Cancelling a batch: the API has no such call, so it is one DELETE per unfinished task (`cancel-tasks.ts`), and looks
 * until the batch is over.
 *
 * Invariant: `done` only when a read after the last DELETE says that every task of the batch is over, or when the batch
 * is certainly gone: what a DELETE answers is a claim. A doubt about one is settled by reading the task, for as long as
 * doubt lasts.
 */
import { ApiError } from '../api/errors.ts';
import type { Id } from '../model/ids.ts';
import { batchesText } from '../model/words.ts';
import { found } from '../observe/found.ts';
import { LONGEST_LOOK } from '../observe/observe.ts';
import { TASKS_OF } from '../plan/world/asked.ts';
import { spacedOut } from '../plan/world/target-servers.ts';
import { type Cancelled, cancelAll, noTasks, note, noteUnseen, type Tasks } from './cancel-tasks.ts';
import { type ApplyContext, cut, DONE, failed, INTERRUPTED, partText, type StepResult } from './context.ts';
import { nextPause, pause } from './doubt.ts';
import { type Bound, exactly, firstLook, isOver, type OpenTasks, openTasks } from './open-tasks.ts';
import type { Recorded } from './strange.ts';
import { walk } from './walk.ts';

export interface CancelInput extends Recorded {
  readonly batchIds: readonly Id[];
  readonly boundAt: Bound['boundAt'];
  readonly onProgress: (done: number, total: number) => void;
}

/** An interruption tells what has been cancelled until then: it is gone, and nobody asked for the half of it. */
export async function cancelBatches(ctx: ApplyContext, input: CancelInput): Promise<StepResult> {
  const tasks = noTasks(input);
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
  if (strange.length > 0) return givenAway(strange, tasks);
  for (const open of opens) note(open, tasks);
  const ends = await walk(ctx, opens, (own, open) => endBatch(own, open, tasks, input.onProgress));
  if (ends.includes('interrupted')) return INTERRUPTED;
  const lefts = ends.filter((end): end is Left => typeof end !== 'string');
  return lefts.length === 0 ? DONE : notCancelled(lefts, tasks);
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
  // Of what is sent, the last is in doubt for the longest.
  let ends: number | null = null;
  let open = first;
  for (let looks = 0; ; looks += 1) {
    if (open.isStrange) return { open, refused: [] };
    if (isOver(open)) return 'over';
    const results = await cancelAll(ctx, open, tasks, onProgress);
    if (results.some(({ result }) => result === 'interrupted')) return 'interrupted';
    if (results.some(({ result }) => result === 'too-old')) {
      open = await openTasks(ctx, open.batchId, tasks);
      note(open, tasks);
      continue;
    }
    ends ??= ctx.machineNow() + ctx.settle;
    // Whatever the answers said of the tasks: the batch's own counters have the last word.
    const left = open.ids.length === 0 ? open : await lookAgain(ctx, open, tasks);
    if (isOver(left)) return 'over';
    const still = new Set(left.ids);
    const refused = results.filter(({ id, result }) => result instanceof ApiError && still.has(id));
    const isRefused =
      left.untold === 0 &&
      !left.isUnknown &&
      refused.length >= left.ids.length &&
      (await isFinal(ctx, refused, tasks));
    if (left.isStrange || isRefused || ctx.machineNow() >= ends) return { open: left, refused };
    if (!(await pause(ctx, nextPause(looks, (ends - ctx.machineNow()) * 1000)))) return 'interrupted';
    open = await openTasks(ctx, open.batchId, tasks);
    note(open, tasks);
  }
}

async function lookAgain(ctx: ApplyContext, { batchId }: OpenTasks, tasks: Tasks): Promise<OpenTasks> {
  const left = await openTasks(ctx, batchId, tasks);
  noteUnseen(left, tasks);
  return exactly(ctx, left, tasks);
}

/** The tasks are running and may not be cancelled, or the key may not do it: looking again does not help. */
async function isFinal(ctx: ApplyContext, refused: readonly Cancelled[], tasks: Tasks): Promise<boolean> {
  const errors = refused.flatMap(({ result }) => (result instanceof ApiError ? result : []));
  if (!errors.every(({ outcome, code }) => outcome === 'none' && REFUSALS.has(code))) return false;
  const conflicts = refused.filter(
    ({ result }) => result instanceof ApiError && result.code === 'api.conflict',
  );
  // What was cancelled a moment ago is refused as well, and reads may be behind.
  if (conflicts.some(({ id }) => tasks.cancelled.has(id) || tasks.inDoubt.has(id))) return false;
  const api = ctx.api.within(LONGEST_LOOK);
  const sample = spacedOut(conflicts, TASKS_OF.sample);
  const reads = await walk(ctx, sample, (_, { id }) => found(api.getTask(id)));
  return reads.every((task) => task?.phase === 'running');
}

const REFUSALS: ReadonlySet<string> = new Set(['api.conflict', 'api.unauthorized', 'api.invalid']);

/** Known before anything was sent, or only by the read that was to confirm it: then it is said what was. */
function givenAway(ids: readonly Id[], { shown, cancelled, inDoubt }: Tasks): StepResult {
  const own = ids.flatMap((id) => [...(shown.get(id)?.ids ?? [])]);
  const sent = own.filter((id) => cancelled.has(id) || inDoubt.has(id));
  const effect =
    sent.length === 0
      ? 'that batch is left alone'
      : `that was seen only after ${sent.length} ${sent.length === 1 ? 'task was' : 'tasks were'} cancelled under it ` +
        `(${shortened(sent)})`;
  return failed(
    'apply.given-away',
    `the API has reused the id ${ids.join(', ')} for another batch since it was bound: ${effect}`,
    'Plan again without --refresh=false.',
  );
}

function shortened(ids: readonly Id[]): string {
  return `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
}

function notCancelled(lefts: readonly Left[], tasks: Tasks): StepResult {
  const named = (is: (open: OpenTasks) => boolean) =>
    lefts.flatMap(({ open }) => (is(open) ? [open.batchId] : []));
  const strange = named(({ isStrange }) => isStrange);
  if (strange.length > 0) return givenAway(strange, tasks);
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
  const reasons = lefts.flatMap(({ refused }) =>
    refused.flatMap(({ result }) => (result instanceof ApiError ? [result.message] : [])),
  );
  return failed(
    'apply.partial-cancel',
    `${ids.length} of its tasks could not be cancelled and have not finished ` +
      `(${shortened(ids)})${reasons.length === 0 ? '' : `: ${reasons[0]}`}`,
    'Wait until they finish, then apply again.',
  );
}
