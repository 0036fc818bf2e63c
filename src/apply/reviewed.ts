/** A plan that was reviewed: exactly this is done, or nothing. */
import type { ApplyEvent } from '../model/apply-events.ts';
import { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { shellText } from '../model/words.ts';
import type { PlanOptions } from '../plan/input.ts';
import { beyondReview, staleness, subjectsOf } from '../plan/review/compare.ts';
import { overrules } from '../plan/review/overrules.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { StalePlanError } from './errors.ts';
import type { FreshPlan } from './fresh-plan.ts';

/** Throws `apply.other-plan`, `apply.plan-with-errors` or a `StalePlanError`. What was not reviewed is not done, and said. */
export function reviewedPart(
  reviewed: Plan,
  whole: FreshPlan,
  state: State | null,
  emit: (event: ApplyEvent) => void,
  isForced: boolean,
): FreshPlan {
  checkSubject(reviewed, whole.plan);
  checkErrors(reviewed, isForced);
  const stale = staleness(reviewed, whole.plan, state);
  if (stale.differences.length + stale.done > 0) throw new StalePlanError(stale);
  for (const text of beyondReview(reviewed, whole.plan)) {
    emit({ type: 'note', message: `not part of the plan, and left alone: ${text}` });
  }
  const at = Date.parse(reviewed.plannedAt) / 1000;
  return { ...whole, ...whole.part({ addresses: subjectsOf(reviewed), at }) };
}

/**
 * A plan file may have been swapped for another one that is as right: what goes beyond the file is said by whoever
 * applies it, too. Throws `apply.not-said-again`, and `apply.other-plan` for what is said and not in it.
 */
export function checkSaidAgain(reviewed: Plan, { mode = 'normal', scope }: PlanOptions): void {
  const planned = overrules(reviewed).map(shellText);
  const said = overrules({ mode, scope: { ...WHOLE, ...scope } }).map(shellText);
  const unsaid = planned.filter((flag) => !said.includes(flag));
  const others = said.filter((flag) => !planned.includes(flag));
  if (unsaid.length > 0) {
    throw new FleetformError(
      'apply.not-said-again',
      `the plan was made with ${unsaid.join(' ')}, and apply needs the same flags`,
      { hint: `Nothing was done. If that is intended: \`fleetform apply PLANFILE ${planned.join(' ')}\`.` },
    );
  }
  if (others.length > 0) {
    throw new FleetformError('apply.other-plan', `the plan was made without ${others.join(' ')}`, {
      hint: 'Nothing was done. Plan again with these flags, or leave them out.',
    });
  }
}

/** What it did not dare to decide, nobody has reviewed either. */
function checkErrors(reviewed: Plan, isForced: boolean): void {
  const errors = reviewed.diagnostics.filter(
    ({ severity, code }) => severity === 'error' && !(isForced && code === 'plan.limit'),
  );
  const [first] = errors;
  if (first === undefined) return;
  const about = first.address === undefined ? '' : `${first.address}: `;
  throw new FleetformError('apply.plan-with-errors', `the plan has errors: ${about}${first.message}`, {
    hint:
      first.code === 'plan.limit'
        ? 'Nothing was done. To apply it anyway, use --force.'
        : 'Nothing was done. Fix them and plan again.',
  });
}

function checkSubject(reviewed: Plan, fresh: Plan): void {
  const mismatch = (what: string, then: string, now: string) =>
    new FleetformError('apply.other-plan', `this plan was made for ${what} ${then}, not ${now}`, {
      hint: 'Nothing was done. Plan again with the file and state that you want to apply.',
    });
  if (reviewed.name !== fresh.name) throw mismatch('the file', reviewed.name, fresh.name);
  if (reviewed.api !== fresh.api) throw mismatch('the API', reviewed.api, fresh.api);
  if (reviewed.fleetformVersion !== fresh.fleetformVersion) {
    throw mismatch('fleetform', reviewed.fleetformVersion, fresh.fleetformVersion);
  }
  if (reviewed.desiredDigest !== fresh.desiredDigest) {
    const [then, now] = [reviewed.desiredDigest.slice(0, 12), fresh.desiredDigest.slice(0, 12)];
    throw mismatch('the file version', then, now);
  }
  if (reviewed.state !== null && reviewed.state.lineage !== fresh.state?.lineage) {
    throw mismatch('the state lineage', reviewed.state.lineage, fresh.state?.lineage ?? 'none');
  }
}
