/**
 * The heart: `plan(desired, state, observation, now)`, a pure function. No I/O, no clock, no randomness; the order
 * of any input changes nothing in what it decides.
 *
 * Invariant: no plan creates what an observed batch may already be.
 */
import type { Desired, DesiredBatch } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import { compareText } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import type { Change, Move, Plan, PlanScope } from '../model/plan.ts';
import { summarise } from '../model/plan-summary.ts';
import type { Spec, State } from '../model/state.ts';
import { claimedBatches, unmanagedBatches } from './decide/claims.ts';
import {
  type Decision,
  decideBound,
  decideRenamed,
  decideUnbound,
  decideUndesired,
  makesBatch,
  type Scene,
  unlessInTurn,
  unlessThere,
} from './decide/decide.ts';
import { leftInDoubt, unsettledLeftover } from './decide/findings.ts';
import { checkSafety } from './decide/safety.ts';
import { emptyTargets, foreignAccount, inventoryNote, outOfSight, unseenParams } from './decide/whole.ts';
import { findDrift } from './review/drift.ts';
import { checkSelection, isSelected, WHOLE } from './review/selection.ts';
import { targetServers } from './sameness/evidence.ts';
import { matchUnbound } from './sameness/match-unbound.ts';
import { moveEntries } from './sameness/moves.ts';
import { findRenames } from './sameness/renames.ts';
import { entryOf, settleIntents, withSettlement } from './sameness/settle.ts';
import { type ResolvedBatch, resolveBatches } from './world/spec.ts';
import { describeTargets } from './world/targets.ts';

export interface PlanOptions {
  /** Default `normal`. */
  readonly mode?: Plan['mode'];
  /** What part of it, and what is overruled: goes into the plan, and is applied with it. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** Overrules the limits. Not part of a plan: who applies it says it again. */
  readonly force?: boolean;
  /** Nothing but these addresses: what a person has reviewed. Not part of the plan. */
  readonly only?: ReadonlySet<string>;
  /** Unix seconds: plan as if it were then. Such a plan is never applied. */
  readonly at?: number | null;
}

export interface PlanInput {
  readonly desired: Desired;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds. */
  readonly now: number;
  readonly fleetformVersion: string;
  /** Whose batches these are: an origin, or `sandbox`. */
  readonly api: string;
  readonly options?: PlanOptions;
}

export function plan(input: PlanInput): Plan {
  const { desired, observation } = input;
  const { mode = 'normal', force = false, at = null, only } = input.options ?? {};
  const scope = { ...WHOLE, ...input.options?.scope };
  const now = at ?? input.now;
  const wanted = mode === 'destroy' ? [] : desired.batches;
  const moved = moveEntries(input.state ?? NO_STATE, mode === 'destroy' ? [] : desired.moved);
  const known = input.state === null ? null : moved.state;
  const settlement = known === null ? null : settleIntents(known, observation);
  const state = known === null || settlement === null ? null : withSettlement(known, settlement);
  const scene = sceneOf(observation, scope, now);

  const decided =
    mode === 'refresh-only'
      ? NOTHING
      : decideAll({ desired, wanted, state, settlement, observation, scene, mode });
  const isMeant = (address: string) => isSelected(scope, address) && (only?.has(address) ?? true);
  const changes = decided.changes.filter((change) => isMeant(change.address));
  const moves = mode === 'refresh-only' ? [] : movesWithTheirFollowers(moved.moves, isMeant);
  const addresses = new Set([
    ...wanted.map((batch) => batch.address),
    ...Object.keys(state?.entries ?? {}),
    ...decided.changes.map((change) => change.address),
  ]);
  const drift =
    mode !== 'refresh-only'
      ? []
      : findDrift({
          state,
          byId: scene.byId,
          inventory: observation.inventory,
          now,
          isPaused: (address) => wanted.some((batch) => batch.address === address && batch.paused === true),
        }).filter((one) => isMeant(one.address));
  const diagnostics = [
    ...desired.diagnostics,
    ...checkSelection(scope, addresses),
    ...[...moved.diagnostics, ...decided.diagnostics].filter(
      ({ address }) => address === undefined || isMeant(address),
    ),
    ...foreignAccount(state, observation),
    ...outOfSight(changes, input.state, observation, scope.assumeMissing),
    ...emptyTargets(changes),
    ...unseenParams(changes, new Set(settlement?.found.map(({ intent }) => intent.address))),
    ...inventoryNote(observation),
    ...(mode === 'refresh-only'
      ? []
      : checkSafety(desired, state, changes, { mode, force, allowEmpty: scope.allowEmpty })),
  ];
  return {
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
    summary: summarise(changes, decided.unmanaged, moves),
    changes,
    moves,
    drift,
    unmanaged: decided.unmanaged,
    diagnostics,
  };
}

