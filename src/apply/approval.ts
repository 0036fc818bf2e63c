/** Nothing is done, and no record of a run is dropped, without approval; and what was approved is still valid. */
import type { Plan } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import { planDifferences } from '../plan/review/compare.ts';
import { StalePlanError } from './errors.ts';
import type { FreshPlan } from './fresh-plan.ts';
import type { Applying } from './input.ts';

/** An answer that took longer than this may be about a plan that no longer holds. Seconds. */
export const SLOW_APPROVAL = 10;

/**
 * The plan to work on; null: it was not approved. `again`: plans again. Throws a `StalePlanError` when what was approved
 * is not what would be done by then.
 */
export async function approved(
  input: Pick<Applying, 'reviewed' | 'approve' | 'now'>,
  first: FreshPlan,
  again: () => Promise<FreshPlan>,
): Promise<FreshPlan | null> {
  if (input.reviewed !== undefined || !needsApproval(first.plan)) return first;
  const askedAt = input.now();
  if (!(await input.approve(first.plan))) return null;
  if (input.now() - askedAt <= SLOW_APPROVAL) return first;
  const chosen = await again();
  const differences = planDifferences(first.plan, chosen.plan);
  const errors = chosen.plan.diagnostics.filter(({ severity }) => severity === 'error');
  if (differences.length + errors.length > 0) {
    throw new StalePlanError({ differences: [...differences, ...errors.map(({ message }) => message)] });
  }
  return chosen;
}

/** Once the record of a batch that has run once is gone, the next plan would run it again. */
export function needsApproval(plan: Plan): boolean {
  return (
    hasChanges(plan) ||
    plan.changes.some(({ action, before }) => action === 'forget' && before.executeAt === null)
  );
}
