/** A plan in numbers, and what the numbers say. */
import type { Change, Move, Plan, PlanSummary, UnmanagedBatch } from './plan.ts';

export function summarise(
  changes: readonly Change[],
  unmanaged: readonly UnmanagedBatch[],
  moves: readonly Move[] = [],
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
    unmanaged: unmanaged.length,
    servers: changes
      .filter((change) => change.action === 'create' || change.action === 'replace')
      .reduce((sum, change) => sum + (change.servers ?? 0), 0),
  };
}

/** Does applying it do or record anything that the user asked for? Forgetting what is over is not worth a word. */
export function hasChanges(plan: Pick<Plan, 'summary'>): boolean {
  const { create, cancel, replace, update, adopt, move } = plan.summary;
  return create + cancel + replace + update + adopt + move > 0;
}

export function hasErrors(plan: Pick<Plan, 'diagnostics'>): boolean {
  return plan.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
