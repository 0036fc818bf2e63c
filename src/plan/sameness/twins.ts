/**
 * An unmanaged batch that may be the same run as one that is owned or wanted: whatever made two of it, a person should
 * know. Only said, nothing hangs on it. What the record knows as its own, and is over, is history: it was replaced or
 * cancelled, perhaps for the very one that it is beside. What was cancelled to the last task is no run. If the record
 * does not know (it is lost, or older), a batch that ran in part is told: it may be anybody's.
 */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import { formerOwner } from '../../model/recorded.ts';
import type { StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { compare } from './evidence.ts';
import { DOUBT_TOLERANCE, ranAtOnce, TOLERANCE } from './times.ts';

export interface Twin {
  readonly batch: ObservedBatch;
  readonly address: string;
  /** The owned batches that it is beside. */
  readonly beside: readonly Id[];
  /** Nothing of it goes on, whatever may have run. */
  readonly isOver: boolean;
}

/** `unowned`: those that are no candidate of anything. */
export function findTwins(
  entries: ReadonlyMap<string, StateEntry>,
  unowned: readonly ObservedBatch[],
  world: World,
): Twin[] {
  if (unowned.length === 0) return [];
  const ownerOf = formerOwner(world.state);
  const owned = [...entries].map(([address, entry]) => ({ address, entry, times: timesOf(entry, world) }));
  const twins: Twin[] = [];
  for (const batch of unowned) {
    const phase = batchPhase(batch, world.now);
    const isOver = !isLive(phase);
    if (phase === 'cancelled' || (isOver && ownerOf(batch) !== null)) continue;
    for (const { address, entry, times } of owned) {
      if (!isAtTime(batch, entry, times)) continue;
      world.wantTasks(batch, 'sample');
      const { verdict } = compare(entry.spec, batch, world);
      if (verdict === 'no') continue;
      twins.push({ batch, address, beside: entry.batchIds, isOver });
      break;
    }
  }
  return twins;
}

/** When its own batches were made: one without a time is a twin only of what was made at about the same moment. */
function timesOf({ batchIds, stamps }: StateEntry, { byId }: World): number[] {
  return batchIds.flatMap((id) => byId.get(id)?.createdAt ?? stamps?.[id]?.createdAt ?? []);
}

function isAtTime(batch: ObservedBatch, { spec }: StateEntry, times: readonly number[]): boolean {
  if (spec.executeAt !== null) {
    return batch.executeAt !== null && Math.abs(batch.executeAt - spec.executeAt) <= TOLERANCE;
  }
  const { createdAt } = batch;
  return (
    ranAtOnce(batch) &&
    createdAt !== null &&
    times.some((time) => Math.abs(time - createdAt) <= DOUBT_TOLERANCE)
  );
}

/** Runs that are about to be made, once and at once, while nobody's batch looks just like one. */
export function twinsOfNew(
  toBeMade: readonly ResolvedBatch[],
  unowned: readonly ObservedBatch[],
  world: World,
): Twin[] {
  const recent = unowned.filter((batch) => ranAtOnce(batch) && isLive(batchPhase(batch, world.now)));
  return toBeMade
    .filter(({ spec }) => spec.executeAt === null)
    .flatMap(({ spec, desired: { address } }) =>
      recent.flatMap((batch) => {
        world.wantTasks(batch, 'sample');
        return compare(spec, batch, world).verdict === 'yes'
          ? [{ batch, address, beside: [], isOver: false }]
          : [];
      }),
    );
}
