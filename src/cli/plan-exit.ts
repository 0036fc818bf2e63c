/** What a plan that was shown makes of the exit code, for `plan` and `show`. */
import type { Plan } from '../model/plan.ts';
import { hasChanges, hasErrors } from '../model/plan-summary.ts';

const CHANGES_EXIT = 2;

export function planExitCode(
  plan: Plan,
  { detailedExitcode }: { readonly detailedExitcode?: boolean },
): number {
  if (hasErrors(plan)) return 1;
  return detailedExitcode === true && isWorthANod(plan) ? CHANGES_EXIT : 0;
}

/** Something to do, or, of a look for drift, something found. */
function isWorthANod(plan: Plan): boolean {
  return hasChanges(plan) || plan.drift.length > 0;
}
