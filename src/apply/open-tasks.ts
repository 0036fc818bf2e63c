/**
 * What is not over of the batches that are to be cancelled: from what the plan saw a moment ago, or by reading them.
 *
 * Invariant: no task is called over that no read of the API has shown to be, and no task is forgotten that any look has
 * shown. The answer to a write is no read. What is known of single tasks is kept, so that none is read twice.
 */
import { finishedTasks, isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, ObservedBatch, Task } from '../model/observed.ts';
import { NOTHING_SHOWN, type Shown, shownWith } from '../model/shown.ts';
import { found } from '../observe/found.ts';
import { readHistory } from '../observe/history.ts';
import { LONGEST_LOOK } from '../observe/observe.ts';
import { mayStillFill } from '../plan/sameness/evidence.ts';
import { isAnother } from '../plan/sameness/given-away.ts';
import { mayBeFull } from '../plan/sameness/sight.ts';
import type { ApplyContext } from './context.ts';
import { seenIn, seenWhole, shownIn } from './seen.ts';
import { isStranger, type Recorded, stampOf } from './strange.ts';
import { walk } from './walk.ts';

/** What is known of the batches of one change. */
export interface Bound extends Recorded {
  /** Unix seconds: when they were bound; null: by somebody else. What is younger than doubt is not believed to be gone. */
  readonly boundAt: number | null;
  /** Tasks that a read of the API has shown to be over. */
  readonly over: Set<Id>;
  /** By batch: what all looks of this apply have shown of it. */
  readonly shown: Map<Id, Shown>;
}

/** Of one batch. */
export interface OpenTasks {
  readonly batchId: Id;
  /** Not known to be over. */
  readonly ids: readonly Id[];
  /** How many of those are over all the same, by the batch's counters: only a read tells which. */
  readonly hidden: number;
  /** How many more are not over, and not named either. */
  readonly untold: number;
  /** The API does not know it, without anything that confirms that. */
  readonly isUnknown: boolean;
  /** Another by now than the one that was bound. */
  readonly isStrange: boolean;
  /** As the plan saw it, and not read since. */
  readonly isByPlan: boolean;
}

export function isOver({ ids, untold, isUnknown, isStrange }: OpenTasks): boolean {
  return ids.length + untold === 0 && !isUnknown && !isStrange;
}

/** As the plan saw it, where that was a moment ago. */
export async function firstLook(ctx: ApplyContext, id: Id, bound: Bound): Promise<OpenTasks> {
  const seen = seenWhole(ctx, id);
  if (seen === null) return openTasks(ctx, id, bound);
  const stamp = stampOf(ctx, id, bound);
  if (stamp !== undefined && isAnother(stamp, seen)) return { ...nothingOf(id), isStrange: true };
  for (const task of seen.tasks) if (isFinalTask(task)) bound.over.add(task.id);
  return { ...openOf(ctx, seen, bound), isByPlan: true };
}

export async function openTasks(ctx: ApplyContext, id: Id, bound: Bound): Promise<OpenTasks> {
  const batch = await found(ctx.api.getBatch(id));
  if (batch === null) return unknownBatch(ctx, id, bound);
  const isStrange = await isStranger(ctx, batch, bound, shownOf(ctx, id, bound));
  return isStrange ? { ...nothingOf(id), isStrange } : openOf(ctx, batch, bound);
}

/** What the plan saw of a batch that was another by then is nothing of ours. */
function shownOf(ctx: ApplyContext, id: Id, bound: Bound): Shown {
  const before = bound.shown.get(id);
  if (before !== undefined) return before;
  const seen = seenIn(ctx.observation.batches, id);
  const stamp = stampOf(ctx, id, bound);
  const isAlien = seen !== undefined && stamp !== undefined && isAnother(stamp, seen);
  return isAlien ? NOTHING_SHOWN : shownIn(ctx.observation, id);
}

/** Which of them are really not over: reads, where the batch's counters alone do not tell. */
export async function exactly(ctx: ApplyContext, open: OpenTasks, { over }: Bound): Promise<OpenTasks> {
  if (open.hidden === 0) return open;
  const api = ctx.api.within(LONGEST_LOOK);
  await walk(ctx, open.ids, async (_, id) => {
    const task = await found(api.getTask(id));
    // One that the API answers 404 for may be open as well.
    if (task !== null && isFinalTask(task)) over.add(id);
  });
  return { ...open, ids: open.ids.filter((id) => !over.has(id)), hidden: 0 };
}

function openOf(ctx: ApplyContext, batch: Batch, bound: Bound): OpenTasks {
  const { id } = batch;
  const none = nothingOf(id);
  const shown = shownWith(shownOf(ctx, id, bound), batch);
  bound.shown.set(id, shown);
  // It may only not have got its tasks yet.
  if (shown.total === 0) return { ...none, untold: mayStillFill(batch, ctx.now()) ? 1 : 0 };
  const finished = finishedTasks(batch);
  if (finished >= shown.total) return none;
  const ids = [...shown.ids].filter((taskId) => !bound.over.has(taskId));
  const known = shown.ids.size - ids.length;
  return {
    ...none,
    ids,
    hidden: Math.min(ids.length, Math.max(0, finished - known)),
    untold: Math.max(0, shown.total - Math.max(finished, shown.ids.size)),
  };
}

function nothingOf(batchId: Id): OpenTasks {
  return { batchId, ids: [], hidden: 0, untold: 0, isUnknown: false, isStrange: false, isByPlan: false };
}

/**
 * A 404 alone proves nothing. Gone is only what is older than doubt, not listed, and of which no single task is
 * known any more.
 */
async function unknownBatch(ctx: ApplyContext, id: Id, bound: Bound): Promise<OpenTasks> {
  const { boundAt } = bound;
  const seen = seenIn(ctx.observation.batches, id);
  const none = nothingOf(id);
  const taskIds = [...shownOf(ctx, id, bound).ids];
  const api = ctx.api.within(LONGEST_LOOK);
  const tasks = await walk(ctx, taskIds, (_, taskId) => found(api.getTask(taskId)));
  const alive = tasks.filter((task): task is Task => task !== null);
  if (alive.length > 0) {
    const open = alive.filter((task) => !isFinalTask(task)).map((task) => task.id);
    return open.length === 0 && alive.length < taskIds.length
      ? { ...none, isUnknown: true }
      : { ...none, ids: open };
  }
  const isYoung = boundAt === null || ctx.now() < boundAt + ctx.settle;
  const isConfirmed = seen !== undefined && taskIds.length > 0 && !isYoung && (await isUnlisted(ctx, seen));
  return { ...none, isUnknown: !isConfirmed };
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
