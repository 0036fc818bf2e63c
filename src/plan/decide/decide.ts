/**
 * One desired batch, what the state says of it and what is observed → one change. The rows of the design's table.
 *
 * Invariant: a `create` only comes out where the batch certainly is not there; whatever cannot be told is an error.
 */
import type { DesiredBatch } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Change, PlanScope } from '../../model/plan.ts';
import type { Spec, StateEntry } from '../../model/state.ts';
import { isToReplace } from '../review/selection.ts';
import { cameToNothing } from '../sameness/evidence.ts';
import type { Match } from '../sameness/match.ts';
import type { Unsettled } from '../sameness/settle.ts';
import { turnOf } from '../sameness/times.ts';
import { type Bound, isBoundLive, lookAtBound } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import {
  adoptChange,
  cancelChange,
  createChange,
  forgetChange,
  missedChange,
  noOpChange,
  type Place,
  placeOf,
  replaceChange,
  toggleChange,
} from './changes.ts';
import {
  ambiguous,
  batchesText,
  batchesWere,
  cancelledOnce,
  durationText,
  guardLifted,
  guardRecorded,
  notBoundYet,
  partialAdoption,
  prevented,
  renamedOnce,
  tooLate,
  vanished,
  waitsFor,
} from './findings.ts';

export interface Decision {
  readonly change?: Change;
  readonly diagnostics: readonly Diagnostic[];
}

/** What `decide*` need to see besides the batch itself. */
export interface Scene {
  /** Unix seconds. */
  readonly now: number;
  readonly byId: ReadonlyMap<Id, ObservedBatch>;
  /** How many game servers a spec reaches today; null: unknown. */
  serversOf(spec: Spec): number | null;
  readonly scope: PlanScope;
}

/** "Late by less than its starting deadline" still counts; a batch without a time is always due. */
export function isDue(desired: DesiredBatch, now: number): boolean {
  return desired.executeAt === null || now - desired.executeAt < desired.startingDeadline;
}

function lookAtEntry(entry: StateEntry, scene: Scene): Bound {
  const recorded = scene.scope.refresh ? undefined : entry.phase;
  return lookAtBound(entry.batchIds, scene.byId, scene.now, recorded);
}

export function decideBound(
  batch: ResolvedBatch,
  entry: StateEntry,
  wasInDoubt: boolean,
  scene: Scene,
): Decision {
  const bound = lookAtEntry(entry, scene);
  if (bound.phase === 'unknown') return decideVanished(batch, entry, bound, scene);
  if (isToReplace(scene.scope, batch.desired.address)) {
    if (wasInDoubt) return { diagnostics: [notBoundYet(batch.desired, entry.batchIds)] };
    return decideOther(batch, entry, bound, scene, 'asked for by --replace');
  }
  if (isHalfReplaced(entry, bound)) return decideOther(batch, entry, bound, scene, 'half replaced already');
  return entry.digest === batch.digest
    ? decideSame(batch, entry, bound, wasInDoubt, scene)
    : decideOther(batch, entry, bound, scene);
}

/** An apply with --replace ended between the first task that it cancelled and the new batch. */
function isHalfReplaced(entry: StateEntry, { tasks }: Bound): boolean {
  return entry.replacing === true && tasks.cancelled > 0;
}

/** No state binds it: `match` is what the evidence says. */
export function decideUnbound(batch: ResolvedBatch, match: Match, scene: Scene): Decision {
  if (match.verdict === 'found') return adopt(batch, match.batch, match.byServers, scene);
  if (match.verdict === 'unclear') return { diagnostics: [ambiguous(batch.desired, match.candidates)] };
  if (!isDue(batch.desired, scene.now)) return missed(batch, scene);
  const reason = batch.spec.executeAt === null ? 'runs once, as soon as applied' : 'no such batch exists';
  return of(createChange(batch, reason, scene.serversOf(batch.spec)));
}

export function makesBatch(decision: Decision | undefined): boolean {
  return decision?.change?.action === 'create' || decision?.change?.action === 'replace';
}

/** What the entry asks to be made may be there already, bound by nobody: then it is taken over, or asked about. */
export function unlessThere(batch: ResolvedBatch, decided: Decision, match: Match, scene: Scene): Decision {
  if (match.verdict === 'absent' || !makesBatch(decided)) return decided;
  if (match.verdict === 'unclear') return { diagnostics: [ambiguous(batch.desired, match.candidates)] };
  // Beside the live batch that is bound: two are on their way, and which one is to stay is not for us to say.
  if (decided.change?.action === 'replace')
    return { diagnostics: [ambiguous(batch.desired, [match.batch.id])] };
  return adopt(batch, match.batch, match.byServers, scene);
}

/**
 * What an interrupted apply left unsettled is settled first: two creates of a turn that are both in doubt could not be
 * told from each other any more.
 */
export function unlessInTurn(
  { desired, spec, digest }: ResolvedBatch,
  decided: Decision,
  unsettled: readonly Unsettled[],
  now: number,
): Decision {
  if (!makesBatch(decided)) return decided;
  const turn = turnOf(spec, now);
  const before = unsettled.find(({ intent }) => turnOf(intent.spec, intent.since) === turn);
  if (before === undefined) return decided;
  return { diagnostics: [waitsFor(desired, before, before.intent.digest === digest)] };
}

/** The block was renamed: the batch that another address made is what this one asks for. */
export function decideRenamed(batch: ResolvedBatch, from: string, entry: StateEntry, scene: Scene): Decision {
  if (batch.spec.executeAt === null) return { diagnostics: [renamedOnce(batch.desired, from)] };
  const reason = `it is what ${from} made, under a new name`;
  const renamed = { from, before: entry.spec };
  return of(adoptChange(batch, entry.batchIds, lookAtEntry(entry, scene), reason, renamed));
}

