/**
 * What is live, seen twice. One look is no single moment: its lists are answered one after the other, perhaps by nodes
 * of which one is behind, so a batch may be cancelled between them.
 *
 * Invariant: what has ended stays so. Whichever answer says it of a task or of a batch, in whichever look: the batch
 * counts that task as ended, and none that is bound was seen to be over.
 */
import type { FleetApi } from '../api/port.ts';
import { isFinalTask } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, ObservedBatch, Task } from '../model/observed.ts';
import { look } from '../observe/observe.ts';
import { liveIn } from '../plan/review/live-batches.ts';
import { type Asked, noQuestions } from '../plan/world/asked.ts';

/** `ask`: what a plan of it asks for besides. Throws as `look` does. */
export async function lookTwice(
  api: FleetApi,
  now: () => number,
  ask: (seen: Observation) => Promise<Asked>,
): Promise<Observation> {
  const first = withEnds(await once(api, now, null, async () => noQuestions()), null);
  if (liveIn(first).length === 0) return first;
  return withEnds(await once(api, now, first, ask), first);
}

function once(
  api: FleetApi,
  now: () => number,
  before: Observation | null,
  ask: (seen: Observation) => Promise<Asked>,
): Promise<Observation> {
  const closer = closeLook();
  return look(api, now, async (raw) => {
    const seen = withEnds(raw, before);
    return closer(seen) ?? ask(seen);
  });
}

/** What has to be known of the live ones before anything can be said of them, each asked once; null: nothing more. */
function closeLook(): (seen: Observation) => Asked | null {
  const done = new Set<Id>();
  let isFirst = true;
  return (seen) => {
    const asked = noQuestions();
    for (const { id } of liveIn(seen)) if (!done.has(id)) asked.tasks.set(id, 'all');
    for (const id of asked.tasks.keys()) done.add(id);
    asked.homes = isFirst;
    isFirst = false;
    return asked.homes || asked.tasks.size > 0 ? asked : null;
  };
}

/** With all that has ended by its tasks, and by an earlier look. */
export function withEnds(observation: Observation, before: Observation | null): Observation {
  const earlier = new Map((before?.batches ?? []).map((batch) => [batch.id, batch]));
  const batches = observation.batches.map((batch) => ended(batch, earlier.get(batch.id)));
  return { ...observation, batches };
}

function ended(batch: ObservedBatch, earlier: ObservedBatch | undefined): ObservedBatch {
  const over = new Map((earlier?.tasks ?? []).filter(isFinalTask).map((task) => [task.id, task]));
  const tasks = batch.tasks.map((task) => (isFinalTask(task) ? task : (over.get(task.id) ?? task)));
  const most = (count: 'numTasksOk' | 'numTasksFailed' | 'numTasksCancelled', phase: Task['phase']): number =>
    Math.max(batch[count], earlier?.[count] ?? 0, tasks.filter((task) => task.phase === phase).length);
  return {
    ...batch,
    tasks,
    numTasksOk: most('numTasksOk', 'done'),
    numTasksFailed: most('numTasksFailed', 'failed'),
    numTasksCancelled: most('numTasksCancelled', 'cancelled'),
  };
}
