/** One wanted run that is bound to nothing that is it: create, replace what is bound, adopt what is found, or missed. */
import type { DesiredBatch } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { StateEntry } from '../../model/state.ts';
import { batchesText, batchesWere, durationText } from '../../model/words.ts';
import { isHalfReplaced } from '../sameness/half-replaced.ts';
import { isDue } from '../sameness/times.ts';
import { type Bound, isBoundLive, lookAtBound } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { cameToNothingAtAll, toggleNeeded } from './bound.ts';
import { adoptChange, cancelChange, createChange, missedChange, placeOf, replaceChange } from './changes.ts';
import { type Decision, of } from './decision.ts';
import { guardLifted, prevented } from './findings/guards.ts';
import { notBoundYet, partialAdoption } from './findings/other-batches.ts';
import { replaceLost, tooLate } from './findings/past.ts';

/** `live`: what has to be over before anything that may be the same run is made. */
export function decideNew(batch: ResolvedBatch, live: readonly Id[], world: World): Decision {
  if (!isDue(batch.desired, world.now)) return missed(batch, world);
  const reason =
    batch.spec.executeAt === null ? 'runs once, as soon as it is applied' : 'no such batch exists';
  return of(createChange(batch, reason, { servers: serverCount(batch, world), follows: [], awaits: live }));
}

/** The address is bound to something that is not, or no longer, what it asks for. */
export function decideOther(
  batch: ResolvedBatch,
  entry: StateEntry,
  live: readonly Id[],
  world: World,
): Decision {
  const { desired } = batch;
  const bound = world.bound(entry);
  const isTheSame = entry.digest === batch.digest;
  if (!isBoundLive(bound)) return decideOver(batch, entry, bound, live, world);
  for (const seen of bound.batches) if (bound.phase === 'running') world.wantTasks(seen, 'all');
  const reason = reasonOf(batch, entry, bound, world);
  if (!isDue(desired, world.now)) {
    const why = isTheSame ? reason : 'its new time has already passed';
    return of(
      cancelChange(placeOf(desired), entry, bound, why),
      ...guard(desired, entry, 'cancel'),
      tooLate(desired),
    );
  }
  const making = { servers: serverCount(batch, world), follows: [], awaits: live };
  return of(replaceChange(batch, entry, bound, reason, making), ...guard(desired, entry, 'replace'));
}

/** What is bound is over, or the API does not know it any more. */
function decideOver(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  live: readonly Id[],
  world: World,
): Decision {
  const { desired } = batch;
  const ids = entry.batchIds;
  if (!isDue(desired, world.now)) {
    // Its successor was promised when it was cancelled: that it comes to nothing is no mere warning.
    if (entry.replacing !== undefined && bound.phase === 'cancelled')
      return { diagnostics: [replaceLost(desired, ids)] };
    return missed(batch, world);
  }
  const are = ids.length === 1 ? 'is' : 'are';
  const reason =
    bound.phase === 'unknown'
      ? `the API no longer knows ${batchesText(ids)}`
      : entry.digest === batch.digest &&
          cameToNothingAtAll(entry, bound, world.now) &&
          !isAsked(batch, entry, bound, world)
        ? `${batchesWere(ids)} cancelled outside fleetform before it ran`
        : `${reasonOf(batch, entry, bound, world)}; ${batchesText(ids)} ${are} over (${bound.phase})`;
  return of(createChange(batch, reason, { servers: serverCount(batch, world), follows: ids, awaits: live }));
}

function isAsked({ desired }: ResolvedBatch, entry: StateEntry, bound: Bound, world: World): boolean {
  return world.isToReplace(desired.address) || isHalfReplaced(entry, bound, world.now);
}

function reasonOf({ desired, digest }: ResolvedBatch, entry: StateEntry, bound: Bound, world: World): string {
  if (world.isToReplace(desired.address)) return 'requested with --replace';
  return entry.digest === digest && isHalfReplaced(entry, bound, world.now)
    ? 'already half replaced'
    : 'changed in the file';
}

export function decideFound(batch: ResolvedBatch, found: ObservedBatch, world: World): Decision {
  const { desired } = batch;
  // Of one that the API does not know there are its tasks anyway.
  const bound = lookAtBound([found.id], new Map([[found.id, found]]), world.now);
  if (desired.paused !== undefined && isBoundLive(bound)) world.wantTasks(found, 'all');
  const today = serverCount(batch, world);
  const findings: Diagnostic[] = [];
  if (today !== null && found.numTasks < today) findings.push(partialAdoption(desired, found, today));
  if (world.isToReplace(desired.address)) findings.push(notBoundYet(desired, [found.id]));
  const toggle = toggleNeeded(batch, bound, world.now) ?? null;
  return of(
    adoptChange(batch, [found.id], bound, 'same template, time and game servers', toggle),
    ...findings,
  );
}

function missed(batch: ResolvedBatch, world: World): Decision {
  const { startingDeadline, cutBy } = batch.desired;
  const reason =
    cutBy === null
      ? `its starting deadline of ${durationText(startingDeadline)} is over`
      : `its time has passed, and ${cutBy} has come first`;
  return of(missedChange(batch, reason, serverCount(batch, world)), tooLate(batch.desired));
}

function guard(desired: DesiredBatch, entry: StateEntry, action: string): Diagnostic[] {
  if (desired.preventCancel) return [prevented(desired.address, action, desired.at)];
  return entry.preventCancel ? [guardLifted(desired, action)] : [];
}

function serverCount({ spec }: ResolvedBatch, world: World): number | null {
  return world.servers(spec)?.size ?? null;
}
