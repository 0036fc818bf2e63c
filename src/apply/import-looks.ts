/**
 * What is live, seen until it stands still. One look is no single moment: its lists are answered one after the other,
 * perhaps by nodes of which one is behind, so a batch may be cancelled between them.
 *
 * Invariant: what has ended stays so. Whichever answer says it of a task or of a batch, in whichever look: the batch
 * counts that task as ended, and none that is bound was seen to be over.
 */
import type { FleetApi } from '../api/port.ts';
import { batchPhase, isFinalTask, isLive } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, ObservedBatch, Task } from '../model/observed.ts';
import { look } from '../observe/observe.ts';
import { liveIn } from '../plan/review/live-batches.ts';
import { type Asked, noQuestions } from '../plan/world/asked.ts';

/** More would be an account that changes faster than it can be looked at: the last look is what counts then. */
const MOST_LOOKS = 4;

/**
 * What `settle` makes of a look that the lists, asked for once more, do not contradict. `ask`: what a plan of it asks for
 * besides; `boundIn`: what must still be live. Throws as `look` does, and what `settle` throws.
 */
export async function lookUntilStill<T>(
  { api, now }: { readonly api: FleetApi; readonly now: () => number },
  ask: (seen: Observation) => Promise<Asked>,
  settle: (seen: Observation) => Promise<T>,
  boundIn: (settled: T) => readonly Id[],
): Promise<{ settled: T; observation: Observation }> {
  let before: Observation | null = null;
  for (let looks = 1; ; looks += 1) {
    const observation: Observation = withEnds(await closely(api, now, before, ask), before);
    const settled = await settle(observation);
    if (looks === MOST_LOOKS) return { settled, observation };
    const again = withEnds(await look(api, now, async () => noQuestions()), observation);
    if (isSame(observation, again, boundIn(settled))) return { settled, observation };
    before = again;
  }
}

function closely(
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

/** What is out of the lists' sight by now says nothing. */
function isSame(one: Observation, other: Observation, ids: readonly Id[]): boolean {
  const before = new Map(one.batches.map((batch) => [batch.id, batch]));
  const after = new Map(other.batches.map((batch) => [batch.id, batch]));
  return ids.every((id) => {
    const now = after.get(id);
    if (now === undefined) return other.batchListFull;
    return isLive(batchPhase(now, other.at)) && now.numTasksCancelled === before.get(id)?.numTasksCancelled;
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
