/**
 * The heart: `plan(desired, state, observation, now)`, a pure function. No I/O, no clock, no randomness; the order
 * of any input changes nothing in what it decides.
 *
 * Invariant: no plan creates what an observed batch may already be.
 */
import type { Desired } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import { compareIds, compareText } from '../model/ids.ts';
import { LIST_LIMIT, type Observation } from '../model/observed.ts';
import type { Change, Plan, PlanSummary, UnmanagedBatch } from '../model/plan.ts';
import type { Spec, State } from '../model/state.ts';
import { claimedBatches, unmanagedBatches } from './claims.ts';
import {
  ambiguous,
  decideBound,
  decideRenamed,
  decideUnbound,
  decideUndesired,
  makesBatch,
  type Scene,
  unlessThere,
} from './decide.ts';
import { targetServers } from './evidence.ts';
import { matchUnbound } from './match-unbound.ts';
import { findRenames } from './renames.ts';
import { checkSafety } from './safety.ts';
import { entryOf, settleIntents, withSettlement } from './settle.ts';
import { type ResolvedBatch, resolveBatches } from './spec.ts';
import { describeTargets } from './targets.ts';

export interface PlanOptions {
  readonly mode: 'normal' | 'destroy';
  /** Create although an older batch may be out of sight, or one in sight may be it. */
  readonly assumeMissing: boolean;
  readonly allowEmpty: boolean;
  /** Overrules the limits. */
  readonly force: boolean;
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
  readonly options?: Partial<PlanOptions>;
}

const DEFAULTS: PlanOptions = { mode: 'normal', assumeMissing: false, allowEmpty: false, force: false };

export function plan(input: PlanInput): Plan {
  const { desired, observation, now } = input;
  const options = { ...DEFAULTS, ...input.options };
  const settlement = input.state === null ? null : settleIntents(input.state, observation);
  const state = input.state === null || settlement === null ? null : withSettlement(input.state, settlement);
  const wanted = options.mode === 'destroy' ? [] : desired.batches;
  const { resolved, diagnostics } = resolveBatches(wanted, observation.templates);
  const inDoubt = new Set(settlement?.found.map(({ intent }) => intent.address));
  const scene = sceneOf(observation, now);

  const changes: Change[] = [];
  const take = (decision: { change?: Change; diagnostics: readonly Diagnostic[] }) => {
    if (decision.change !== undefined) changes.push(decision.change);
    diagnostics.push(...decision.diagnostics);
  };

  const isBound = (batch: ResolvedBatch) => entryOf(state, batch.desired.address) !== undefined;
  const renames = findRenames(resolved, wanted, state);
  const unsettled = new Map(settlement?.unclear.map((one) => [one.intent.address, one.candidates]));
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
  const matches = matchUnbound({ unbound, state, observation, now, assumeMissing: options.assumeMissing });

  for (const batch of resolved) {
    const { address } = batch.desired;
    const decided = bound.get(address);
    const from = renames.get(address);
    const match = matches.get(address) ?? { verdict: 'absent' };
    const candidates = options.assumeMissing ? undefined : unsettled.get(address);
    if (candidates !== undefined) take({ diagnostics: [ambiguous(batch.desired, candidates, true)] });
    else if (decided !== undefined) take(unlessThere(batch, decided, match, scene));
    else if (from !== undefined) take(decideRenamed(batch, from.address, from.entry, scene));
    else take(decideUnbound(batch, match, scene));
  }

  const named = new Set(wanted.map((batch) => batch.address));
  const renamedFrom = new Set([...renames.values()].map((from) => from.address));
  for (const [address, entry] of Object.entries(state?.entries ?? {}).sort((a, b) =>
    compareText(a[0], b[0]),
  )) {
    if (named.has(address) || renamedFrom.has(address)) continue;
    const reason = options.mode === 'destroy' ? 'everything is to be destroyed' : 'no longer in the file';
    take(decideUndesired(address, entry, describeTargets(entry.spec, desired.aliases), scene, reason));
  }

  const unowned = unmanagedBatches({ state, observation, changes, now });
  const claims = options.mode === 'destroy' ? [] : claimedBatches(desired, observation, unowned, now);
  for (const claim of claims) take(claim);
  const claimed = new Set(claims.flatMap((claim) => claim.change?.batchIds ?? []));
  const unmanaged = unowned.filter((batch) => !claimed.has(batch.batchId));

  diagnostics.push(
    ...foreignAccount(state, observation),
    ...outOfSight(changes, input.state, observation, options),
    ...emptyTargets(changes),
    ...inventoryNote(observation),
    ...checkSafety(desired, state, changes, options),
  );
  return {
    formatVersion: '1.0',
    fleetformVersion: input.fleetformVersion,
    plannedAt: new Date(now * 1000).toISOString().replace('.000Z', 'Z'),
    name: desired.name,
    api: input.api,
    timezone: desired.timezone ?? null,
    mode: options.mode,
    scope: {
      targets: [],
      excludes: [],
      replaces: [],
      refresh: true,
      assumeMissing: options.assumeMissing,
      allowEmpty: options.allowEmpty,
    },
    at: null,
    desiredDigest: desired.digest,
    state: input.state === null ? null : { lineage: input.state.lineage, serial: input.state.serial },
    observation: {
      complete: !observation.batchListFull,
      batches: observation.batches.length,
      tasks: observation.tasks,
    },
    summary: summarise(changes, unmanaged),
    changes,
    moves: [],
    drift: [],
    unmanaged,
    diagnostics: [...desired.diagnostics, ...diagnostics],
  };
}

