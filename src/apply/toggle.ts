/**
 * Pausing and resuming a batch, task by task. The API only has a toggle, so each task is read first, toggled only
 * when it needs it, and a second PUT, which would undo the first, is only sent once the first is no longer in doubt.
 *
 * Invariant: what a PUT answers is a claim. A sample of what is claimed is read once all are sent (no counter of the batch
 * tells of a pause, and a read of each would be too dear for thousands); where one read contradicts, each is read.
 */
import { ApiError } from '../api/errors.ts';
import { isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import { shownWith } from '../model/shown.ts';
import { unended } from '../model/words.ts';
import { found } from '../observe/found.ts';
import { mayStillFill } from '../plan/sameness/evidence.ts';
import { TASKS_OF } from '../plan/world/asked.ts';
import { spacedOut } from '../plan/world/target-servers.ts';
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
import { nextPause, pause, REFUSED_SETTLE } from './doubt.ts';
import { seenWhole, shownIn } from './seen.ts';
import { walk } from './walk.ts';

/** How often one task is toggled at most: whoever else keeps changing it has a reason. */
const MOST_TOGGLES = 3;

export async function toggleBatches(
  ctx: ApplyContext,
  batchIds: readonly Id[],
  wantPaused: boolean,
  onProgress: (done: number, total: number) => void,
): Promise<StepResult> {
  const ids: Id[] = [];
  for (const filled of await walk(ctx, batchIds, filledTasks)) {
    if ('outcome' in filled) return filled;
    ids.push(...filled);
  }
  let done = 0;
  onProgress(0, ids.length);
  const first = await walk(ctx, ids, async (own, id) => {
    const result = await toggleTask(own, id, wantPaused);
    if (result !== 'interrupted' && result !== 'unconfirmed') {
      done += 1;
      onProgress(done, ids.length);
    }
    return { id, result };
  });
  const results = await confirmed(ctx, first, wantPaused);
  if (results.some(({ result }) => result === 'interrupted' || result === 'unconfirmed')) {
    return interruptedAt(
      batchIds,
      results.map(({ result }) => result),
      wantPaused ? 'paused' : 'resumed',
    );
  }
  const errors = results.filter(({ result }) => !isSettled(result));
  const [worst] = errors;
  if (worst === undefined) return DONE;
  const why = worst.result instanceof ApiError ? worst.result.message : (WHY[worst.result] ?? '');
  return failed(
    'apply.partial-toggle',
    `${errors.length} of ${ids.length} tasks could not be ${wantPaused ? 'paused' : 'resumed'} ` +
      `(task ${worst.id}: ${unended(why)})`,
    'Apply again: it reads each task first, and toggles only what needs it.',
  );
}

interface Toggled {
  readonly id: Id;
  readonly result: ToggleResult;
}

/** By reads: a sample of what only the PUTs' own answers tell of, and all of it where that is contradicted. */
async function confirmed(
  ctx: ApplyContext,
  results: readonly Toggled[],
  wantPaused: boolean,
): Promise<readonly Toggled[]> {
  const claimed = results.filter(({ result }) => result === 'claimed').map(({ id }) => id);
  const found = new Map<Id, ToggleResult | 'other'>();
  await walk(ctx, spacedOut(claimed, TASKS_OF.sample), async (own, id) => {
    found.set(id, await readUntil(own, id, wantPaused, { seconds: ctx.settle, mustLast: false }));
  });
  if ([...found.values()].includes('other')) {
    const isOpen = (id: Id) => found.get(id) === undefined || found.get(id) === 'other';
    await walk(ctx, claimed.filter(isOpen), async (own, id) => {
      found.set(id, await toggleTask(own, id, wantPaused, 1));
    });
  }
  return results.map(({ id, result }) => ({ id, result: afterwards(result, found.get(id)) }));
}

/** Of one that was claimed to be toggled; undefined: it was not in the sample, which holds. */
function afterwards(before: ToggleResult, read: ToggleResult | 'other' | undefined): ToggleResult {
  if (before !== 'claimed') return before;
  if (read === undefined || read === 'as-wanted') return 'toggled';
  return read === 'interrupted' || read === 'other' ? 'unconfirmed' : read;
}

/** What has been toggled is told, and so is a toggle that nothing has confirmed: its task is not as it was. */
function interruptedAt(
  batchIds: readonly Id[],
  results: readonly ToggleResult[],
  verb: 'paused' | 'resumed',
): StepResult {
  const count = (...some: ToggleResult[]) => results.filter((result) => some.includes(result)).length;
  if (count('toggled', 'unconfirmed') === 0) return INTERRUPTED;
  const part = {
    done: count('as-wanted', 'toggled'),
    inDoubt: count('unconfirmed'),
    total: results.length - count('over'),
  };
  const outcome = part.done + part.inDoubt < part.total ? 'failed' : 'unknown';
  return cut(outcome, 'apply.partial-toggle', `interrupted: ${partText(part, batchIds, verb)}`);
}

/** The tasks of a batch, once it has got them: one that has just been made may be without for a while. */
async function filledTasks(ctx: ApplyContext, id: Id): Promise<readonly Id[] | StepResult> {
  let shown = shownIn(ctx.observation, id);
  if (seenWhole(ctx, id) !== null) return [...shown.ids];
  const ends = ctx.machineNow() + ctx.settle;
  for (let looks = 0; ; looks += 1) {
    const batch = await found(ctx.api.getBatch(id));
    if (batch !== null) shown = shownWith(shown, batch);
    if (batch !== null && shown.total > 0 && shown.ids.size >= shown.total) return [...shown.ids];
    if (batch !== null && shown.total === 0 && !mayStillFill(batch, ctx.now())) return [];
    if (ctx.machineNow() >= ends) {
      const what = batch === null ? `does not know batch ${id}` : `does not name all tasks of batch ${id}`;
      return failed('apply.partial-toggle', `the API ${what}`, 'Apply again in a moment.');
    }
    if (!(await pause(ctx, nextPause(looks, (ends - ctx.machineNow()) * 1000)))) return INTERRUPTED;
  }
}

/**
 * `as-wanted`: it was before anything was sent. `over`: there is nothing to toggle any more. `claimed`: the PUT has
 * answered that it is toggled; `toggled`: a read has. `unconfirmed`: a stop came between a PUT and the read that would
 * have shown what it did.
 */
type ToggleResult = 'as-wanted' | 'over' | 'claimed' | 'toggled' | 'unconfirmed' | 'interrupted' | Unsettled;
type Unsettled = 'contested' | 'unknown-task' | 'unknown-phase' | ApiError;

function isSettled(result: ToggleResult): result is 'as-wanted' | 'over' | 'toggled' {
  return result === 'as-wanted' || result === 'over' || result === 'toggled';
}

const WHY: Readonly<Record<string, string>> = {
  contested: 'someone else keeps changing it',
  'unknown-task': 'the API does not know it',
  'unknown-phase': 'the API reports a phase that fleetform does not know: a toggle might do the opposite',
};

/** `sent`: how many PUTs there were before, which are no longer in doubt. Once one was a lie, none is believed. */
async function toggleTask(ctx: ApplyContext, id: Id, wantPaused: boolean, sent = 0): Promise<ToggleResult> {
  let lastError: ApiError | undefined;
  for (let toggles = sent; ; toggles += 1) {
    const seconds = toggles === sent ? 0 : doubtAfter(ctx, lastError);
    const before = await readUntil(ctx, id, wantPaused, { seconds, mustLast: toggles > 1 });
    if (before === 'as-wanted' && toggles > 0) return 'toggled';
    if (before === 'interrupted' && toggles > 0 && !isUnsent(lastError)) return 'unconfirmed';
    if (before !== 'other') return before;
    if (lastError !== undefined && isRefusal(lastError)) return lastError;
    if (toggles >= MOST_TOGGLES) return lastError ?? 'contested';
    lastError = undefined;
    try {
      const answered = await ctx.api.toggleTask(id, ctx.beforeSend);
      if (sent === 0 && answered !== null && isAsWanted(answered, wantPaused)) return 'claimed';
    } catch (error) {
      // The read before has shown what became of any other toggle.
      if (error instanceof NotSent) return 'interrupted';
      if (!(error instanceof ApiError)) throw error;
      lastError = error;
    }
  }
}

/** Seconds. A refusal is looked at for a moment, anything else for as long as it may still take effect. */
function doubtAfter(ctx: ApplyContext, error: ApiError | undefined): number {
  const isRefused = error !== undefined && error.outcome === 'none';
  return isRefused ? Math.min(REFUSED_SETTLE, ctx.settle) : ctx.settle;
}

/** It never reached the API. */
function isUnsent(error: ApiError | undefined): boolean {
  return error?.outcome === 'none' && (error.code === 'api.transport' || error.code === 'api.interrupted');
}

/** A refused one is not sent again: had it been done anyway, and a read been behind, that would undo it. */
function isRefusal({ outcome, code }: ApiError): boolean {
  return outcome === 'none' && code !== 'api.rate-limited' && code !== 'api.transport';
}

interface Reading {
  readonly seconds: number;
  /** Of several toggles the one may undo the other, and it is the last moment that counts. */
  readonly mustLast: boolean;
}

/** Reads the task until it is as wanted, for so many seconds at most. */
async function readUntil(
  ctx: ApplyContext,
  id: Id,
  wantPaused: boolean,
  { seconds, mustLast }: Reading,
): Promise<ToggleResult | 'other'> {
  const ends = ctx.machineNow() + seconds;
  for (let looks = 0; ; looks += 1) {
    let task: Task | null;
    try {
      task = await found(ctx.api.getTask(id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.code === 'api.interrupted' ? 'interrupted' : error;
    }
    const msLeft = (ends - ctx.machineNow()) * 1000;
    if (task !== null && isAsWanted(task, wantPaused) && (!mustLast || msLeft <= 0))
      return isFinalTask(task) ? 'over' : 'as-wanted';
    // One answer is no proof that a task is not there: it is asked for again.
    const isUnknown = task === null && looks < UNKNOWN_LOOKS;
    if (msLeft <= 0 && !isUnknown)
      return task === null ? 'unknown-task' : task.phase === 'unknown' ? 'unknown-phase' : 'other';
    if (!(await pause(ctx, nextPause(looks, Math.max(msLeft, isUnknown ? 1000 : 0))))) return 'interrupted';
  }
}

const UNKNOWN_LOOKS = 3;

function isAsWanted(task: Task, wantPaused: boolean): boolean {
  return isFinalTask(task) || (task.phase === 'paused') === wantPaused;
}
