/**
 * One apply from lock to unlock: lock, read the state, observe, plan, check, ask, work, record.
 * This is what `fleetform apply` and `destroy` run, and what the library offers.
 */
import { ApiError } from '../api/errors.ts';
import { firstOf, unlessAborted } from '../api/waiting.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { hasErrors } from '../model/plan-summary.ts';
import { emptyState } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { DEFAULT_SETTLE, type PlanOptions } from '../plan/input.ts';
import { holderText, type LockHolder, type StateLock } from '../state/backend.ts';
import { readOwn } from '../state/belongs.ts';
import { holding } from '../state/hold-lock.ts';
import { openJournal } from '../state/journal.ts';
import { waitForLock } from '../state/wait-for-lock.ts';
import { type ApplyOutcome, applyPlan } from './apply-plan.ts';
import { approved } from './approval.ts';
import { type ApplyContext, INTERRUPTED, NotSent } from './context.ts';
import { InterruptedError } from './errors.ts';
import { type FreshPlan, freshPlan } from './fresh-plan.ts';
import type { ApplyInput, Applying } from './input.ts';
import { checkSaidAgain, reviewedPart } from './reviewed.ts';

/** What was planned, and what became of it. */
export interface ApplyResult {
  readonly plan: Plan;
  /** null: the plan has errors, or was not approved. */
  readonly outcome: ApplyOutcome | null;
  /** The state after it; null: none exists. */
  readonly state: State | null;
}

/**
 * Throws a `LockedError`, a `StalePlanError`, an `InterruptedError`, an `ApiError` of the reads that the plan needs,
 * or `state.*`; a lost lock stops it like a signal. What becomes of the single changes is in the outcome and in the
 * events, not thrown.
 */
export async function apply(input: ApplyInput): Promise<ApplyResult> {
  const asked = input.stop ?? new AbortController().signal;
  const emit = input.emit ?? (() => {});
  const options = optionsOf(input);
  const operation = options.mode === 'destroy' ? 'destroy' : 'apply';
  const lock = await takeLock(input, operation, asked, emit);
  const onStuck = input.onLockStuck ?? (({ message }) => emit({ type: 'note', message }));
  return holding(lock, onStuck, async () => {
    try {
      const stop = firstOf(asked, lock.lost);
      return await work({ ...input, api: input.api.stoppedBy(stop), options, emit, stop }, lock);
    } catch (error) {
      if (lock.lost.aborted) throw lock.lost.reason;
      // The reads that a plan needs: nothing has been begun by then.
      const isCutOff = error instanceof ApiError || error === asked.reason;
      throw asked.aborted && isCutOff ? new InterruptedError() : error;
    }
  });
}

async function takeLock(
  { backend, lockTimeoutMs = 0, sleep }: ApplyInput,
  operation: string,
  stop: AbortSignal,
  emit: (event: ApplyEvent) => void,
): Promise<StateLock> {
  const onWait = (holder: LockHolder, seconds: number) =>
    emit({
      type: 'waiting',
      reason: `the state is locked by ${holderText(holder)}, for ${holder.operation}`,
      seconds,
    });
  try {
    return await waitForLock(backend, operation, { lockTimeoutMs, sleep, onWait, stop });
  } catch (error) {
    throw stop.aborted && error === stop.reason ? new InterruptedError() : error;
  }
}

async function work(input: Applying, lock: StateLock): Promise<ApplyResult> {
  tellTakeOver(lock, input.emit);
  const owner = { name: input.desired.name, api: input.api.origin };
  const state = await readOwn(input.backend, owner, input.stop);
  const whole = await freshPlan(input, state);
  const first =
    input.reviewed === undefined
      ? whole
      : reviewedPart(input.reviewed, whole, state, input.emit, input.options.force === true);
  input.onPlan?.(first.plan);
  if (hasErrors(first.plan)) return { plan: first.plan, outcome: null, state };
  const chosen = await approved(input, first, () => freshPlan(input, state));
  if (chosen === null) return { plan: first.plan, outcome: null, state };
  if (input.stop.aborted) throw new InterruptedError();
  const journal = openJournal(
    input.backend,
    lock,
    state ?? newState(input),
    state?.serial ?? null,
    input.now,
    input.stop,
  );
  const ctx = contextOf(input, lock, journal, chosen);
  const outcome = await applyPlan(ctx, chosen).finally(() => journal.end());
  if (lock.lost.aborted) throw lock.lost.reason;
  return { plan: chosen.plan, outcome, state: journal.current() };
}

function contextOf(
  { api, now, sleep, newId, emit, stop, options }: Applying,
  lock: StateLock,
  journal: ApplyContext['journal'],
  { observation }: FreshPlan,
): ApplyContext {
  return {
    api,
    journal,
    observation,
    now: () => now() + (api.clock()?.ahead ?? observation.clockAhead),
    machineNow: now,
    sleep,
    newId,
    emit,
    stop,
    settle: options.settle ?? DEFAULT_SETTLE,
    async beforeSend() {
      if (stop.aborted) throw new NotSent(INTERRUPTED);
      // Whoever waited for that record ends the apply; what runs beside him sends nothing more either.
      const unkept = journal.failure();
      if (unkept !== null) throw unkept;
      try {
        await unlessAborted(stop, () => lock.prove());
      } catch (error) {
        throw error === stop.reason && !lock.lost.aborted ? new NotSent(INTERRUPTED) : error;
      }
    },
  };
}

function tellTakeOver({ takenOverFrom }: StateLock, emit: (event: ApplyEvent) => void): void {
  if (takenOverFrom === null) return;
  emit({
    type: 'note',
    message: `took over the lock of ${holderText(takenOverFrom)}, since ${takenOverFrom.since}, which is gone`,
  });
}

function newState(input: ApplyInput): State {
  return emptyState({ lineage: input.newId(), name: input.desired.name, api: input.api.origin });
}

/** A reviewed plan says itself what it is a plan of. Throws `apply.no-plan-to-apply`, and what `checkSaidAgain` throws. */
function optionsOf({ options = {}, reviewed }: ApplyInput): PlanOptions {
  if (reviewed === undefined) return options;
  if (reviewed.at !== null) throw notToBeApplied(`a preview of a plan at ${reviewed.at} (--at)`);
  if (reviewed.mode === 'refresh-only') throw notToBeApplied('a drift report (--refresh-only)');
  checkSaidAgain(reviewed, options);
  const { mode, scope } = reviewed;
  const { force, settle } = options;
  return {
    mode,
    scope,
    ...(force === undefined ? {} : { force }),
    ...(settle === undefined ? {} : { settle }),
  };
}

function notToBeApplied(what: string): FleetformError {
  return new FleetformError('apply.no-plan-to-apply', `this is ${what}, which cannot be applied`, {
    hint: 'Nothing was done. Create a plan that can be applied with `fleetform plan --out FILE`.',
  });
}