/** The file names it no longer. */
export function decideUndesired(place: Place, entry: StateEntry, scene: Scene, reason: string): Decision {
  const bound = lookAtEntry(entry, scene);
  if (!isBoundLive(bound)) {
    const why = bound.phase === 'unknown' ? 'the API no longer knows it' : `it is over (${bound.phase})`;
    return of(forgetChange(place, entry, bound, why));
  }
  const refused = entry.preventCancel ? [prevented(place.address, 'cancel')] : [];
  return of(cancelChange(place, entry, bound, reason), ...refused);
}

function decideSame(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  wasInDoubt: boolean,
  scene: Scene,
): Decision {
  const { desired, spec } = batch;
  const ids = entry.batchIds;
  const isAllInSight = bound.batches.length > 0 && bound.batches.length === ids.length;
  if (isAllInSight && bound.batches.every((seen) => cameToNothing(seen, scene.now))) {
    if (spec.executeAt === null) {
      return of(noOpChange(batch, entry, bound, 'cancelled outside'), cancelledOnce(desired, ids));
    }
    if (isDue(desired, scene.now)) {
      const reason = `${batchesWere(ids)} cancelled outside before it ran`;
      return of(createChange(batch, reason, scene.serversOf(spec), ids));
    }
  }
  if (wasInDoubt) return of(adoptChange(batch, ids, bound, 'an interrupted apply made it'));
  const toggle = toggleNeeded(desired, bound);
  const change =
    toggle === undefined
      ? noOpChange(batch, entry, bound, bound.phase)
      : toggleChange(batch, entry, bound, toggle);
  return of(change, ...(entry.preventCancel === desired.preventCancel ? [] : [guardRecorded(desired)]));
}

function decideOther(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  scene: Scene,
  reason = 'changed in the file',
): Decision {
  const { desired, spec } = batch;
  const isDueNow = isDue(desired, scene.now);
  if (!isBoundLive(bound)) {
    if (!isDueNow) return missed(batch, scene);
    const over = `${batchesText(entry.batchIds)} ${entry.batchIds.length === 1 ? 'is' : 'are'} over (${bound.phase})`;
    return of(createChange(batch, `${reason}; ${over}`, scene.serversOf(spec), entry.batchIds));
  }
  if (!isDueNow) {
    const why = entry.digest === batch.digest ? reason : 'its new time has passed already';
    const findings = [...guard(desired, entry, 'cancel'), tooLate(desired)];
    return of(cancelChange(placeOf(desired), entry, bound, why), ...findings);
  }
  const change = replaceChange(batch, entry, bound, reason, scene.serversOf(spec));
  return of(change, ...guard(desired, entry, 'replace'));
}

function guard(desired: DesiredBatch, entry: StateEntry, action: string): Diagnostic[] {
  if (desired.preventCancel) return [prevented(desired.address, action, desired.at)];
  return entry.preventCancel ? [guardLifted(desired, action)] : [];
}

/** As far as the state remembers. Cancelled ones that did nothing are made again at once, and not remembered. */
function hasBegunOnce({ phase }: StateEntry): boolean {
  return phase !== 'scheduled' && phase !== 'unknown';
}

/** The API answers 404 for all that was bound. */
function decideVanished(batch: ResolvedBatch, entry: StateEntry, bound: Bound, scene: Scene): Decision {
  const { desired, spec } = batch;
  const reason = `the API no longer knows ${batchesText(entry.batchIds)}`;
  const isOnce = spec.executeAt === null;
  if (entry.digest === batch.digest && (isOnce || hasBegunOnce(entry))) {
    return of(noOpChange(batch, entry, bound, reason), vanished(desired, reason, isOnce));
  }
  if (!isDue(desired, scene.now)) return of(forgetChange(placeOf(desired), entry, bound, reason));
  return of(createChange(batch, reason, scene.serversOf(spec), entry.batchIds));
}

function adopt(batch: ResolvedBatch, found: ObservedBatch, byServers: boolean, scene: Scene): Decision {
  const reason = byServers
    ? 'same template, time and game servers'
    : 'same template and time, and the only one; its game servers could not be compared';
  const bound = lookAtBound([found.id], scene.byId, scene.now);
  const today = scene.serversOf(batch.spec);
  const findings: Diagnostic[] = [];
  if (today !== null && found.numTasks < today / 2)
    findings.push(partialAdoption(batch.desired, found, today));
  if (isToReplace(scene.scope, batch.desired.address)) findings.push(notBoundYet(batch.desired, [found.id]));
  return of(adoptChange(batch, [found.id], bound, reason), ...findings);
}

function missed(batch: ResolvedBatch, scene: Scene): Decision {
  const reason = `its starting deadline of ${durationText(batch.desired.startingDeadline)} is over`;
  return of(missedChange(batch, reason, scene.serversOf(batch.spec)), tooLate(batch.desired));
}

function toggleNeeded({ paused }: DesiredBatch, bound: Bound): 'pause' | 'resume' | undefined {
  if (paused === undefined || !isBoundLive(bound)) return undefined;
  const { tasks } = bound;
  if (paused) return tasks.pending + tasks.running + tasks.unknown > 0 ? 'pause' : undefined;
  return tasks.paused > 0 ? 'resume' : undefined;
}

function of(change: Change, ...diagnostics: Diagnostic[]): Decision {
  return { change, diagnostics };
}
