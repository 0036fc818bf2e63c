/**
 * What `plan --out` leaves behind where no plan could be made: why, and of what, so that a review still tells of it.
 * It is data of the same version as a plan, and never applied.
 */
import type { Diagnostic } from './errors.ts';
import type { Plan } from './plan.ts';

export interface FailedPlan
  extends Pick<Plan, 'formatVersion' | 'fleetformVersion' | 'plannedAt' | 'mode' | 'scope' | 'at'> {
  readonly failed: true;
  /** null: the file did not tell. */
  readonly name: string | null;
  /** null: nobody knew yet. */
  readonly api: string | null;
  /** At least one of them is an error. */
  readonly diagnostics: readonly Diagnostic[];
}

export function isFailed(saved: Plan | FailedPlan): saved is FailedPlan {
  return 'failed' in saved;
}

/** Pretty; ends with a line break. */
export function failedPlanToJson(failed: FailedPlan): string {
  return `${JSON.stringify(failed, null, 2)}\n`;
}
