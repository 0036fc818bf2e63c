/**
 * Is the batch that an answer shows still the one that was bound, and that the plan saw?
 *
 * Invariant: the ids of its tasks are believed as long as nothing or one thing else has changed. What has changed in
 * more than one respect (its time, when it was made, the template that its tasks name) is a stranger's, whatever it
 * is called.
 */
import type { Id } from '../model/ids.ts';
import type { Batch } from '../model/observed.ts';
import { stampsOf } from '../model/recorded.ts';
import type { Shown } from '../model/shown.ts';
import type { Stamp, StateEntry } from '../model/state.ts';
import { found } from '../observe/found.ts';
import { isAnother, timesChanged } from '../plan/sameness/given-away.ts';
import { templateNames, templateVerdict } from '../plan/world/templates.ts';
import type { ApplyContext } from './context.ts';
import { seenIn } from './seen.ts';

/** What is recorded of the batches of an entry. */
export interface Recorded {
  /** What the API said of them when they were bound. */
  readonly stamps?: StateEntry['stamps'] | undefined;
  /** Absent: a person bound it, whatever it runs. */
  readonly template?: StateEntry['spec']['template'] | undefined;
}

/** Where nothing was recorded, what the plan saw has to do. */
export function stampOf(ctx: ApplyContext, id: Id, { stamps = {} }: Recorded): Stamp | undefined {
  if (Object.hasOwn(stamps, id)) return stamps[id];
  const seen = seenIn(ctx.observation.batches, id);
  return seen === undefined ? undefined : stampsOf([seen])[id];
}

/** `shown`: its tasks, by the looks that were certainly at it. Reads a task where one of its times has changed. */
export async function isStranger(
  ctx: ApplyContext,
  batch: Batch,
  recorded: Recorded,
  { ids }: Shown,
): Promise<boolean> {
  const stamp = stampOf(ctx, batch.id, recorded);
  if (stamp === undefined) return false;
  // An answer may lack the very task that was recorded, and name others of the same batch.
  const known = batch.taskIds.find((id) => ids.has(id));
  const isLacking = !batch.taskIds.includes(stamp.taskId ?? '');
  if (isAnother(isLacking && known !== undefined ? { ...stamp, taskId: known } : stamp, batch)) return true;
  return timesChanged(stamp, batch) > 0 && (await hasOtherTemplate(ctx, batch, recorded));
}

async function hasOtherTemplate(ctx: ApplyContext, batch: Batch, { template }: Recorded): Promise<boolean> {
  const [first] = batch.taskIds;
  const task = first === undefined ? null : await found(ctx.api.getTask(first));
  if (task === null || template === undefined) return false;
  const names = templateNames(ctx.observation.templates, null, [template]);
  return templateVerdict(template.id, [task], names) === 'no';
}
