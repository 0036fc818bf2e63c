/**
 * What the plan has seen of a batch, under the lock and a moment ago: reading it again would be a call that can be
 * avoided.
 *
 * Why that is safe: a step addresses tasks, never batches, and the tasks of a look that fits the stamps are no other
 * batch's, whatever becomes of the batch's id. What has ended since answers 409, and what has been added since is shown
 * by the look that confirms the end.
 */
import { isFullyNamed } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { ObservedBatch } from '../model/observed.ts';
import type { ApplyContext } from './context.ts';

/**
 * Seconds, by the API's clock, since the lists of the look were read. Long enough for a look of thousands of batches and
 * for the calls that follow from it, and not for a run to begin and end unseen.
 */
const A_MOMENT = 300;

const indexes = new WeakMap<readonly ObservedBatch[], ReadonlyMap<Id, ObservedBatch>>();

/** However long ago, and be it only a part of it. `batches`: those of the observation, or its ghosts. */
export function seenIn(batches: readonly ObservedBatch[], id: Id): ObservedBatch | undefined {
  const index = indexes.get(batches) ?? new Map(batches.map((batch) => [batch.id, batch]));
  indexes.set(batches, index);
  return index.get(id);
}

/** null: it has to be read: the plan trusted the record, saw only a part of it, or looked too long ago. */
export function seenWhole(ctx: Pick<ApplyContext, 'observation' | 'now'>, id: Id): ObservedBatch | null {
  const age = ctx.now() - ctx.observation.at;
  // A clock that went back tells nothing.
  if (age < 0 || age > A_MOMENT) return null;
  const batch = seenIn(ctx.observation.batches, id);
  return batch !== undefined && isFullyNamed(batch) ? batch : null;
}
