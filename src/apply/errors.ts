/** How an apply ends before its first call. */
import { FleetformError } from '../model/errors.ts';

/** The plan that was reviewed is not what would be done now. */
export class StalePlanError extends FleetformError {
  override readonly name = 'StalePlanError';
  readonly differences: readonly string[];

  constructor(differences: readonly string[]) {
    super(
      'apply.stale-plan',
      `the plan no longer holds:\n${differences.map((line) => `  - ${line}`).join('\n')}`,
      {
        hint: 'Nothing was done. Plan again, and review that.',
      },
    );
    this.differences = differences;
  }
}

/** A signal came before anything was begun. */
export class InterruptedError extends FleetformError {
  override readonly name = 'InterruptedError';

  constructor() {
    super('apply.interrupted', 'interrupted; nothing was begun');
  }
}
