/**
 * One desired batch, what the state says of it and what is observed → one change. The rows of the design's table.
 *
 * Invariant: a `create` only comes out where the batch certainly is not there; whatever cannot be told is an error.
 */
import type { DesiredBatch } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import { LIST_LIMIT, type ObservedBatch } from '../model/observed.ts';
import type { Change } from '../model/plan.ts';
import type { Spec, StateEntry } from '../model/state.ts';
import { type Bound, isBoundLive, lookAtBound } from './bound.ts';
import { cameToNothing } from './evidence.ts';
import type { Match } from './match.ts';
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
}

/** "Late by less than its starting deadline" still counts; a batch without a time is always due. */
export function isDue(desired: DesiredBatch, now: number): boolean {
  return desired.executeAt === null || now - desired.executeAt < desired.startingDeadline;
}

export function decideBound(
  batch: ResolvedBatch,
  entry: StateEntry,
  wasInDoubt: boolean,
  scene: Scene,
): Decision {
  const bound = lookAtBound(entry.batchIds, scene.byId, scene.now);
  if (bound.phase === 'unknown') return decideVanished(batch, entry, scene);
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
  const bound = lookAtBound(entry.batchIds, scene.byId, scene.now);
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
  const bound = lookAtBound(entry.batchIds, scene.byId, scene.now);
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

  if (bound.batches.every((seen) => cameToNothing(seen, scene.now))) {
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

function decideOther(batch: ResolvedBatch, entry: StateEntry, bound: Bound, scene: Scene): Decision {
  const { desired, spec } = batch;
  const isDueNow = isDue(desired, scene.now);
  if (!isBoundLive(bound)) {
    if (!isDueNow) return missed(batch, scene);
    const reason = `changed since ${batchesText(entry.batchIds)}, which is over (${bound.phase})`;
    return { change: create(batch, entry.batchIds, reason, scene), diagnostics: [] };
  }
  if (!isDueNow) {
    const reason = 'its new time has passed already';
    const cancelled = decideUndesired(
      desired.address,
      { ...entry, preventCancel: desired.preventCancel },
      desired.targetText,
      scene,
      reason,
    );
    return { ...cancelled, diagnostics: [...cancelled.diagnostics, ...missed(batch, scene).diagnostics] };
  }
  const change: Change = {
    ...identity(batch),
    action: 'replace',
    reason: 'changed in the file',
    batchIds: entry.batchIds,
    servers: scene.serversOf(spec),
    phase: bound.phase,
    tasks: bound.tasks,
    before: entry.spec,
    after: spec,
    paused: desired.paused === true,
    preventCancel: desired.preventCancel,
  };
  return { change, diagnostics: desired.preventCancel ? [prevented(desired.address, 'replace')] : [] };
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
    const warning: Diagnostic = {
      severity: 'warning',
      code: 'plan.vanished',
      message: `${reason}; it was to run once, so it is not made again`,
      hint: 'To run it again, raise its `revision`.',
      address: desired.address,
    };
    return { change, diagnostics: [warning] };
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
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'plan.partial-adoption',
    message: `batch ${found.id} covers ${found.numTasks} game servers, ${batch.desired.targetText} has ${today} today`,
    address: batch.desired.address,
  };
  return { change, diagnostics: isPartial ? [warning] : [] };
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
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'plan.missed',
    message: `its time has passed, and its starting deadline of ${deadline} is over: it is not created`,
    hint: 'Give it a new `executeAt`, or remove it from the file.',
    address: batch.desired.address,
    range: batch.desired.range,
  };
  return { change, diagnostics: [warning] };
}

/** As the file would write it: `1h30m`. */
function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  return (
    parts
      .filter(([count]) => count !== 0)
      .map((part) => part.join(''))
      .join('') || '0s'
  );
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

export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}

/** `mayAssume`: --assume-missing would overrule it. Without candidates, what was looked for is out of sight. */
export function ambiguous(
  desired: DesiredBatch,
  candidates: readonly Id[],
  mayAssume = desired.executeAt === null,
): Diagnostic {
  const what = candidates.length === 1 ? 'may already be this one' : 'could each be this one';
  const command = `\`fleetform import '${desired.address}' ${candidates[0] ?? 'BATCHID'}\``;
  const isInSight = candidates.length > 0;
  const bind = isInSight
    ? `Look at them, then bind the right one: ${command}.`
    : `If it exists, bind it: ${command}.`;
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: isInSight
      ? `${batchesText(candidates)} ${what}, and nothing tells for certain`
      : `an interrupted apply may have made it, and the API's list (the last ${LIST_LIMIT} batches) no longer reaches back to then`,
    hint: mayAssume ? `${bind} If it certainly does not exist, plan and apply with --assume-missing.` : bind,
    address: desired.address,
    range: desired.range,
  };
}

function prevented(address: string, action: string): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.prevented',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` forbids that`,
    hint: 'Set `preventCancel: false` on its block and apply that first.',
    address,
  };
}

function cancelledOnce(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.cancelled-outside',
    message: `${batchesText(ids)} was cancelled outside before it ran; it was to run once, so it is not made again`,
    hint: 'To run it again, raise its `revision`.',
    address: desired.address,
    range: desired.range,
  };
}
