/**
 * What the plan has seen of a batch, under the lock and a moment ago: reading it again would be a call that can be
 * avoided.
 *
 * Why that is safe: a step addresses tasks, never batches, and the tasks of a look that fits the stamps are no other
 * batch's, whatever becomes of the batch's id. What has ended since answers 409, and what has been added since, or was
 * given away, is shown by the look that confirms the end.
 */
import { isFullyNamed } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { ObservedBatch } from '../model/observed.ts';
import { NOTHING_SHOWN, type Shown, shownWith } from '../model/shown.ts';
import type { ApplyContext } from './context.ts';

/**
 * Seconds since the lists of the look were read: as far as the times of a batch may be off. Whatever
 * begins later, because it had to wait for the calls before it, reads for itself.
 */
const A_MOMENT = 60;

const indexes = new WeakMap<readonly ObservedBatch[], ReadonlyMap<Id, ObservedBatch>>();

/** However long ago, and be it only a part of it. `batches`: those of the observation, or its ghosts. */
export function seenIn(batches: readonly ObservedBatch[], id: Id): ObservedBatch | undefined {
  const index = indexes.get(batches) ?? new Map(batches.map((batch) => [batch.id, batch]));
  indexes.set(batches, index);
  return index.get(id);
}

/** A clock that went back tells nothing. */
export function wasAMomentAgo(ctx: Pick<ApplyContext, 'observation' | 'machineNow'>): boolean {
  const { at, clockAhead } = ctx.observation;
  const age = ctx.machineNow() - (at - clockAhead);
  return age >= 0 && age <= A_MOMENT;
}

/** null: it has to be read: the plan trusted the record, saw only a part of it, or looked too long ago. */
export function seenWhole(
  ctx: Pick<ApplyContext, 'observation' | 'machineNow'>,
  id: Id,
): ObservedBatch | null {
  if (!wasAMomentAgo(ctx)) return null;
  const batch = seenIn(ctx.observation.batches, id);
  return batch !== undefined && isFullyNamed(batch) ? batch : null;
}

/** All tasks that the plan's look has shown of it, by whichever answer. */
export function shownIn({ batches, ghosts }: ApplyContext['observation'], id: Id): Shown {
  return [seenIn(batches, id), seenIn(ghosts, id)].reduce<Shown>(
    (shown, batch) => (batch === undefined ? shown : shownWith(shown, batch)),
    NOTHING_SHOWN,
  );
}
