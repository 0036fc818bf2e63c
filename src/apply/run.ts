/**
 * One apply from lock to unlock: lock, read the state, observe, plan, check, ask, work, record.
 * This is what `fleetform apply` and `destroy` run, and what the library offers.
 */
import type { FleetApi } from '../api/port.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import type { Desired } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { Observation } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { hasChanges, hasErrors } from '../model/plan-summary.ts';
import type { State } from '../model/state.ts';
import { observe } from '../observe/observe.ts';
import { type PlanOptions, plan } from '../plan/plan.ts';
import { beyondReview, planDifferences, staleness, subjectsOf } from '../plan/review/compare.ts';
import { settleIntents } from '../plan/sameness/settle.ts';
import { isPoorer } from '../plan/sameness/sight.ts';
import type { StateBackend } from '../state/backend.ts';
import { checkBelongs } from '../state/belongs.ts';
import { openJournal } from '../state/journal.ts';
import { emptyState } from '../state/transitions.ts';
import { type ApplyOutcome, applyPlan } from './apply.ts';
import { type ApplyContext, DEFAULT_PATIENCE, type Patience } from './context.ts';
import { InterruptedError, StalePlanError } from './errors.ts';
import { waitForLock } from './wait-for-lock.ts';

export interface ApplyInput {
  readonly desired: Desired;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  readonly fleetformVersion: string;
  /** Of a reviewed plan only `force` counts: mode and scope are the plan's own. */
  readonly options?: PlanOptions;
  /** A plan that was reviewed: exactly this is done, or nothing, if it no longer holds. */
  readonly reviewed?: Plan;
  /** Told the plan before anything of it is done, also when it has errors or nothing is to be done. */
  readonly onPlan?: (plan: Plan) => void;
  /** Asked about a plan that does something; false: nothing is done. Not asked about a reviewed plan. */
  readonly approve: (plan: Plan) => Promise<boolean>;
  /** How long to wait for another's lock, in milliseconds; default 0. */
  readonly lockTimeoutMs?: number;
  readonly emit?: (event: ApplyEvent) => void;
  readonly stop?: AbortSignal;
  /** Unix seconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newId: () => string;
  readonly patience?: Patience;
}

export interface ApplyResult {
  readonly plan: Plan;
  /** null: the plan has errors, or was not approved. */
  readonly outcome: ApplyOutcome | null;
  /** The state after it; null: none exists. */
  readonly state: State | null;
}

/** An answer that took longer than this may be about a plan that no longer holds. Seconds. */
const SLOW_APPROVAL = 10;

/**
 * Throws a `LockedError`, a `StalePlanError`, an `InterruptedError`, an `ApiError` of the reads that the plan needs,
 * or `state.*`. What becomes of the single changes is in the outcome and in the events, not thrown.
 */
export async function apply(input: ApplyInput): Promise<ApplyResult> {
  const stop = input.stop ?? new AbortController().signal;
  const emit = input.emit ?? (() => {});
  const options = optionsOf(input);
  const operation = options.mode === 'destroy' ? 'destroy' : 'apply';
  const lock = await waitForLock(input.backend, operation, { ...input, stop, emit });
  try {
    if (lock.takenOverFrom !== null) {
      const { who, pid, since } = lock.takenOverFrom;
      emit({
        type: 'note',
        message: `took over the lock of ${who} (process ${pid}, since ${since}), which is gone`,
      });
    }
    const state = await input.backend.read();
    checkBelongs(state, { name: input.desired.name, api: input.api.origin }, input.backend.location);
    const whole = await freshPlan(input, options, state, stop, emit);
    const first = input.reviewed === undefined ? whole : reviewedPart(input.reviewed, whole, state, emit);
    input.onPlan?.(first.plan);
    if (hasErrors(first.plan)) return { plan: first.plan, outcome: null, state };

    let chosen = first;
    const askedAt = input.now();
    if (hasChanges(first.plan) && input.reviewed === undefined) {
      if (!(await input.approve(first.plan))) return { plan: first.plan, outcome: null, state };
      if (input.now() - askedAt > SLOW_APPROVAL) {
        chosen = await freshPlan(input, options, state, stop, emit);
        const differences = planDifferences(first.plan, chosen.plan);
        const errors = chosen.plan.diagnostics.filter(({ severity }) => severity === 'error');
        if (differences.length + errors.length > 0) {
          throw new StalePlanError([...differences, ...errors.map(({ message }) => message)]);
        }
      }
    }
    if (stop.aborted) throw new InterruptedError();
    const journal = openJournal(input.backend, state ?? newState(input));
    const ctx: ApplyContext = {
      api: input.api,
      journal,
      observation: chosen.observation,
      now: input.now,
      sleep: input.sleep,
      newId: input.newId,
      emit,
      stop,
      patience: input.patience ?? DEFAULT_PATIENCE,
    };
    if (state === null) await journal.record((empty) => ({ ...empty }));
    const outcome = await applyPlan(ctx, chosen.plan);
    return { plan: chosen.plan, outcome, state: journal.current() };
  } finally {
    await lock.release();
  }
}

