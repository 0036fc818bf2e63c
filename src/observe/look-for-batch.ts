/**
 * The search for the batch of one create that got no clear answer: a fresh look at the lists, and at the tasks of
 * whatever is new there and nobody's.
 */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import type { Intent } from '../model/state.ts';
import { type Match, matchKind } from '../plan/match.ts';
import { mayBeNewBatchOf, mayBeOutOfSight } from '../plan/settle.ts';
import { withTasks } from './tasks.ts';

export interface FreshLook {
  readonly match: Match;
  /** So many new batches are in the list that ours may have been pushed out of it. */
  readonly isOverrun: boolean;
}

export async function lookForBatch(
  api: FleetApi,
  intent: Intent,
  owned: ReadonlySet<Id>,
  observation: Pick<Observation, 'templates' | 'inventory'>,
): Promise<FreshLook> {
  const listed = await api.listBatches();
  const free = listed
    .map((batch) => ({ ...batch, tasks: [], templateName: null }))
    .filter((batch) => !owned.has(batch.id) && mayBeNewBatchOf(intent, batch));
  const looks = new Map(free.map((batch) => [batch.id, 'sample' as const]));
  const candidates = await withTasks(api, free, [], looks, observation.templates);
  const match = matchKind(
    new Map([[intent.address, intent.spec]]),
    candidates,
    observation.inventory,
    true,
  ).get(intent.address);
  return {
    match: match ?? { verdict: 'absent' },
    isOverrun: mayBeOutOfSight(intent, listed),
  };
}
