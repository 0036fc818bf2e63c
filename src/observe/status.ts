/** What `fleetform status` reads: the recorded batches, and what failed in them. */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, Task } from '../model/observed.ts';
import { ownedBatches } from '../model/recorded.ts';
import { found } from './found.ts';
import { mapInFlight } from './map-in-flight.ts';
import { LONGEST_LOOK, type ObserveInput, observeBound } from './observe.ts';
import { untilFailure } from './until-failure.ts';

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
  about: Pick<ObserveInput, 'state' | 'now'>,
): Promise<StatusLook> {
  return untilFailure(client.within(LONGEST_LOOK), (api) => boundAndFailed(api, about));
}

async function boundAndFailed(
  api: FleetApi,
  { state, now }: Pick<ObserveInput, 'state' | 'now'>,
): Promise<StatusLook> {
  const observation = await observeBound(api, { state, now });
  const owned = ownedBatches(await state);
  const troubled = observation.batches.filter((batch) => batch.numTasksFailed > 0 && owned.has(batch.id));
  const ids = troubled.flatMap(({ taskIds }) => taskIds);
  const tasks = new Map<Id, Task>();
  for (const task of await mapInFlight(api, ids, (id) => found(api.getTask(id)))) {
    if (task?.phase === 'failed') tasks.set(task.id, task);
  }
  const failedOf = (of: readonly Id[]) => of.flatMap((id) => tasks.get(id) ?? []);
  return { observation, failed: new Map(troubled.map(({ id, taskIds }) => [id, failedOf(taskIds)])) };
}
