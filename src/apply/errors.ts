/** How an apply ends before its first call. */
import { FleetformError } from '../model/errors.ts';
import type { Staleness } from '../plan/review/compare.ts';

/** The plan that was reviewed is not what would be done now. */
export class StalePlanError extends FleetformError {
  override readonly name = 'StalePlanError';
  readonly differences: readonly string[];

  constructor({ differences, done = 0, total = 0 }: Pick<Staleness, 'differences'> & Partial<Staleness>) {
    super('apply.stale-plan', staleText(differences, done, total), {
      hint: 'Nothing was done. Plan again and review the new plan.',
    });
    this.differences = differences;
  }
}

function staleText(differences: readonly string[], done: number, total: number): string {
  if (differences.length === 0)
    return 'nothing of this plan is left to do: it has probably been applied already';
  const lines = differences.map((line) => `  - ${line}`).join('\n');
  const part = done === 0 ? '' : ` (nothing is left to do of ${done} of its ${total} changes)`;
  return `the plan is stale${part}:\n${lines}`;
}

/** A signal came before anything was begun. */
export class InterruptedError extends FleetformError {
  override readonly name = 'InterruptedError';

  constructor() {
    super('apply.interrupted', 'interrupted; nothing was started');
  }
}
