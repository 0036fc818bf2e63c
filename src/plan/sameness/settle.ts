/**
 * Leftover intents: creates that an earlier apply wrote down and did not live to record.
 *
 * A new batch of its template, time and game servers that nobody owns is an intent's batch, unless it could be that of
 * another as well; then it is a question for a person. That there is none counts only once doubt is over, and when
 * more than one source shows it.
 */
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import { boundEntry, ownedBatches } from '../../model/recorded.ts';
import type { Intent, State, StateEntry } from '../../model/state.ts';
import type { TargetHistory } from '../world/target-servers.ts';
import type { World } from '../world/world.ts';
import { compareNew, type Surroundings } from './evidence.ts';
import { ABSENT, assign, type Edge, edge, type Match } from './match.ts';
import { type BatchList, batchListOf, boundsOf, reachesOlder, type Sight, sightOf } from './sight.ts';
import { DOUBT_TOLERANCE, newTimeVerdict, timeDistance, turnOf } from './times.ts';

export interface Settlement {
  /** Intents whose batch was found. */
  readonly found: readonly { readonly intent: Intent; readonly batch: ObservedBatch }[];
  /** Intents that made nothing: certainly never sent, or sent, and certainly not there. */
  readonly nothing: readonly Intent[];
  readonly unclear: readonly Unsettled[];
}

/**
 * Why it is unknown. `doubt`: it was sent a moment ago, and may still take effect.
 */
export type Unsure = Exclude<Sight, 'clear'> | 'candidates' | 'doubt';

export interface Unsettled {
  readonly intent: Intent;
  readonly why: Unsure;
  readonly candidates: readonly Id[];
  /** Seconds for which it is still in doubt, whatever is seen; 0 or less: no longer. */
  readonly left: number;
}

export const NOTHING_LEFT: Settlement = { found: [], nothing: [], unclear: [] };

/** `before`: what is known of an intent's target before it was sent. */
export function settleIntents(
  state: State,
  world: World,
  before: NewOptions['before'] = countOnly,
): Settlement {
  if (state.intents.length === 0) return NOTHING_LEFT;
  const owned = ownedBatches(state);
  const { mayHaveBeenSent, unsent } = bySending(state.intents);
  const { batches, ghosts } = world.observation;
  // That its game servers show tasks of it is worth more than that the API does not know it.
  const free = [...batches, ...ghosts].filter((batch) => !owned.has(batch.id));
  const matches = matchNew(mayHaveBeenSent, free, world, {
    before,
    settle: world.settle,
    onCandidate: (batch) => world.wantTasks(batch, 'all'),
  });
  const list = batchListOf(world.observation);
  const found: { intent: Intent; batch: ObservedBatch }[] = [];
  const nothing: Intent[] = [...unsent];
  const unclear: Unsettled[] = [];
  for (const intent of mayHaveBeenSent) {
    const match = matches.get(intent.address) ?? ABSENT;
    if (match.verdict === 'found') {
      found.push({ intent, batch: match.batch });
      continue;
    }
    const candidates = match.verdict === 'unclear' ? match.candidates : [];
    const why = candidates.length > 0 ? 'candidates' : unsure(intent, list, world, before(intent).servers);
    const isSaid = world.scope.assumeMissing && world.isSelected(intent.address);
    // Of what nobody asks for any more, no later create would end the question.
    if (why === null || (why === 'overrun' && isSaid)) nothing.push(intent);
    else unclear.push({ intent, why, candidates, left: doubtLeft(intent, world) });
  }
  return { found, nothing, unclear };
}

const countOnly: NewOptions['before'] = ({ servers }) => ({ servers: null, count: servers ?? null });

type SentAt = Pick<Intent, 'sentAt' | 'since' | 'ahead'>;

/**
 * Seconds for which a create is still in doubt. How long ago it was sent is told by the sender's clock: that of the API
 * jumps with the node that answers. Where the two are further apart than nodes are, the sender was another machine.
 * `watched`: seconds for which it has certainly been sent.
 */
export function doubtLeft(
  intent: SentAt,
  { now, observation, settle, watched = 0 }: Pick<World, 'now' | 'observation' | 'settle' | 'watched'>,
): number {
  const left = doubtEnds(intent, settle) - now;
  const leftHere = sentByOurClock(intent) + settle - (now - observation.clockAhead);
  return Math.min(Math.max(left, Math.min(leftHere, left + DOUBT_TOLERANCE)), settle - watched);
}