function newState(input: ApplyInput): State {
  return emptyState({ lineage: input.newId(), name: input.desired.name, api: input.api.origin });
}

/** A reviewed plan says itself what it is a plan of. Throws `apply.no-plan-to-apply`. */
function optionsOf({ options = {}, reviewed }: ApplyInput): PlanOptions {
  if (reviewed === undefined) return options;
  if (reviewed.at !== null) throw notToBeApplied(`what a plan at ${reviewed.at} would be (--at)`);
  if (reviewed.mode === 'refresh-only') throw notToBeApplied('a look at what has changed (--refresh-only)');
  const { mode, scope } = reviewed;
  return { mode, scope, ...(options.force === undefined ? {} : { force: options.force }) };
}

function notToBeApplied(what: string): FleetformError {
  return new FleetformError('apply.no-plan-to-apply', `this is ${what}, and nothing to be applied`, {
    hint: 'Nothing was done. Make a plan to apply with `fleetform plan --out FILE`.',
  });
}

interface FreshPlan {
  readonly plan: Plan;
  readonly observation: Observation;
  /** The same, of these addresses only. */
  part(addresses: ReadonlySet<string>): Plan;
}

/**
 * A leftover intent of which nothing is in sight gets the patience that its own apply could not give it. Of its looks
 * the last one counts that does not lack what one before it showed.
 */
async function freshPlan(
  input: ApplyInput,
  options: PlanOptions,
  state: State | null,
  stop: AbortSignal,
  emit: (event: ApplyEvent) => void,
): Promise<FreshPlan> {
  const { desired, api } = input;
  const look = () =>
    observe(api, { desired, state, now: input.now(), ...(options.scope && { scope: options.scope }) });
  let observation = await look();
  if (state !== null) {
    for (const pause of (input.patience ?? DEFAULT_PATIENCE).looks) {
      const { absent, unclear } = settleIntents(state, observation);
      const waiting = absent[0] ?? unclear.find(({ sight }) => sight === 'behind')?.intent;
      if (waiting === undefined) break;
      if (stop.aborted) throw new InterruptedError();
      const reason = 'looking for the batch of an interrupted apply';
      emit({ type: 'waiting', address: waiting.address, reason, seconds: pause / 1000 });
      await input.sleep(pause);
      const next = await look();
      if (!isPoorer(next.newestListed, observation.newestListed)) observation = next;
    }
  }
  const { fleetformVersion } = input;
  const basis = { desired, state, observation, now: input.now(), fleetformVersion, api: api.origin };
  return {
    observation,
    plan: plan({ ...basis, options }),
    part: (only) => plan({ ...basis, options: { ...options, only } }),
  };
}

/** Throws `apply.other-plan` or a `StalePlanError`. What was not reviewed is not done, and said. */
function reviewedPart(
  reviewed: Plan,
  whole: FreshPlan,
  state: State | null,
  emit: (event: ApplyEvent) => void,
): FreshPlan {
  checkSubject(reviewed, whole.plan);
  const differences = staleness(reviewed, whole.plan, state);
  if (differences.length > 0) throw new StalePlanError(differences);
  for (const text of beyondReview(reviewed, whole.plan)) {
    emit({ type: 'note', message: `not part of the plan, and left alone: ${text}` });
  }
  return { ...whole, plan: whole.part(subjectsOf(reviewed)) };
}

function checkSubject(reviewed: Plan, fresh: Plan): void {
  const mismatch = (what: string, then: string, now: string) =>
    new FleetformError('apply.other-plan', `the plan is of another ${what}: ${then}, not ${now}`, {
      hint: 'Nothing was done. Plan again with the file and the state that are to be applied.',
    });
  if (reviewed.name !== fresh.name) throw mismatch('file', reviewed.name, fresh.name);
  if (reviewed.api !== fresh.api) throw mismatch('API', reviewed.api, fresh.api);
  if (reviewed.fleetformVersion !== fresh.fleetformVersion) {
    throw mismatch('version of fleetform', reviewed.fleetformVersion, fresh.fleetformVersion);
  }
  if (reviewed.desiredDigest !== fresh.desiredDigest) {
    const [then, now] = [reviewed.desiredDigest.slice(0, 12), fresh.desiredDigest.slice(0, 12)];
    throw mismatch('version of the file', then, now);
  }
  if (reviewed.state !== null && reviewed.state.lineage !== fresh.state?.lineage) {
    throw mismatch('state (lineage)', reviewed.state.lineage, fresh.state?.lineage ?? 'none');
  }
}
