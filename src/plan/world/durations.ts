/**
 * How long do runs of a template usually take? By the batches in sight that ran to their end.
 *
 * Invariant: of what is not certainly a whole run of that template nothing is counted, and of too few nothing is said.
 */
import { batchPhase } from '../../model/batch-phase.ts';
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import { taskNameOf } from './templates.ts';
import type { World } from './world.ts';

/** Batches that it takes to call something usual. */
const ENOUGH = 3;
/** Seconds. What took longer was paused for days, or has a time in another unit. */
const LONGEST = 7 * 86_400;

/** Seconds from a run's time to the end of its last task, the median; null: too few are in sight. */
export function usualDurations(
  world: Pick<World, 'observation' | 'names' | 'now'>,
): (template: Id) => number | null {
  const known = world.observation.batches.flatMap((batch) => {
    const template = templateOf(batch, world);
    const seconds = durationOf(batch, world.now);
    return template === null || seconds === null ? [] : [{ template, seconds }];
  });
  const byTemplate = groupBy(known, ({ template }) => template);
  return (template) => {
    const durations = (byTemplate.get(template) ?? []).map(({ seconds }) => seconds);
    return durations.length < ENOUGH ? null : median(durations);
  };
}

/** null: nobody looked at its tasks, or several templates have or had their name. */
function templateOf({ tasks }: ObservedBatch, { names }: Pick<World, 'names'>): Id | null {
  const name = taskNameOf(tasks);
  const [template, ...others] = (name === null ? undefined : names.ever.get(name)) ?? [];
  return template === undefined || others.length > 0 ? null : template;
}

/** null: it has not run to its end, nothing of it did what it was to do, or its times tell nothing. */
function durationOf(batch: ObservedBatch, now: number): number | null {
  const phase = batchPhase(batch, now);
  if ((phase !== 'done' && phase !== 'failed') || batch.numTasksOk === 0 || batch.numTasksCancelled > 0)
    return null;
  const start = startOf(batch);
  const end = batch.finishedAt ?? endOfTasks(batch);
  if (start === null || end === null || end > now) return null;
  const duration = end - start;
  return duration > 0 && duration <= LONGEST ? duration : null;
}

/** One that was made after its time ran as soon as it was made. */
function startOf({ executeAt, createdAt }: ObservedBatch): number | null {
  if (executeAt === null || createdAt === null) return executeAt ?? createdAt;
  return Math.max(executeAt, createdAt);
}

/** Of a sample, the last one that is known: it took at least that long. */
function endOfTasks({ tasks }: ObservedBatch): number | null {
  const ends = tasks.flatMap(({ finishedAt }) => finishedAt ?? []);
  return ends.length === 0 ? null : ends.reduce((a, b) => Math.max(a, b));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return Math.round((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2);
}
