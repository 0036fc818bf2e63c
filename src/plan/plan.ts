/**
 * The heart: `plan(desired, state, observation, now)`, a pure function. No I/O, no clock, no randomness; the order
 * of any input changes nothing in what it decides. World → sameness → decisions; the whole is decided, a selection is
 * cut from it.
 *
 * Invariant: no plan creates what a batch that exists, or may exist, may already be.
 */

import { isDeepStrictEqual } from 'node:util';
import { baseOf, isSelected } from '../model/addresses.ts';
import type { Desired } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import type { Change, Move, Plan, PlanScope } from '../model/plan.ts';
import { summarise } from '../model/plan-summary.ts';
import type { KnownSight, State } from '../model/state.ts';
import { rfc3339 } from '../model/words.ts';
import { daylightFindings } from '../schedule/daylight-findings.ts';
import { marksAfter, pastOf } from '../schedule/marks.ts';
import { plannedSchedules } from '../schedule/planned-schedules.ts';
import { type Decided, decide } from './decide/decide.ts';
import { collisionFindings } from './decide/findings/collisions.ts';
import { waitsForLive } from './decide/findings/other-batches.ts';
import { checkSafety } from './decide/safety.ts';
import { clockNote, emptyTargets, foreignAccount, inventoryNote, unseenParams } from './decide/whole.ts';
import { type Collision, findCollisions } from './review/collisions.ts';
import { findDrift } from './review/drift.ts';
import { namedTargets } from './review/named-targets.ts';
import { findOverruns } from './review/overruns.ts';
import { reachOf } from './review/reach.ts';
import { checkSelection, WHOLE } from './review/selection.ts';
import { moveEntries } from './sameness/moves.ts';
import { composed } from './sameness/names.ts';
import { findSameness, type Sameness } from './sameness/sameness.ts';
import type { Settlement } from './sameness/settle.ts';
import { sightAfter } from './sameness/sight.ts';
import type { Asked } from './world/asked.ts';
import { createWorld, type World } from './world/world.ts';

/** Seconds for which a write without a clear answer is in doubt, where nobody says otherwise. */
export const DEFAULT_SETTLE = 60;

export interface PlanOptions {
  /** Default `normal`. */
  readonly mode?: Plan['mode'];
  /** What part of it, and what is overruled: goes into the plan, and is applied with it. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** Overrules the limits. Not part of a plan: who applies it says it again. */
  readonly force?: boolean;
  /** Nothing but what a person has reviewed. Not part of the plan. */
  readonly only?: Reviewed;
  /** Unix seconds: plan as if it were then. Such a plan is never applied. */
  readonly at?: number | null;
  /** Seconds for which a write without a clear answer is in doubt; default `DEFAULT_SETTLE`. */
  readonly settle?: number;
}

export interface Reviewed {
  readonly addresses: ReadonlySet<string>;
  /** Unix seconds: when that plan was made. */
  readonly at: number;
}

export interface PlanInput {
  readonly desired: Desired;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds, by the API's clock. */
  readonly now: number;
  readonly fleetformVersion: string;
  /** Whose batches these are: an origin, or `sandbox`. */
  readonly api: string;
  readonly options?: PlanOptions;
}

/**
 * What has to be done for the desired state to exist: the same for the same input, whatever the order in it. It throws
 * nothing for what is wrong: that is among `diagnostics`, and what has an error there is not to be applied (`hasErrors`).
 */
export function plan(input: PlanInput): Plan {
  return planned(input).plan;
}

/** A plan, and what an apply has to know of how it came about. */
export interface Planned {
  readonly plan: Plan;
  readonly settlement: Settlement;
  /** What the record knows of once this plan is begun. */
  readonly sight: KnownSight;
  /** Occurrences that are over: whatever is written next, their records go with it. */
  readonly ended: readonly string[];
  /** How far each schedule is accounted for then; null: as before. */
  readonly marks: NonNullable<State['schedules']> | null;
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
  const ended = mode === 'refresh-only' ? [] : endedOf(input, look, input.options?.only);
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
    ended,
    marks: marksOf(input, world, [...ended, ...world.passed], missedOf(changes)),
  };
}

/** What a plan would have to know besides what is observed: `observe/` looks, and asks again. */
export function questionsOf(input: ThoughtInput): Asked {
  return think(input).world.asked;
}

