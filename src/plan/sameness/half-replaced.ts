/** An apply ended between the first task that it cancelled, to replace a batch, and the new one. */
import type { ObservedBatch } from '../../model/observed.ts';
import type { StateEntry } from '../../model/state.ts';
import { hasBegun, wasOverBeforeItsTime } from '../world/begun.ts';
import type { Bound } from '../world/bound.ts';
import type { World } from '../world/world.ts';

/**
 * It is to be made again. Unless it had begun, and was to run once more, that is so only where nothing of it has run.
 * `now` in unix seconds.
 */
export function isHalfReplaced(entry: StateEntry, bound: Bound, now: number): boolean {
  return isPartlyCancelled(entry, bound) && (entry.replacing === true || !hasRun(bound, now));
}

/** Some of it has run: to make it again would run that twice. */
export function hasRunInHalf(entry: StateEntry, bound: Bound, now: number): boolean {
  return isPartlyCancelled(entry, bound) && entry.replacing === 'unless-run' && hasRun(bound, now);
}

/** Only its tasks tell whether those that were cancelled had begun. */
export function lookAtHalf(entry: StateEntry, bound: Bound, world: World): void {
  if (!isPartlyCancelled(entry, bound) || entry.replacing === true) return;
  for (const batch of bound.batches)
    if (!wasOverBeforeItsTime(batch, world.now)) world.wantTasks(batch, 'all');
}

function isPartlyCancelled({ replacing }: StateEntry, { tasks }: Bound): boolean {
  return replacing !== undefined && tasks.cancelled > 0;
}

function hasRun({ tasks, batches }: Bound, now: number): boolean {
  const ran = tasks.done + tasks.failed + tasks.running + tasks.unknown;
  return ran > 0 || batches.some((batch) => hadBegun(batch, now));
}

/** As far as anybody knows: one whose cancelled tasks nobody has read may have. */
function hadBegun(batch: ObservedBatch, now: number): boolean {
  const start = batch.executeAt ?? batch.createdAt;
  if (batch.tasks.some((task) => hasBegun(task, start))) return true;
  if (wasOverBeforeItsTime(batch, now)) return false;
  return batch.tasks.filter(({ phase }) => phase === 'cancelled').length < batch.numTasksCancelled;
}
