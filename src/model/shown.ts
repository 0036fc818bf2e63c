/**
 * The tasks of a batch, as all looks together show them. A batch never loses a task, so an answer that names fewer than
 * one before is behind, or lacks rows: it takes nothing away.
 */
import type { Id } from './ids.ts';
import type { Batch, ObservedBatch, Task } from './observed.ts';

/** Of one batch. */
export interface Shown {
  readonly ids: ReadonlySet<Id>;
  /** How many tasks it has at least: as many as are named, or as many as any answer has counted. */
  readonly total: number;
}

export const NOTHING_SHOWN: Shown = { ids: new Set(), total: 0 };

/** `batch`: what one more look says. */
export function shownWith(
  { ids, total }: Shown,
  batch: Pick<Batch, 'numTasks' | 'taskIds'> & Partial<Pick<ObservedBatch, 'tasks'>>,
): Shown {
  const all = new Set([...ids, ...batch.taskIds, ...(batch.tasks ?? []).map(({ id }) => id)]);
  return { ids: all, total: Math.max(total, batch.numTasks, all.size) };
}

/**
 * With the tasks that say that they are its own, whether it names them or not, and counted with them. Its `taskIds`
 * stay its own words: by them it is known again.
 */
export function withUnnamed(batch: ObservedBatch, known: readonly Task[]): ObservedBatch {
  if (known.length === 0) return batch;
  const there = new Set([...batch.taskIds, ...batch.tasks.map(({ id }) => id)]);
  const tasks = [...batch.tasks, ...known.filter(({ id }) => !there.has(id))];
  const { total } = shownWith(NOTHING_SHOWN, { ...batch, tasks });
  if (total <= batch.taskIds.length) return batch;
  const counted = { ...batch, tasks, numTasks: total };
  if (tasks.length < total) return counted;
  // Each of them is seen, and its counters may know nothing of those that it does not name.
  const of = (phase: Task['phase']) => tasks.filter((task) => task.phase === phase).length;
  return {
    ...counted,
    numTasksOk: Math.max(batch.numTasksOk, of('done')),
    numTasksFailed: Math.max(batch.numTasksFailed, of('failed')),
    numTasksCancelled: Math.max(batch.numTasksCancelled, of('cancelled')),
  };
}
