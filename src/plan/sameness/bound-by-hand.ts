/**
 * What a person has bound with `import`: the record says whose it was meant to be, not what it is. So it may be another
 * address's run all the same, and nothing that it may be is made beside it.
 *
 * Of an entry one batch is its own, the one that looks most like it, unless it looks more like what is asked for
 * elsewhere. All else that was bound with it may be anybody's.
 */
import { compareIds, type Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Spec, StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { compare } from './evidence.ts';
import { matchUnbound } from './match-unbound.ts';
import { timeDistance } from './times.ts';

interface ByHand {
  readonly batch: ObservedBatch;
  readonly address: string;
  readonly spec: Spec;
  readonly isOwn: boolean;
}

/** `runs`: nothing else that exists may be them. By address: the batches that may be, owned elsewhere. */
export function boundElsewhere(
  runs: readonly ResolvedBatch[],
  entries: ReadonlyMap<string, StateEntry>,
  world: World,
): Map<string, readonly Id[]> {
  const found = new Map<string, readonly Id[]>();
  const byHand = [...entries].flatMap(([address, entry]) =>
    entry.imported === true ? ofEntry(address, entry, world) : [],
  );
  if (byHand.length === 0) return found;
  for (const run of runs) {
    const { address } = run.desired;
    const others = byHand.filter(
      (one) => one.address !== address && !(one.isOwn && !looksMore(one.batch, run.spec, one.spec, world)),
    );
    const match = matchUnbound(
      [run],
      others.map(({ batch }) => batch),
      world,
      () => null,
    ).get(address);
    if (match?.verdict === 'found') found.set(address, [match.batch.id]);
    if (match?.verdict === 'unclear') found.set(address, match.candidates);
  }
  return found;
}

function ofEntry(address: string, { batchIds, spec }: StateEntry, world: World): ByHand[] {
  const batches = [...batchIds].sort(compareIds).flatMap((id) => world.byId.get(id) ?? []);
  let own: ObservedBatch | undefined;
  for (const batch of batches) {
    world.wantTasks(batch, 'sample');
    if (own === undefined || isCloser(likeness(spec, batch, world), likeness(spec, own, world))) own = batch;
  }
  return batches.map((batch) => ({ batch, address, spec, isOwn: batch === own }));
}

function looksMore(batch: ObservedBatch, spec: Spec, thanSpec: Spec, world: World): boolean {
  return isCloser(likeness(spec, batch, world), likeness(thanSpec, batch, world));
}

/** What tells most first; more is closer. */
function likeness(spec: Spec, batch: ObservedBatch, world: World): readonly number[] {
  const { verdict, likeness: share } = compare(spec, batch, world);
  return [verdict === 'no' ? 0 : 1, share, -timeDistance(spec.executeAt, batch)];
}

function isCloser(one: readonly number[], than: readonly number[]): boolean {
  const i = one.findIndex((value, at) => value !== than[at]);
  return i >= 0 && one[i]! > than[i]!;
}
