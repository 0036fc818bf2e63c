/**
 * Which observed batch is which desired one, where no state says so.
 *
 * Invariant: a spec without a partner is only called `absent` when every batch of its time is, on evidence, not it,
 * or is on better evidence somebody else's. Everything else that is not clear is `unclear`, with its candidates.
 */
import { groupBy } from '../../model/group.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import type { Inventory, ObservedBatch } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import { compare, type Evidence } from './evidence.ts';

export type Match =
  /** `byServers`: its game servers told, not its template and time alone. */
  | { readonly verdict: 'found'; readonly batch: ObservedBatch; readonly byServers: boolean }
  | { readonly verdict: 'absent' }
  | { readonly verdict: 'unclear'; readonly candidates: readonly Id[] };

interface Edge {
  readonly address: string;
  readonly batch: ObservedBatch;
  readonly evidence: Evidence;
}

/** How much more alike the one pair has to be than any other that either of the two could make. */
const MARGIN = 0.2;

export interface MatchOptions {
  /** The candidates have only just been made: one may have no tasks yet. Default false. */
  readonly isNew?: boolean;
  /** Which candidates an address has by their time. Default: all of them, for all have that of the specs. */
  mayBe?(address: string, batch: ObservedBatch): boolean;
}

/** `wanted` are unbound specs by address, `candidates` unbound batches. */
export function matchKind(
  wanted: ReadonlyMap<string, Spec>,
  candidates: readonly ObservedBatch[],
  inventory: Inventory,
  { isNew = false, mayBe = () => true }: MatchOptions = {},
): Map<string, Match> {
  const edges = possiblePairs(wanted, candidates, inventory, { isNew, mayBe });
  const byAddress = groupBy(edges, (edge) => edge.address);
  const byBatch = groupBy(edges, (edge) => edge.batch.id);
  const matches = new Map<string, Match>();
  const taken = new Set<Id>();
  const isOpen = (edge: Edge) => !matches.has(edge.address) && !taken.has(edge.batch.id);

  for (let progress = true; progress; ) {
    progress = false;
    for (const edge of edges) {
      if (!isOpen(edge) || !isSeen(edge, isNew)) continue;
      const rivals = [...(byAddress.get(edge.address) ?? []), ...(byBatch.get(edge.batch.id) ?? [])];
      if (!rivals.every((rival) => rival === edge || !isOpen(rival) || isClearlyBetter(edge, rival)))
        continue;
      const byServers = edge.evidence.verdict === 'yes';
      matches.set(edge.address, { verdict: 'found', batch: edge.batch, byServers });
      taken.add(edge.batch.id);
      progress = true;
    }
  }
  for (const address of wanted.keys()) {
    if (matches.has(address)) continue;
    const ids = (byAddress.get(address) ?? []).filter(isOpen).map((edge) => edge.batch.id);
    matches.set(
      address,
      ids.length === 0 ? { verdict: 'absent' } : { verdict: 'unclear', candidates: ids.sort(compareIds) },
    );
  }
  return matches;
}

/** The time alone decides nothing: what has no template to see is only ours where it has just been made for us. */
function isSeen(edge: Edge, isNew: boolean): boolean {
  return edge.evidence.verdict === 'yes' || edge.batch.templateName !== null || isNew;
}

/** Neither side of the pair could do nearly as well with the rival. */
function isClearlyBetter(edge: Edge, rival: Edge): boolean {
  return (
    edge.evidence.verdict === 'yes' &&
    rival.evidence.verdict === 'yes' &&
    edge.evidence.likeness >= rival.evidence.likeness + MARGIN
  );
}

function possiblePairs(
  wanted: ReadonlyMap<string, Spec>,
  candidates: readonly ObservedBatch[],
  inventory: Inventory,
  { isNew, mayBe }: Required<MatchOptions>,
): Edge[] {
  const all: Edge[] = [];
  for (const [address, spec] of wanted) {
    for (const batch of candidates) {
      if (!mayBe(address, batch)) continue;
      const evidence = compare(spec, batch, inventory, isNew);
      if (evidence.verdict !== 'no') all.push({ address, batch, evidence });
    }
  }
  return all;
}