/** Of what was past when a plan was reviewed, the review has told what was missed. */
function endedOf({ desired }: PlanAbout, { world, decided }: Thought, only: Reviewed | undefined): string[] {
  const ended = decided.ended.filter((address) => isWhole(world.scope, baseOf(address)));
  return only === undefined ? ended : pastOf(ended, desired.blocks, only.at);
}

/** Is the plan about all of that schedule? A part of one says nothing of how far it is accounted for. */
function isWhole(scope: PlanScope, base: string): boolean {
  const isInPart = (one: string) => one !== base && baseOf(one) === base;
  return isSelected(scope, base) && !scope.excludes.some(isInPart);
}

function missedOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ action, address }) => (action === 'missed' ? address : []));
}

/** What a plan is not about stays accounted for as it was. `over`: of that, what could no longer be made. */
function marksOf(
  { desired, options = {} }: PlanInput,
  world: World,
  over: readonly string[],
  missed: readonly string[],
) {
  const { mode = 'normal', only } = options;
  const before = world.state?.schedules ?? {};
  const isMeant = (address: string) => isWhole(world.scope, address);
  const now = only?.at ?? world.now;
  const settled = [...pastOf(over, desired.blocks, now), ...missed];
  const after =
    mode === 'destroy'
      ? Object.fromEntries(Object.entries(before).filter(([address]) => !isMeant(address)))
      : marksAfter(before, desired.blocks, settled, { now, isMeant });
  return isDeepStrictEqual(before, after) ? null : after;
}

/** As much of a file as evidence takes. */
export interface PlanAbout {
  readonly desired: Pick<Desired, 'blocks' | 'freezes' | 'claims' | 'moved' | 'aliases'>;
}

/** All that a plan takes that costs time, and all that has questions. */
export interface Thought {
  /** With what is still to be asked. */
  readonly world: World;
  readonly moved: ReturnType<typeof moveEntries>;
  readonly sameness: Sameness;
  readonly decided: Decided;
  /** Of all that the selection leaves in. */
  readonly collisions: readonly Collision[];
}

type ThoughtInput = PlanAbout & Pick<PlanInput, 'state' | 'observation' | 'now' | 'options'>;

const NO_STATE: State = { version: 1, lineage: '', serial: 0, name: '', api: '', entries: {}, intents: [] };
const NOTHING: Decided = { changes: [], unmanaged: [], diagnostics: [], ended: [] };

/** The same for what was reviewed only and for the whole, forced or not. */
export function think(input: ThoughtInput): Thought {
  const { desired, observation } = input;
  const { mode = 'normal', at = null, settle = DEFAULT_SETTLE, scope } = input.options ?? {};
  const moved = moveEntries(input.state ?? NO_STATE, mode === 'destroy' ? [] : desired.moved);
  const world = createWorld({
    desired,
    state: input.state === null ? null : at === null ? moved.state : withoutMarks(moved.state),
    observation,
    now: at ?? input.now,
    settle,
    mode,
    scope: { ...WHOLE, ...scope },
  });
  const sameness = findSameness(world);
  const decided = mode === 'refresh-only' ? NOTHING : decide(world, sameness);
  if (mode === 'refresh-only') driftOf(world);
  const collisions = collisionsOf({ world, sameness, decided }, scope && { scope });
  return { world, moved, sameness, decided, collisions };
}

function collisionsOf(
  { world, sameness, decided }: Pick<Thought, 'world' | 'sameness' | 'decided'>,
  options: PlanOptions | undefined,
): Collision[] {
  return findCollisions(decided, sameness.twins, world, meantBy(options));
}

/** What is left in by the selection, and has been reviewed. */
function meantBy({ scope, only }: PlanOptions = {}): (address: string) => boolean {
  const whole = { ...WHOLE, ...scope };
  return (address) => isSelected(whole, address) && (only?.addresses.has(address) ?? true);
}

/** Until then others will have applied: nothing is missed that is not too late today. */
function withoutMarks({ schedules: _, ...state }: State): State {
  return state;
}

function driftOf(world: World) {
  const paused = new Set(world.wanted.flatMap(({ address, paused }) => (paused === true ? [address] : [])));
  return findDrift(world, (address) => paused.has(address));
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