/** Unix seconds, by the clock of whoever sent it. */
export function sentByOurClock({ sentAt, since, ahead = 0 }: SentAt): number {
  return (sentAt ?? since) - ahead;
}

/** Unix seconds, by the API's clock. */
function doubtEnds({ sentAt, since }: Pick<Intent, 'sentAt' | 'since'>, settle: number): number {
  return (sentAt ?? since) + settle;
}

/** null: it certainly is not there. */
function unsure(
  intent: Intent,
  list: BatchList,
  world: World,
  before: ReadonlySet<Id> | null,
): Unsure | null {
  const sight = sightOf(intent, list);
  if (sight === 'behind') return 'behind';
  if (doubtLeft(intent, world) > 0) return 'doubt';
  const bounds = boundsOf(intent);
  const witnesses = world.histories(intent.spec);
  // Of one that was there before, the tasks need not go back that far: they only have to be all.
  const isWitness = (one: TargetHistory) =>
    reachesOlder(one, bounds, world.byId) || (!one.isFull && before?.has(one.server));
  if (witnesses.some(isWitness)) return null;
  return sight === 'overrun' ? 'overrun' : null;
}

/**
 * In the order in which they were written down. One of an older fleetform does not say whether it was sent: of its
 * turn only the first may have been.
 */
export function bySending(intents: readonly Intent[]): {
  readonly mayHaveBeenSent: readonly Intent[];
  readonly unsent: readonly Intent[];
} {
  const untold = intents.filter(({ sentAt }) => sentAt === undefined);
  const turns = [...groupBy(untold, ({ spec, since }) => `${since} ${turnOf(spec, since)}`).values()];
  const first = new Set(turns.map((turn) => turn[0]));
  const maySent = (intent: Intent) => typeof intent.sentAt === 'number' || first.has(intent);
  return {
    mayHaveBeenSent: intents.filter(maySent),
    unsent: intents.filter((intent) => !maySent(intent)),
  };
}

export interface NewOptions {
  /** What is known of an intent's target before it was sent. */
  before(intent: Intent): { readonly servers: ReadonlySet<Id> | null; readonly count: number | null };
  /** Seconds for which a create is in doubt. */
  readonly settle: number;
  onCandidate?(batch: ObservedBatch): void;
}

/** Made so long after all doubt that it is hardly its own, whatever it looks like. */
function isTooYoung(intent: Intent, { createdAt }: ObservedBatch, settle: number): boolean {
  return createdAt !== null && createdAt > doubtEnds(intent, settle) + DOUBT_TOLERANCE;
}

/** Made so long before it was intended that it is hardly its own, also where the lists had not shown it by then. */
function isTooOld({ since }: Intent, { createdAt }: ObservedBatch): boolean {
  return createdAt !== null && createdAt < since - DOUBT_TOLERANCE;
}

/** All of them at once: what could be the batch of several is nobody's until it is told whose. By address. */
export function matchNew(
  intents: readonly Intent[],
  free: readonly ObservedBatch[],
  around: Surroundings,
  { before, settle, onCandidate }: NewOptions,
): Map<string, Match> {
  const edges: Edge[] = [];
  for (const intent of intents) {
    const { address, spec } = intent;
    for (const batch of free) {
      const byTime = newTimeVerdict(intent, batch);
      if (byTime === 'no') continue;
      const time = isTooYoung(intent, batch, settle) || isTooOld(intent, batch) ? 'maybe' : byTime;
      onCandidate?.(batch);
      const evidence = compareNew(spec, batch, around, before(intent));
      const found = edge(address, batch, evidence, time, timeDistance(spec.executeAt, batch));
      if (found !== undefined) edges.push(found);
    }
  }
  return assign(edges);
}

/** What an entry is from the moment at which an intent's batch is found. */
export function entryOfFound(intent: Intent, batch: ObservedBatch): StateEntry {
  return boundEntry(intent, [batch], { createdAt: intent.since, phase: 'scheduled' });
}

/** What the state will be once the settlement is recorded: found ones bound, what made nothing dropped. */
export function withSettlement(state: State, { found, unclear }: Settlement): State {
  if (state.intents.length === 0) return state;
  const entries = new Map(Object.entries(state.entries));
  for (const { intent, batch } of found) entries.set(intent.address, entryOfFound(intent, batch));
  return { ...state, entries: Object.fromEntries(entries), intents: unclear.map(({ intent }) => intent) };
}
