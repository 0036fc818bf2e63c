/**
 * The search for the batch of one create that got no clear answer: a fresh look at the lists, at the last tasks of
 * some of its target's game servers, and at whatever is new there and unmanaged.
 */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, ObservedBatch } from '../model/observed.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { Intent, Spec, State } from '../model/state.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { settleIntents, type Unsettled } from '../plan/sameness/settle.ts';
import { batchListOf, isPoorer, lacksMade, sightOf } from '../plan/sameness/sight.ts';
import { createWorld, NOTHING_WANTED, type World } from '../plan/world/world.ts';
import { look } from './observe.ts';

export interface Search {
  readonly api: FleetApi;
  /** Unix seconds, by this machine's clock. */
  readonly now: () => number;
  /** Seconds for which its create is in doubt. */
  readonly settle: number;
  /** Seconds since it was sent. */
  readonly watched: () => number;
  /**
   * The state as it is when the lists have been read, and not before: a batch that another create has made meanwhile
   * is owned by then, or that create is still waiting for its answer, and may want the same one.
   */
  readonly current: () => State;
  /** What the plan was made from: what its target held before it was sent. */
  readonly before: Observation;
  /** Batches that certainly were made before it. */
  readonly made: readonly Id[];
}

export type Sighting =
  | { readonly verdict: 'found'; readonly batch: ObservedBatch }
  /** `isOverrun`: only the game servers tell, and a batch may get its tasks late. */
  | { readonly verdict: 'absent'; readonly isOverrun: boolean }
  | { readonly verdict: 'unsure'; readonly why: Unsettled['why']; readonly candidates: readonly Id[] };

/** Milliseconds: others wait for their turn meanwhile. */
const LONGEST_SEARCH = 120_000;

export interface Searched {
  readonly sighting: Sighting;
  readonly newestListed: number | null;
}

/** `newestBefore`: what earlier looks listed; one that lacks it counts for nothing. */
export async function lookForMade(
  search: Search,
  intent: Intent,
  newestBefore: number | null,
): Promise<Searched> {
  const { api, made, before, current } = search;
  const then = worldOf(before, null, search);
  const beforeOf = (spec: Spec) => then.servers(spec);
  const settled = (world: World, state: State) =>
    settleIntents(state, world, ({ spec, servers }) => ({ servers: beforeOf(spec), count: servers ?? null }));
  const relevant = () => {
    const state = current();
    return state.intents.some(({ id }) => id === intent.id)
      ? state
      : { ...state, intents: [...state.intents, intent] };
  };
  const observation = await look(
    api,
    search.now,
    (seen) => {
      const state = relevant();
      const world = worldOf(seen, state, search);
      settled(world, state);
      return world.asked;
    },
    LONGEST_SEARCH,
  );
  const state = relevant();
  const { found, unclear } = settled(worldOf(observation, state, search), state);
  const { newestListed } = observation;
  const own = found.find((one) => one.intent.id === intent.id);
  if (own !== undefined && !ownedBatches(state).has(own.batch.id)) {
    return { sighting: { verdict: 'found', batch: own.batch }, newestListed };
  }
  const doubt = unclear.find((one) => one.intent.id === intent.id);
  if (doubt !== undefined) return { sighting: { verdict: 'unsure', ...doubt }, newestListed };
  const isBehind = isPoorer(newestListed, newestBefore) || lacksMade(batchListOf(observation), made);
  return {
    sighting: isBehind
      ? { verdict: 'unsure', why: 'behind', candidates: [] }
      : { verdict: 'absent', isOverrun: sightOf(intent, batchListOf(observation)) === 'overrun' },
    newestListed,
  };
}

function worldOf(observation: Observation, state: State | null, { settle, watched }: Search): World {
  const now = observation.at;
  return createWorld({
    desired: NOTHING_WANTED,
    state,
    observation,
    now,
    settle,
    watched: watched(),
    mode: 'normal',
    scope: WHOLE,
  });
}
