/** The evidence for every desired batch that no state entry binds. */
import { groupBy } from '../../model/group.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import type { Observation, ObservedBatch } from '../../model/observed.ts';
import type { State } from '../../model/state.ts';
import { kindOf, type ResolvedBatch } from '../world/spec.ts';
import { cameToNothing, compare } from './evidence.ts';
import { type Match, matchKind } from './match.ts';
import { ownedBatches } from './settle.ts';
import { hasTimeOf } from './times.ts';

export interface UnboundInput {
  readonly unbound: readonly ResolvedBatch[];
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds. */
  readonly now: number;
  readonly assumeMissing: boolean;
}

/** By address. An address that is not in here was not asked for. */
export function matchUnbound(input: UnboundInput): Map<string, Match> {
  const owned = ownedBatches(input.state);
  const free = input.observation.batches.filter(
    (batch) => !owned.has(batch.id) && !cameToNothing(batch, input.now),
  );
  const timed = input.unbound.filter((batch) => batch.spec.executeAt !== null);
  const once = input.unbound.filter((batch) => batch.spec.executeAt === null);

  const matches = new Map<string, Match>();
  for (const batches of groupBy(timed, (batch) => kindOf(batch.spec)).values()) {
    const specs = new Map(batches.map((batch) => [batch.desired.address, batch.spec]));
    const executeAt = batches[0]?.spec.executeAt ?? null;
    const candidates = free.filter((batch) => hasTimeOf(executeAt, batch));
    for (const [address, match] of matchKind(specs, candidates, input.observation.inventory)) {
      matches.set(address, match);
    }
  }
  const taken = new Set(
    [...matches.values()].map((match) => (match.verdict === 'found' ? match.batch.id : '')),
  );
  const rest = free.filter((batch) => !taken.has(batch.id));
  for (const batch of once) matches.set(batch.desired.address, matchOnce(batch, rest, input));
  return matches;
}

/**
 * A batch without a time has nothing to be recognised by. Where a state exists it alone decides; where none does,
 * whatever in sight may be it is a question for a person.
 */
function matchOnce(batch: ResolvedBatch, rest: readonly ObservedBatch[], input: UnboundInput): Match {
  if (input.state !== null || input.assumeMissing) return { verdict: 'absent' };
  const candidates: Id[] = rest
    .filter((other) => !isYetToCome(other, input.now))
    .filter((other) => compare(batch.spec, other, input.observation.inventory).verdict !== 'no')
    .map((other) => other.id);
  return candidates.length === 0
    ? { verdict: 'absent' }
    : { verdict: 'unclear', candidates: candidates.sort(compareIds) };
}

/** One that waits for a time of its own was not made to run at once. Seconds; the API's clock may differ from ours. */
function isYetToCome(batch: ObservedBatch, now: number): boolean {
  return batch.executeAt !== null && batch.executeAt > now + 300;
}
