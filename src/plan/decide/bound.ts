/** One wanted run that is bound: stay, pause or resume, or say what became of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../../model/errors.ts';
import type { Intent, StateEntry } from '../../model/state.ts';
import { batchesText } from '../../model/words.ts';
import { mayStillFill } from '../sameness/evidence.ts';
import { hasRunInHalf } from '../sameness/half-replaced.ts';
import { cameToNothing } from '../world/begun.ts';
import { type Bound, isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { adoptChange, noOpChange, toggleChange } from './changes.ts';
import { type Decision, of, told } from './decision.ts';
import { guardRecorded } from './findings/guards.ts';
import { notBoundYet } from './findings/other-batches.ts';
import { cancelledOnce, ranInHalf, restated, vanished } from './findings/past.ts';

/** `madeBy`: an earlier apply made it, and the state does not say so yet. */
export function decideBound(
  batch: ResolvedBatch,
  entry: StateEntry,
  madeBy: Intent | null,
  world: World,
): Decision {
  const { desired } = batch;
  const ids = entry.batchIds;
  const bound = world.bound(entry);
  if (world.isToReplace(desired.address) && madeBy !== null) return told(notBoundYet(desired, ids));
  if (bound.phase === 'unknown') {
    const reason = `the API no longer knows ${batchesText(ids)}`;
    return of(
      noOpChange(batch, entry, bound, reason),
      vanished(desired, reason, batch.spec.executeAt === null, entry.phase),
    );
  }
  lookClosely(batch, bound, world);
  const toggle = toggleNeeded(batch, bound, world.now);
  if (madeBy !== null) {
    return of(adoptChange(batch, ids, bound, 'an earlier apply made it', toggle ?? null));
  }
  if (cameToNothingAtAll(entry, bound, world.now)) {
    const findings = batch.spec.executeAt === null ? [cancelledOnce(desired, ids)] : [];
    const reason = batch.spec.executeAt === null ? 'cancelled outside fleetform' : bound.phase;
    return of(noOpChange(batch, entry, bound, reason), ...findings, ...guard(batch, entry));
  }
  const change =
    toggle === undefined
      ? noOpChange(batch, entry, bound, bound.phase)
      : toggleChange(batch, entry, bound, toggle);
  const half = hasRunInHalf(entry, bound, world.now) ? [ranInHalf(desired, ids, bound.tasks.cancelled)] : [];
  return of(change, ...half, ...guard(batch, entry));
}

/** It has run, or runs; the record follows the file's words, and nothing is made. */
export function decideRestated(batch: ResolvedBatch, entry: StateEntry, world: World): Decision {
  const bound = world.bound(entry);
  lookClosely(batch, bound, world);
  const change = adoptChange(
    batch,
    entry.batchIds,
    bound,
    'the file describes the same run differently',
    toggleNeeded(batch, bound, world.now) ?? null,
  );
  const hasOtherParams = !isDeepStrictEqual(batch.spec.params, entry.spec.params);
  return of(change, restated(batch.desired, entry.batchIds, hasOtherParams));
}

export function cameToNothingAtAll(entry: StateEntry, { batches }: Bound, now: number): boolean {
  const isAllInSight = batches.length > 0 && batches.length === entry.batchIds.length;
  return isAllInSight && batches.every((seen) => cameToNothing(seen, now));
}

export function toggleNeeded(
  { desired: { paused } }: ResolvedBatch,
  bound: Bound,
  now: number,
): 'pause' | 'resume' | undefined {
  if (paused === undefined || !isBoundLive(bound)) return undefined;
  const { tasks, batches } = bound;
  // One that has just been made may get its tasks yet: nobody has paused those.
  const mayGetTasks = batches.some((seen) => seen.numTasks === 0 && mayStillFill(seen, now));
  if (paused) return mayGetTasks || tasks.pending + tasks.running + tasks.unknown > 0 ? 'pause' : undefined;
  return tasks.paused > 0 ? 'resume' : undefined;
}

/** Only its tasks tell which of them are paused. */
function lookClosely({ desired }: ResolvedBatch, bound: Bound, world: World): void {
  if (desired.paused === undefined || !isBoundLive(bound)) return;
  for (const seen of bound.batches) world.wantTasks(seen, 'all');
}

function guard({ desired }: ResolvedBatch, entry: StateEntry): Diagnostic[] {
  return entry.preventCancel === desired.preventCancel ? [] : [guardRecorded(desired)];
}
