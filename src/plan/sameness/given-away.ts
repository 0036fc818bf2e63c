/**
 * A bound id under which the API shows another batch than was recorded: it has given the id to somebody else since.
 * Nothing that is seen of it is ours, and nothing of it is touched.
 */
import type { ObservedBatch } from '../../model/observed.ts';
import type { Stamp, StateEntry } from '../../model/state.ts';
import { templateVerdict } from '../world/templates.ts';
import type { World } from '../world/world.ts';
import { ranAtOnce, TOLERANCE } from './times.ts';

/** The batches of an entry that are not those that were bound. `isTouched`: something is about to be done to them. */
export function givenAway(entry: StateEntry, world: World, isTouched: boolean): ObservedBatch[] {
  return entry.batchIds
    .flatMap((id) => world.byId.get(id) ?? [])
    .filter((batch) => {
      const stamp = stampOf(entry, batch);
      const known = stamp?.taskId ?? null;
      // Tasks are no other batch's: where one was recorded, it alone tells.
      if (known !== null && batch.taskIds.length > 0) return !batch.taskIds.includes(known);
      if (isTouched) world.wantTasks(batch, 'sample');
      return hasOtherTime(entry, stamp, batch) || hasOtherTemplate(entry, batch, world);
    });
}

function stampOf({ stamps }: StateEntry, { id }: ObservedBatch): Stamp | undefined {
  return stamps !== undefined && Object.hasOwn(stamps, id) ? stamps[id] : undefined;
}

function hasOtherTime({ spec }: StateEntry, stamp: Stamp | undefined, batch: ObservedBatch): boolean {
  const differs = (a: number | null, b: number | null) =>
    a !== null && b !== null && Math.abs(a - b) > TOLERANCE;
  if (stamp !== undefined) {
    return differs(stamp.createdAt, batch.createdAt) || differs(stamp.executeAt, batch.executeAt);
  }
  // A time that had passed when it was made may have become the API's own present.
  return differs(spec.executeAt, batch.executeAt) && !(ranAtOnce(batch) && isLater(spec.executeAt, batch));
}

function isLater(executeAt: number | null, { createdAt }: ObservedBatch): boolean {
  return executeAt === null || createdAt === null || createdAt >= executeAt - TOLERANCE;
}

function hasOtherTemplate({ spec }: StateEntry, { tasks }: ObservedBatch, { names }: World): boolean {
  return templateVerdict(spec.template.id, tasks, names) === 'no';
}
