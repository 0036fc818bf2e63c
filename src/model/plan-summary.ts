/** A plan in numbers, and what the numbers say. `servers`: how many distinct ones creates and replaces reach. */
import type { Change, CreateChange, Plan, PlanSummary, ReplaceChange } from './plan.ts';

export function summarise(
  changes: readonly Change[],
  { unmanaged, moves, skipped }: Pick<Plan, 'unmanaged' | 'moves' | 'skipped'>,
  servers: number,
): PlanSummary {
  const count = (...actions: Change['action'][]) =>
    changes.filter((change) => actions.includes(change.action)).length;
  return {
    create: count('create'),
    cancel: count('cancel'),
    replace: count('replace'),
    update: count('pause', 'resume'),
    adopt: count('adopt'),
    forget: count('forget'),
    move: moves.length,
    missed: count('missed'),
    skipped: skipped.length,
    unmanaged: unmanaged.length,
    servers,
    tasks: tasksOf(changes),
  };
}

/** Each batch that a plan makes runs once on each of its game servers; one that two batches reach counts twice. */
export function tasksOf(changes: readonly Change[]): number {
  return changes.filter(isMaking).reduce((sum, change) => sum + (change.servers ?? 0), 0);
}

export function isMaking(change: Change): change is CreateChange | ReplaceChange {
  return change.action === 'create' || change.action === 'replace';
}

/** Does applying it do or record anything that the user asked for? Forgetting what is over is not worth a word. */
export function hasChanges(plan: Pick<Plan, 'summary'>): boolean {
  const { create, cancel, replace, update, adopt, move } = plan.summary;
  return create + cancel + replace + update + adopt + move > 0;
}

/** Whether anything is wrong: such a plan is not applied. */
export function hasErrors(plan: Pick<Plan, 'diagnostics'>): boolean {
  return plan.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
