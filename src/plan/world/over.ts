/**
 * What has ended for good is not read again: it is recorded so, and the record is trusted from then on.
 *
 * Invariant: that is recorded only where nothing of a whole look speaks against it. An answer that is wrong for a moment
 * must not be believed for ever.
 */
import { batchPhase, finishedTasks, isFinalTask } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { StateEntry } from '../../model/state.ts';
import { mayStillFill } from '../sameness/evidence.ts';

/** Cancelled before it ran may be a reason to make it again, so it is always looked at. */
const FOR_GOOD: ReadonlySet<string> = new Set(['done', 'failed', 'stopped']);

/** So many that are trusted are asked for all the same where nothing else shows that the account is the right one. */
const WITNESSES = 2;

export function isKnownOver({ over, replacing }: Pick<StateEntry, 'over' | 'replacing'>): boolean {
  return over === true && replacing === undefined;
}

/** `batches`: what is seen of those of one entry. `now`: unix seconds, by the API's clock. */
export function isOverForGood(
  batchIds: readonly Id[],
  batches: readonly ObservedBatch[],
  now: number,
): boolean {
  return (
    batchIds.length > 0 && batches.length === batchIds.length && batches.every((one) => isOver(one, now))
  );
}

/** Its time has come, it has all its tasks, and what is known of them agrees. */
function isOver(batch: ObservedBatch, now: number): boolean {
  const { executeAt, numTasks, taskIds, tasks } = batch;
  const hasAll = numTasks > 0 && taskIds.length <= numTasks && !mayStillFill(batch, now);
  return (
    FOR_GOOD.has(batchPhase(batch, now)) &&
    hasAll &&
    finishedTasks(batch) >= numTasks &&
    (executeAt === null || executeAt <= now) &&
    tasks.every(isFinalTask)
  );
}

/** The newest of what is trusted, where none of what is owned is in sight: another account would know none of it. */
export function witnessesOf(
  entries: Iterable<StateEntry>,
  isTrusted: (entry: StateEntry) => boolean,
  isInSight: (id: Id) => boolean,
): Id[] {
  const trusted: StateEntry[] = [];
  for (const entry of entries) {
    if (entry.batchIds.some(isInSight)) return [];
    if (isTrusted(entry)) trusted.push(entry);
  }
  return trusted
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, WITNESSES)
    .flatMap(({ batchIds }) => batchIds);
}
