/**
 * The heart: `plan(desired, state, observation, now)`, a pure function. No I/O, no clock, no randomness; the order
 * of any input changes nothing in what it decides. The whole is decided (`think.ts`), and here the plan is cut from it:
 * what is selected, what goes along with it, and what there is to say of it.
 *
 * Invariant: no plan creates what a batch that exists, or may exist, may already be.
 */
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { Change, Move, Plan } from '../model/plan.ts';
import { summarise } from '../model/plan-summary.ts';
import type { KnownSight } from '../model/state.ts';
import { rfc3339 } from '../model/words.ts';
import { daylightFindings } from '../schedule/daylight-findings.ts';
import { plannedSchedules } from '../schedule/planned-schedules.ts';
import { type Accounted, accountedFor } from './accounted.ts';
import { collisionFindings } from './decide/findings/collisions.ts';
import { waitsForLive } from './decide/findings/other-batches.ts';
import { checkSafety } from './decide/safety.ts';
import { clockNote, emptyTargets, foreignAccount, inventoryNote, unseenParams } from './decide/whole.ts';
import type { PlanInput } from './input.ts';
import { namedTargets } from './review/named-targets.ts';
import { findOverruns } from './review/overruns.ts';
import { reachOf } from './review/reach.ts';
import { checkSelection } from './review/selection.ts';
import { composed } from './sameness/names.ts';
import type { Sameness } from './sameness/sameness.ts';
import type { Settlement } from './sameness/settle.ts';
import { sightAfter } from './sameness/sight.ts';
import { collisionsOf, driftOf, meantBy, type Thought, think } from './think.ts';

/**
 * What has to be done for the desired state to exist: the same for the same input, whatever the order in it. It throws
 * nothing for what is wrong: that is among `diagnostics`, and what has an error there is not to be applied (`hasErrors`).
 */
export function plan(input: PlanInput): Plan {
  return planned(input).plan;
}

/** A plan, and what an apply has to know of how it came about. */
export interface Planned extends Accounted {
  readonly plan: Plan;
  readonly settlement: Settlement;
  /** What the record knows of once this plan is begun. */
  readonly sight: KnownSight;
}

/** `thought`: of the same input, where somebody has done that already; what else was observed is thought of again. */
export function planned(input: PlanInput, thought: Thought | null = null): Planned {
  const { desired, observation } = input;
  const { mode = 'normal', force = false, at = null, only } = input.options ?? {};
  const look = thought?.world.observation === observation ? thought : think(input);
  const { world, moved, sameness, decided } = look;
  const { scope, state } = world;

  const isMeant = meantBy(input.options);
  const collisions = only === undefined ? look.collisions : collisionsOf(look, input.options);
  const changes = decided.changes.filter((change) => isMeant(change.address));
  const moves = mode === 'refresh-only' ? [] : chainsOf(composed(moved.moves, sameness.moves), isMeant);
  const addresses = new Set([
    ...world.wanted.map((batch) => batch.address),
    ...Object.keys(state?.entries ?? {}),
    ...(state?.intents ?? []).map(({ address }) => address),
    ...decided.changes.map((change) => change.address),
  ]);
  const drift = mode === 'refresh-only' ? driftOf(world).filter((one) => isMeant(one.address)) : [];
  const reached = reachOf(changes, world);
  const { unmanaged } = decided;
  const skipped = mode === 'normal' ? world.skipped.filter(({ address }) => isMeant(address)) : [];
  const diagnostics = [
    ...desired.diagnostics,
    ...(mode === 'normal' ? daylightFindings(desired.blocks, world.now, null) : []),
    ...checkSelection(scope, addresses),
    ...[...moved.diagnostics, ...decided.diagnostics].filter(
      ({ address }) => address === undefined || isMeant(address),
    ),
    ...(mode === 'refresh-only' ? [] : waitingForNothing(changes)),
    ...foreignAccount(state, observation, world.settle),
    ...emptyTargets(changes),
    ...collisionFindings(collisions, world),
    ...findOverruns(decided.changes, world, isMeant),
    ...unseenParams(changes, recordedRuns(sameness)),
    ...inventoryNote(observation),
    ...clockNote(observation),
    ...(mode === 'refresh-only'
      ? []
      : checkSafety(desired, state, { changes, reached }, { mode, force, allowEmpty: scope.allowEmpty })),
  ];
  const aliases = namedTargets(changes, desired.aliases);
  const made: Plan = {
    formatVersion: '1.0',
    fleetformVersion: input.fleetformVersion,
    plannedAt: rfc3339(input.now),
    name: desired.name,
    api: input.api,
    timezone: desired.timezone ?? null,
    mode,
    scope,
    at: at === null ? null : rfc3339(at),
    desiredDigest: desired.digest,
    state: input.state === null ? null : { lineage: input.state.lineage, serial: input.state.serial },
    observation: {
      complete: !observation.batchListFull,
      batches: observation.batches.length,
      tasks: observation.tasks,
    },
    summary: summarise(changes, { unmanaged, moves, skipped }, reached),
    ...(aliases === undefined ? {} : { aliases }),
    changes,
    skipped,
    schedules: plannedSchedules(desired.blocks),
    moves,
    drift,
    unmanaged,
    diagnostics,
  };
  return {
    plan: made,
    settlement: sameness.settlement,
    sight: sightAfter(sameness.known, observation.batches, sameness.unanswered),
    ...accountedFor(input, look, changes),
  };
}

/** Whoever moves to an address makes what is there move on, wherever the selection ends: a chain goes as a whole. */
function chainsOf(moves: readonly Move[], isMeant: (address: string) => boolean): Move[] {
  const leaving = new Map(moves.map((move) => [move.from, move]));
  const arriving = new Map(moves.map((move) => [move.to, move]));
  const meant = new Set<Move>();
  const open = moves.filter(({ from, to }) => isMeant(from) || isMeant(to));
  for (let move = open.pop(); move !== undefined; move = open.pop()) {
    if (meant.has(move)) continue;
    meant.add(move);
    for (const next of [leaving.get(move.to), arriving.get(move.from)])
      if (next !== undefined) open.push(next);
  }
  return moves.filter((move) => meant.has(move));
}

/** A create waits for what may be the same run; if nothing that is selected ends that, it would wait for ever. */
function waitingForNothing(changes: readonly Change[]): Diagnostic[] {
  const ending = new Set<Id>();
  for (const change of changes) {
    if (change.action === 'cancel' || change.action === 'replace')
      for (const id of change.batchIds) ending.add(id);
  }
  return changes.flatMap((change) => {
    if (change.action !== 'create' && change.action !== 'replace') return [];
    const left = change.awaits.filter((id) => !ending.has(id));
    return left.length === 0 ? [] : [waitsForLive(change.address, left)];
  });
}

/** What is adopted of these the state's own record tells. */
function recordedRuns({ answers }: Sameness): Set<string> {
  return new Set([...answers].flatMap(([address, { verdict }]) => (verdict === 'this' ? address : [])));
}
