/** What `fleetform status` reads: the recorded batches, and what failed in them. */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, Task } from '../model/observed.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { found } from './found.ts';
import { LONGEST_LOOK, observeBound } from './observe.ts';

export interface StatusLook {
  readonly observation: Observation;
  /** Batch id → its failed tasks. */
  readonly failed: ReadonlyMap<Id, readonly Task[]>;
}

/**
 * What is bound, and which tasks of it have failed. Throws as `observe` does; one look takes no longer than any other.
 */
export async function lookAtStatus(
  client: FleetApi,
  { state, now }: { readonly state: State | null; readonly now: () => number },
): Promise<StatusLook> {
  const api = client.within(LONGEST_LOOK);
  const observation = await observeBound(api, { state, now });
  const owned = ownedBatches(state);
  const troubled = observation.batches.filter((batch) => batch.numTasksFailed > 0 && owned.has(batch.id));
  const failed = await Promise.all(
    troubled.map(async ({ id, taskIds }): Promise<[Id, Task[]]> => {
      const tasks = await Promise.all(taskIds.map((task) => found(api.getTask(task))));
      return [id, tasks.filter((task) => task !== null).filter((task) => task.phase === 'failed')];
    }),
  );
  return { observation, failed: new Map(failed) };
}