interface Deciding {
  readonly desired: Desired;
  readonly wanted: readonly DesiredBatch[];
  readonly state: State | null;
  readonly settlement: ReturnType<typeof settleIntents> | null;
  readonly observation: Observation;
  readonly scene: Scene;
  readonly mode: Plan['mode'];
}

interface Decided {
  readonly changes: readonly Change[];
  readonly unmanaged: Plan['unmanaged'];
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING: Decided = { changes: [], unmanaged: [], diagnostics: [] };
const NO_STATE: State = { version: 1, lineage: '', serial: 0, name: '', api: '', entries: {}, intents: [] };

/** The whole, whatever part of it is meant: in the file's order, then what the file no longer names, then claims. */
function decideAll({ desired, wanted, state, settlement, observation, scene, mode }: Deciding): Decided {
  const { now } = scene;
  const { resolved, diagnostics } = resolveBatches(wanted, observation.templates);
  const changes: Change[] = [];
  const take = (decision: Decision) => {
    if (decision.change !== undefined) changes.push(decision.change);
    diagnostics.push(...decision.diagnostics);
  };

  const inDoubt = new Set(settlement?.found.map(({ intent }) => intent.address));
  const isBound = (batch: ResolvedBatch) => entryOf(state, batch.desired.address) !== undefined;
  const renames = findRenames(resolved, wanted, state);
  const unsettled = scene.scope.assumeMissing ? [] : (settlement?.unclear ?? []);
  const bound = new Map(
    resolved.flatMap((batch) => {
      const { address } = batch.desired;
      const entry = entryOf(state, address);
      return entry === undefined ? [] : [[address, decideBound(batch, entry, inDoubt.has(address), scene)]];
    }),
  );
  // A state restored from a copy knows an older batch than there is: what it would make anew is looked for, too.
  const unbound = resolved.filter((batch) => {
    const { address, executeAt } = batch.desired;
    if (!isBound(batch)) return !renames.has(address);
    return executeAt !== null && makesBatch(bound.get(address));
  });
  const { assumeMissing } = scene.scope;
  const matches = matchUnbound({ unbound, state, observation, now, assumeMissing });

  for (const batch of resolved) {
    const { address } = batch.desired;
    const decision = bound.get(address);
    const from = renames.get(address);
    const match = matches.get(address) ?? { verdict: 'absent' };
    const own = unsettled.find(({ intent }) => intent.address === address);
    if (own !== undefined) take({ diagnostics: [leftInDoubt(batch.desired, own)] });
    else if (decision === undefined && from !== undefined) {
      take(decideRenamed(batch, from.address, from.entry, scene));
    } else {
      const alone =
        decision === undefined
          ? decideUnbound(batch, match, scene)
          : unlessThere(batch, decision, match, scene);
      take(unlessInTurn(batch, alone, unsettled, now));
    }
  }

  const named = new Set(wanted.map((batch) => batch.address));
  const renamedFrom = new Set([...renames.values()].map((from) => from.address));
  for (const one of unsettled) {
    if (!named.has(one.intent.address)) take({ diagnostics: [unsettledLeftover(one)] });
  }
  const leftover = Object.entries(state?.entries ?? {})
    .filter(([address]) => !named.has(address) && !renamedFrom.has(address))
    .sort((a, b) => compareText(a[0], b[0]));
  const reason = mode === 'destroy' ? 'everything is to be destroyed' : 'no longer in the file';
  for (const [address, entry] of leftover) {
    const place = { address, targetText: describeTargets(entry.spec, desired.aliases) };
    take(decideUndesired(place, entry, scene, reason));
  }

  const unowned = unmanagedBatches({ state, observation, changes, now });
  const claims = mode === 'destroy' ? [] : claimedBatches(desired, observation, unowned, now);
  for (const claim of claims) take(claim);
  const claimed = new Set(claims.flatMap((claim) => claim.change?.batchIds ?? []));
  return { changes, diagnostics, unmanaged: unowned.filter((batch) => !claimed.has(batch.batchId)) };
}

/** Whoever moves to an address makes what is there move on, wherever the selection ends. */
function movesWithTheirFollowers(moves: readonly Move[], isMeant: (address: string) => boolean): Move[] {
  const meant = moves.filter((move) => isMeant(move.to));
  for (const { to } of meant) {
    const follower = moves.find((move) => move.from === to && !meant.includes(move));
    if (follower !== undefined) meant.push(follower);
  }
  return meant;
}

function sceneOf(observation: Observation, scope: PlanScope, now: number): Scene {
  return {
    now,
    scope,
    byId: new Map(observation.batches.map((batch) => [batch.id, batch])),
    serversOf: (spec: Spec) => targetServers(spec, observation.inventory)?.size ?? null,
  };
}

function rfc3339(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
