/**
 * What a person has bound with `import`: the record says whose it was meant to be, not what it is. So it may be another
 * address's run anyway, and nothing that it may be is created beside it.
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
import { isSameTime, timeDistance, timeVerdict } from './times.ts';

interface ByHand {
  readonly batch: ObservedBatch;
  readonly address: string;
  readonly spec: Spec;
  readonly isOwn: boolean;
}

export interface Elsewhere {
  readonly ids: readonly Id[];
  /** An address that they, or some of them, are bound to. */
  readonly owner: string;
}

/** `runs`: nothing else that exists may be them. By address: the batches that may be, owned elsewhere. */
export function boundElsewhere(
  runs: readonly ResolvedBatch[],
  entries: ReadonlyMap<string, StateEntry>,
  world: World,
): Map<string, Elsewhere> {
  const found = new Map<string, Elsewhere>();
  if (runs.length === 0) return found;
  const byHand = [...entries].flatMap(([address, entry]) =>
    entry.imported === true && runs.some(({ spec }) => mayBeIts(spec, entry, world))
      ? ofEntry(address, entry, world)
      : [],
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
    const ids =
      match?.verdict === 'found' ? [match.batch.id] : match?.verdict === 'unclear' ? match.candidates : [];
    const [owner] = others.filter(({ batch }) => ids.includes(batch.id));
    if (owner !== undefined) found.set(address, { ids, owner: owner.address });
  }
  return found;
}

/** By time and template as they are recorded and seen, before anything is read for it. */
function mayBeIts({ template, executeAt }: Spec, { batchIds, spec }: StateEntry, world: World): boolean {
  const batches = batchIds.flatMap((id) => world.byId.get(id) ?? []);
  const isSame = template.id === spec.template.id && isSameTime({ executeAt }, spec);
  return isSame || batches.some((batch) => timeVerdict(executeAt, batch, Number.POSITIVE_INFINITY) !== 'no');
}

function ofEntry(address: string, { batchIds, spec }: StateEntry, world: World): ByHand[] {
  const batches = [...batchIds].sort(compareIds).flatMap((id) => world.byId.get(id) ?? []);
  let own: ObservedBatch | undefined = batches.length === 1 ? batches[0] : undefined;
  for (const batch of batches.length === 1 ? [] : batches) {
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
