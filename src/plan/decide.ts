/**
 * One desired batch, what the state says of it and what is observed → one change. The rows of the design's table.
 *
 * Invariant: a `create` only comes out where the batch certainly is not there; whatever cannot be told is an error.
 */
import type { DesiredBatch } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { ObservedBatch } from '../model/observed.ts';
import type { Change, PlanScope } from '../model/plan.ts';
import type { Spec, StateEntry } from '../model/state.ts';
import { type Bound, isBoundLive, lookAtBound } from './bound.ts';
import { cameToNothing } from './evidence.ts';
import {
  ambiguous,
  batchesText,
  cancelledOnce,
  durationText,
  guardLifted,
  notBoundYet,
  partialAdoption,
  prevented,
  renamedOnce,
  tooLate,
  vanishedOnce,
} from './findings.ts';
import type { Match } from './match.ts';
import { isToReplace } from './selection.ts';
import type { ResolvedBatch } from './spec.ts';

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
  if (bound.phase === 'unknown') return decideVanished(batch, entry, scene);
  if (isToReplace(scene.scope, batch.desired.address)) {
    return decideOther(batch, entry, bound, scene, 'asked for by --replace');
  }
  return entry.digest === batch.digest
    ? decideSame(batch, entry, bound, wasInDoubt, scene)
    : decideOther(batch, entry, bound, scene);
}

/** No state binds it: `match` is what the evidence says. */
export function decideUnbound(batch: ResolvedBatch, match: Match, scene: Scene): Decision {
  if (match.verdict === 'found') return adopt(batch, match.batch, match.byServers, scene);
  if (match.verdict === 'unclear') return { diagnostics: [ambiguous(batch.desired, match.candidates)] };
  if (!isDue(batch.desired, scene.now)) return missed(batch, scene);
  const reason = batch.spec.executeAt === null ? 'runs once, as soon as applied' : 'no such batch exists';
  return { change: create(batch, [], reason, scene), diagnostics: [] };
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

/** The block was renamed: the batch that another address made is what this one asks for. */
export function decideRenamed(batch: ResolvedBatch, from: string, entry: StateEntry, scene: Scene): Decision {
  if (batch.spec.executeAt === null) return { diagnostics: [renamedOnce(batch.desired, from)] };
  const bound = lookAtEntry(entry, scene);
  const change: Change = {
    ...identity(batch),
    action: 'adopt',
    reason: `it is what ${from} made, under a new name`,
    batchIds: entry.batchIds,
    servers: bound.servers,
    phase: bound.phase,
    tasks: bound.tasks,
    before: entry.spec,
    after: batch.spec,
    from,
    preventCancel: batch.desired.preventCancel,
  };
  return { change, diagnostics: [] };
}

/** The file names it no longer. */
export function decideUndesired(
  address: string,
  entry: StateEntry,
  targetText: string,
  scene: Scene,
  reason: string,
): Decision {
  const bound = lookAtEntry(entry, scene);
  const base = { address, targetText, batchIds: entry.batchIds, before: entry.spec, after: null };
  if (!isBoundLive(bound)) {
    const why = bound.phase === 'unknown' ? 'the API no longer knows it' : `it is over (${bound.phase})`;
    return { change: { ...base, action: 'forget', reason: why, servers: bound.servers }, diagnostics: [] };
  }
  const change: Change = {
    ...base,
    action: 'cancel',
    reason,
    servers: bound.servers,
    phase: bound.phase,
    tasks: bound.tasks,
  };
  return { change, diagnostics: entry.preventCancel ? [prevented(address, 'cancel')] : [] };
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
  const existing = { batchIds: ids, servers: bound.servers, phase: bound.phase, tasks: bound.tasks };
  const specs = { before: entry.spec, after: spec };
  const { preventCancel } = desired;

  if (bound.batches.length > 0 && bound.batches.every((seen) => cameToNothing(seen, scene.now))) {
    if (spec.executeAt !== null && isDue(desired, scene.now)) {
      const reason = `${batchesText(ids)} was cancelled outside before it ran`;
      return { change: create(batch, ids, reason, scene), diagnostics: [] };
    }
    if (spec.executeAt === null) {
      const change: Change = {
        ...identity(batch),
        ...existing,
        ...specs,
        action: 'no-op',
        reason: 'cancelled outside',
        preventCancel,
      };
      return { change, diagnostics: [cancelledOnce(desired, ids)] };
    }
  }
  if (wasInDoubt) {
    const change: Change = {
      ...identity(batch),
      ...existing,
      action: 'adopt',
      reason: 'an interrupted apply made it',
      before: null,
      after: spec,
      from: null,
      preventCancel,
    };
    return { change, diagnostics: [] };
  }
  const toggle = togglesNeeded(desired, bound);
  if (toggle !== undefined) {
    return { change: { ...identity(batch), ...existing, ...specs, ...toggle }, diagnostics: [] };
  }
  const change: Change = {
    ...identity(batch),
    ...existing,
    ...specs,
    action: 'no-op',
    reason: bound.phase,
    preventCancel,
  };
  return { change, diagnostics: [] };
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
    const over = `${batchesText(entry.batchIds)} is over (${bound.phase})`;
    return { change: create(batch, entry.batchIds, `${reason}; ${over}`, scene), diagnostics: [] };
  }
  if (!isDueNow) {
    const cancelled = decideUndesired(
      desired.address,
      { ...entry, preventCancel: false },
      desired.targetText,
      scene,
      entry.digest === batch.digest ? reason : 'its new time has passed already',
    );
    return {
      ...cancelled,
      diagnostics: [...guard(desired, entry, 'cancel'), ...missed(batch, scene).diagnostics],
    };
  }
  const change: Change = {
    ...identity(batch),
    action: 'replace',
    reason,
    batchIds: entry.batchIds,
    servers: scene.serversOf(spec),
    phase: bound.phase,
    tasks: bound.tasks,
    before: entry.spec,
    after: spec,
    paused: desired.paused === true,
    preventCancel: desired.preventCancel,
  };
  return { change, diagnostics: guard(desired, entry, 'replace') };
}

