/**
 * One assignment: which batch is which run, where several could be. A pair is only made where neither side could do
 * nearly as well with anybody else.
 *
 * Invariant: a run without a partner is only called `absent` when every batch that may be it is, on clearly better
 * evidence, somebody else's. Everything else that is not clear is `unclear`, with its candidates.
 */
import { groupBy } from '../../model/group.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Evidence } from './evidence.ts';
import { TOLERANCE } from './times.ts';

export type Match =
  | { readonly verdict: 'found'; readonly batch: ObservedBatch }
  | { readonly verdict: 'absent' }
  | { readonly verdict: 'unclear'; readonly candidates: readonly Id[] };

export const ABSENT: Match = { verdict: 'absent' };

/** All that may be the run, whatever the verdict. */
export function idsOf(match: Match): readonly Id[] {
  if (match.verdict === 'found') return [match.batch.id];
  return match.verdict === 'unclear' ? match.candidates : [];
}

/** A batch that may be the run of an address. */
export interface Edge {
  readonly address: string;
  readonly batch: ObservedBatch;
  readonly verdict: 'yes' | 'maybe';
  readonly likeness: number;
  /** Seconds between the time that was asked for and the one that the batch has. */
  readonly distance: number;
}

/** How much more alike the one pair has to be than any other that either of the two could make. */
const MARGIN = 0.2;

/** Both the time and the evidence have a say. undefined: it certainly is not. */
export function edge(
  address: string,
  batch: ObservedBatch,
  { verdict, likeness }: Evidence,
  time: 'yes' | 'maybe' | 'no',
  distance = 0,
): Edge | undefined {
  if (verdict === 'no' || time === 'no') return undefined;
  return { address, batch, verdict: time === 'yes' ? verdict : 'maybe', likeness, distance };
}

/** By address; one that is in no edge is not in here. */
export function assign(edges: readonly Edge[]): Map<string, Match> {
  const byAddress = groupBy(edges, (one) => one.address);
  const byBatch = groupBy(edges, (one) => one.batch.id);
  const matches = new Map<string, Match>();
  const taken = new Set<Id>();
  const narrowly = new Set<Id>();
  const isOpen = (one: Edge) => !matches.has(one.address) && !taken.has(one.batch.id);

  for (const beats of [isClearlyBetter, isExactly]) {
    for (let progress = true; progress; ) {
      progress = false;
      for (const one of edges) {
        if (!isOpen(one) || one.verdict !== 'yes') continue;
        const rivals = [...byAddress.get(one.address)!, ...byBatch.get(one.batch.id)!];
        if (!rivals.every((rival) => rival === one || !isOpen(rival) || beats(one, rival))) continue;
        matches.set(one.address, { verdict: 'found', batch: one.batch });
        taken.add(one.batch.id);
        if (beats === isExactly) narrowly.add(one.batch.id);
        progress = true;
      }
    }
  }
  for (const [address, all] of byAddress) {
    if (matches.has(address)) continue;
    // What another has by its time alone may be this one's anyway, where this one has nothing of its own.
    const ids = all
      .filter((one) => isOpen(one) || (one.verdict === 'yes' && narrowly.has(one.batch.id)))
      .map((one) => one.batch.id);
    matches.set(
      address,
      ids.length === 0 ? ABSENT : { verdict: 'unclear', candidates: ids.sort(compareIds) },
    );
  }
  return matches;
}

/** The API may have rounded a time; but where every run has a batch of exactly its time, each has its own. */
function isExactly(one: Edge, rival: Edge): boolean {
  return isClearlyBetter(one, rival) || (one.distance === 0 && rival.distance > 0);
}

/** Neither side of the pair could do nearly as well with the rival. What may be anything is no better than it may be. */
function isClearlyBetter(one: Edge, rival: Edge): boolean {
  if (one.verdict !== 'yes') return false;
  if (rival.distance > one.distance + TOLERANCE) return true;
  return rival.verdict === 'yes' && one.likeness >= rival.likeness + MARGIN;
}
