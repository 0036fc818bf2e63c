/**
 * The runs that the records do not settle, and what each of them may be among the batches that nobody owns.
 *
 * Invariant: what may be the batch of an interrupted create is found by no other run.
 */
import type { ObservedBatch } from '../../model/observed.ts';
import { cameToNothing, wasOverBeforeItsTime } from '../world/begun.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { isHalfReplaced, lookAtHalf } from './half-replaced.ts';
import { ABSENT, idsOf, type Match } from './match.ts';
import { matchUnbound } from './match-unbound.ts';
import { type OnRecord, unsettledLike } from './on-record.ts';
import { isDue } from './times.ts';

/** In the order of the runs. */
export function openRuns(record: OnRecord, world: World): ResolvedBatch[] {
  return world.runs.filter((run) => !isSettled(run, record, world));
}

/** It is bound to a batch that exists, and that ran or will run. */
function isSettled(run: ResolvedBatch, { entries }: OnRecord, world: World): boolean {
  const entry = entries.get(run.desired.address);
  if (entry === undefined || entry.digest !== run.digest) return false;
  if (world.isToReplace(run.desired.address)) return false;
  const bound = world.bound(entry);
  lookAtHalf(entry, bound, world);
  if (bound.phase === 'unknown' || isHalfReplaced(entry, bound, world.now)) return false;
  const isAllInSight = bound.batches.length > 0 && bound.batches.length === entry.batchIds.length;
  // Cancelled before it ran, or after it had begun? Its tasks tell, if anything hangs on it.
  if (bound.phase === 'cancelled' && run.spec.executeAt !== null && isDue(run.desired, world.now)) {
    for (const batch of bound.batches)
      if (!wasOverBeforeItsTime(batch, world.now)) world.wantTasks(batch, 'all');
  }
  return !(isAllInSight && bound.batches.every((batch) => cameToNothing(batch, world.now)));
}

/**
 * What is in question is looked at also when it has left the list. And what may have run, and been forgotten once it
 * was over, still is in the tasks of its game servers.
 */
export function lookFurther(open: readonly ResolvedBatch[], { known }: OnRecord, world: World): void {
  if (open.length > 0) for (const id of known?.open ?? []) world.wantBatch(id);
  for (const { desired, spec } of open) {
    const { executeAt } = spec;
    if (executeAt !== null && executeAt <= world.now && isDue(desired, world.now)) world.histories(spec);
  }
}

export interface Unowned {
  readonly free: readonly ObservedBatch[];
  /** What may be the batch of an interrupted create: it may be another's all the same. */
  readonly doubted: readonly ObservedBatch[];
}

/** By address; one that is not in here has no candidate. */
export function matchOpen(
  open: readonly ResolvedBatch[],
  { free, doubted }: Unowned,
  record: OnRecord,
  world: World,
): Map<string, Match> {
  const known = (run: ResolvedBatch) => record.belief.knownTo(run);
  const matches = matchUnbound(open, free, world, known);
  if (doubted.length === 0) return matches;
  const absent = open.filter(
    (run) =>
      (matches.get(run.desired.address) ?? ABSENT).verdict === 'absent' &&
      unsettledLike(run, record, world) === undefined,
  );
  for (const [address, match] of matchUnbound(absent, doubted, world, known)) {
    const candidates = idsOf(match);
    if (candidates.length > 0) matches.set(address, { verdict: 'unclear', candidates });
  }
  return matches;
}
