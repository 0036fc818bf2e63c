/**
 * A bound id under which the API shows something else than was recorded: it has given the id to somebody else since, or
 * the record was changed by hand. Nothing that is seen of it is ours, and nothing of it is touched.
 */
import type { Id } from '../../model/ids.ts';
import type { Batch, ObservedBatch } from '../../model/observed.ts';
import type { Stamp, StateEntry } from '../../model/state.ts';
import { specDigest } from '../world/spec.ts';
import { templateVerdict } from '../world/templates.ts';
import type { World } from '../world/world.ts';
import { DOUBT_TOLERANCE, ranAtOnce, TOLERANCE } from './times.ts';

/** The batches of an entry that are not those that were bound. `isTouched`: something is about to be done to them. */
export function givenAway(entry: StateEntry, world: World, isTouched: boolean): ObservedBatch[] {
  // A spec that was changed by hand says of a stranger's batch what its author likes.
  const isChanged = isTouched && specDigest(entry.spec) !== entry.digest;
  return entry.batchIds
    .flatMap((id) => world.byId.get(id) ?? [])
    .filter((batch) => {
      const stamp = stampOf(entry, batch);
      if (isChanged || (stamp !== undefined && isAnother(stamp, batch))) return true;
      if (isTouched) world.wantTasks(batch, 'one');
      // Whoever has bound it by hand has said that it is the one, whatever it looks like.
      if (entry.imported === true) return false;
      return hasOtherTemplate(entry, batch, world) || hasOtherTime(entry, batch, stamp !== undefined);
    });
}

/** Is this what the API says of another batch than it was when that was bound? */
export function isAnother(stamp: Stamp, batch: Batch): boolean {
  const changed = timesChanged(stamp, batch);
  return tellsTask(stamp, batch) ? !batch.taskIds.includes(stamp.taskId) || changed > 1 : changed > 0;
}

/** How many of the times that were stamped are others now. The API may move one of them; of its own batch, never all. */
export function timesChanged(stamp: Stamp, batch: Batch): number {
  return [differs(stamp.createdAt, batch.createdAt), differs(stamp.executeAt, batch.executeAt)].filter(
    Boolean,
  ).length;
}

/** Tasks are no other batch's: where one was recorded, it tells, unless all else has changed. */
function tellsTask(stamp: Stamp, { taskIds }: Batch): stamp is Stamp & { readonly taskId: Id } {
  return stamp.taskId !== undefined && stamp.taskId !== null && taskIds.length > 0;
}

function differs(a: number | null, b: number | null, tolerance = TOLERANCE): boolean {
  return a !== null && b !== null && Math.abs(a - b) > tolerance;
}

function stampOf({ stamps }: StateEntry, { id }: ObservedBatch): Stamp | undefined {
  return stamps !== undefined && Object.hasOwn(stamps, id) ? stamps[id] : undefined;
}

/** `isStamped`: it was bound as what it is; its words may have changed since, by no more than the tolerance each time. */
function hasOtherTime({ spec }: StateEntry, batch: ObservedBatch, isStamped: boolean): boolean {
  const tolerance = isStamped ? DOUBT_TOLERANCE : TOLERANCE;
  // A time that had passed when it was made may have become the API's own present.
  return (
    differs(spec.executeAt, batch.executeAt, tolerance) &&
    !(ranAtOnce(batch) && isLater(spec.executeAt, batch))
  );
}

function isLater(executeAt: number | null, { createdAt }: ObservedBatch): boolean {
  return executeAt === null || createdAt === null || createdAt >= executeAt - TOLERANCE;
}

function hasOtherTemplate({ spec }: StateEntry, { tasks }: ObservedBatch, { names }: World): boolean {
  return templateVerdict(spec.template.id, tasks, names) === 'no';
}