/** Does applying it do or record anything that the user asked for? Forgetting what is over is not worth a word. */
export function hasChanges(plan: Pick<Plan, 'summary'>): boolean {
  const { create, cancel, replace, update, adopt } = plan.summary;
  return create + cancel + replace + update + adopt > 0;
}

export function hasErrors(plan: Pick<Plan, 'diagnostics'>): boolean {
  return plan.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

export function summarise(changes: readonly Change[], unmanaged: readonly UnmanagedBatch[]): PlanSummary {
  const count = (...actions: Change['action'][]) =>
    changes.filter((change) => actions.includes(change.action)).length;
  return {
    create: count('create'),
    cancel: count('cancel'),
    replace: count('replace'),
    update: count('pause', 'resume'),
    adopt: count('adopt'),
    forget: count('forget'),
    move: 0,
    missed: count('missed'),
    unmanaged: unmanaged.length,
    servers: changes
      .filter((change) => change.action === 'create' || change.action === 'replace')
      .reduce((sum, change) => sum + (change.servers ?? 0), 0),
  };
}

function sceneOf(observation: Observation, now: number): Scene {
  return {
    now,
    byId: new Map(observation.batches.map((batch) => [batch.id, batch])),
    serversOf: (spec: Spec) => targetServers(spec, observation.inventory)?.size ?? null,
  };
}

/** The API knows none of several bound batches: this is rather another account than as many accidents. */
function foreignAccount(state: State | null, observation: Observation): Diagnostic[] {
  const bound = Object.values(state?.entries ?? {}).flatMap((entry) => entry.batchIds);
  const missing = new Set(observation.missing);
  if (bound.length < 2 || !bound.every((id) => missing.has(id))) return [];
  const shown = [...bound].sort(compareIds).slice(0, 5).join(', ');
  return [
    {
      severity: 'error',
      code: 'plan.foreign-account',
      message: `the API knows none of the ${bound.length} batches that the state owns (${shown}${bound.length > 5 ? ', …' : ''})`,
      hint: "Is this another account's key, or another API? If all of them are really gone, delete the state.",
    },
  ];
}

/** Without any state, a full list may hide what an earlier apply made. */
function outOfSight(
  changes: readonly Change[],
  state: State | null,
  observation: Observation,
  options: PlanOptions,
): Diagnostic[] {
  const creates = changes.filter((change) => change.action === 'create');
  if (state !== null || !observation.batchListFull || options.assumeMissing || creates.length === 0)
    return [];
  const shown = creates.slice(0, 5).map((change) => change.address);
  return [
    {
      severity: 'error',
      code: 'plan.out-of-sight',
      message:
        `no state exists, and the API's list is full (it shows the last ${LIST_LIMIT} batches only): ` +
        `${shown.join(', ')}${creates.length > 5 ? ` and ${creates.length - 5} more` : ''} may exist already, out of sight`,
      hint:
        'Restore the state, bind what exists with `fleetform import ADDRESS BATCHID`, ' +
        'or, if you know that nothing exists, plan and apply with --assume-missing.',
    },
  ];
}

function emptyTargets(changes: readonly Change[]): Diagnostic[] {
  return changes
    .filter((change) => (change.action === 'create' || change.action === 'replace') && change.servers === 0)
    .map((change) => ({
      severity: 'warning',
      code: 'plan.empty-target',
      message: `${change.targetText} has no game servers today`,
      hint: 'Is the id right? A batch of an empty target does nothing.',
      address: change.address,
    }));
}

function inventoryNote(observation: Observation): Diagnostic[] {
  const why = observation.inventory.unavailable;
  if (why === null) return [];
  return [
    {
      severity: 'note',
      code: 'plan.no-inventory',
      message: `game servers are not counted: ${why}`,
    },
  ];
}