function guard(desired: DesiredBatch, entry: StateEntry, action: string): Diagnostic[] {
  if (desired.preventCancel) return [prevented(desired.address, action, desired.at)];
  return entry.preventCancel ? [guardLifted(desired, action)] : [];
}

/** The API answers 404 for all that was bound. */
function decideVanished(batch: ResolvedBatch, entry: StateEntry, scene: Scene): Decision {
  const { desired, spec } = batch;
  const ids = entry.batchIds;
  const reason = `the API no longer knows ${batchesText(ids)}`;
  const isSame = entry.digest === batch.digest;
  if (spec.executeAt === null && isSame) {
    const change: Change = {
      ...identity(batch),
      action: 'no-op',
      reason,
      batchIds: ids,
      servers: null,
      phase: 'unknown',
      tasks: NO_TASKS,
      before: entry.spec,
      after: spec,
      preventCancel: desired.preventCancel,
    };
    return { change, diagnostics: [vanishedOnce(desired, reason)] };
  }
  if (isDue(desired, scene.now)) return { change: create(batch, ids, reason, scene), diagnostics: [] };
  const change: Change = {
    ...identity(batch),
    action: 'forget',
    reason,
    batchIds: ids,
    servers: null,
    before: entry.spec,
    after: null,
  };
  return { change, diagnostics: [] };
}

function create(batch: ResolvedBatch, batchIds: readonly Id[], reason: string, scene: Scene): Change {
  return {
    ...identity(batch),
    action: 'create',
    reason,
    batchIds,
    servers: scene.serversOf(batch.spec),
    before: null,
    after: batch.spec,
    paused: batch.desired.paused === true,
    preventCancel: batch.desired.preventCancel,
  };
}

function adopt(batch: ResolvedBatch, found: ObservedBatch, byServers: boolean, scene: Scene): Decision {
  const bound = lookAtBound([found.id], scene.byId, scene.now);
  const today = scene.serversOf(batch.spec);
  const change: Change = {
    ...identity(batch),
    action: 'adopt',
    reason: byServers
      ? 'same template, time and game servers'
      : 'same template and time, and the only one; its game servers could not be compared',
    batchIds: [found.id],
    servers: bound.servers,
    phase: bound.phase,
    tasks: bound.tasks,
    before: null,
    after: batch.spec,
    from: null,
    preventCancel: batch.desired.preventCancel,
  };
  const isPartial = today !== null && found.numTasks < today / 2;
  return {
    change,
    diagnostics: [
      ...(isPartial ? [partialAdoption(batch.desired, found, today)] : []),
      ...(isToReplace(scene.scope, batch.desired.address) ? [notBoundYet(batch.desired, found.id)] : []),
    ],
  };
}

function missed(batch: ResolvedBatch, scene: Scene): Decision {
  const deadline = durationText(batch.desired.startingDeadline);
  const change: Change = {
    ...identity(batch),
    action: 'missed',
    reason: `its starting deadline of ${deadline} is over`,
    batchIds: [],
    servers: scene.serversOf(batch.spec),
    before: null,
    after: batch.spec,
  };
  return { change, diagnostics: [tooLate(batch.desired)] };
}

function togglesNeeded(
  desired: DesiredBatch,
  bound: Bound,
): { action: 'pause' | 'resume'; reason: string } | undefined {
  if (desired.paused === undefined || !isBoundLive(bound)) return undefined;
  const { paused, pending, running, unknown } = bound.tasks;
  const others = pending + running + unknown;
  if (desired.paused && others > 0) return { action: 'pause', reason: 'the file says `paused: true`' };
  if (!desired.paused && paused > 0) return { action: 'resume', reason: 'the file says `paused: false`' };
  return undefined;
}

function identity(batch: ResolvedBatch): { address: string; targetText: string } {
  return { address: batch.desired.address, targetText: batch.desired.targetText };
}

const NO_TASKS = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
