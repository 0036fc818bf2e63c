/**
 * The search for the batch of one create that got no clear answer: a fresh look at the lists, and at the tasks of
 * whatever is new there and nobody's.
 */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import type { Intent, State } from '../model/state.ts';
import type { Match } from '../plan/sameness/match.ts';
import { byTurns, matchNew, ownedBatches } from '../plan/sameness/settle.ts';
import { lacksMade, newestOf, type Sight, sightOf } from '../plan/sameness/sight.ts';
import { mayBeNewBatchOf } from '../plan/sameness/times.ts';
import { withTasks } from './tasks.ts';

export interface FreshLook {
  readonly match: Match;
  readonly sight: Sight;
}

/**
 * `current`: the state as it is when the lists have been read, and not before: a batch that another create has made
 * meanwhile is owned by then, or that create is still waiting for its answer, and may want the same one.
 * `made`: batches that certainly were made before it.
 */
export async function lookForBatch(
  api: FleetApi,
  intent: Intent,
  current: () => State,
  observation: Pick<Observation, 'templates' | 'inventory'>,
  made: readonly Id[] = [],
): Promise<FreshLook> {
  const listed = await api.listBatches();
  const before = ownedBatches(current());
  const fresh = listed.filter((batch) => !before.has(batch.id) && mayBeNewBatchOf(intent, batch));
  const looks = new Map(fresh.map((batch) => [batch.id, 'sample' as const]));
  const observed = await withTasks(api, fresh, [], looks, observation.templates);
  const state = current();
  const owned = ownedBatches(state);
  const free = observed.filter((batch) => !owned.has(batch.id));
  const rivals = byTurns(state.intents).mayHaveBeenSent.filter(({ address }) => address !== intent.address);
  const match = matchNew([intent, ...rivals], free, observation.inventory).get(intent.address);
  return {
    match: match ?? { verdict: 'absent' },
    sight: lacksMade(listed, made) ? 'behind' : sightOf(intent, listed, newestOf(listed)),
  };
}
