/** batches → batches with their tasks, looked at as closely as each deserves. */
import type { FleetApi } from '../api/port.ts';
import { templateNameOf } from '../api/task-name.ts';
import { groupBy } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, ObservedBatch, Task, Template } from '../model/observed.ts';
import type { TaskLook } from '../plan/looks.ts';
import { found } from './found.ts';

/** A sample is spread over the whole batch: tasks of one fleet tend to stand together. */
const SAMPLE = 24;

export async function withTasks(
  api: FleetApi,
  batches: readonly Batch[],
  listed: readonly Task[],
  looks: ReadonlyMap<Id, TaskLook>,
  templates: readonly Template[],
): Promise<ObservedBatch[]> {
  const byBatch = groupBy(listed, (task) => task.batchId);
  return Promise.all(
    batches.map(async (batch) => {
      const known = byBatch.get(batch.id) ?? [];
      const tasks = await tasksFor(api, batch, known, looks.get(batch.id));
      return { ...batch, tasks, templateName: templateNameOf(tasks, templates) };
    }),
  );
}

/** The listed tasks alone would be a lopsided sample: they are the last ones of the batch. */
async function tasksFor(
  api: FleetApi,
  batch: Batch,
  known: readonly Task[],
  look: TaskLook | undefined,
): Promise<readonly Task[]> {
  if (look === undefined || known.length >= batch.taskIds.length) return known;
  const byId = new Map(known.map((task) => [task.id, task]));
  const ids = look === 'all' ? batch.taskIds : spread(batch.taskIds, SAMPLE);
  const tasks = await Promise.all(ids.map(async (id) => byId.get(id) ?? found(api.getTask(id))));
  return tasks.filter((task) => task !== null);
}

function spread(ids: readonly Id[], count: number): Id[] {
  if (ids.length <= count) return [...ids];
  return Array.from({ length: count }, (_, i) => ids[Math.floor((i * ids.length) / count)]!);
}
