/** The lines that close a plan and an apply: fixed in form, people and scripts look for them. */
import type { ApplyCounts } from '../model/apply-events.ts';
import type { Plan } from '../model/plan.ts';
import type { Paint } from './color.ts';
import { counted } from './phrases.ts';

/** One line, or several: what the plan comes to. */
export function planSummaryLines(plan: Pick<Plan, 'summary' | 'diagnostics'>, paint: Paint): string[] {
  const { create, replace, cancel, update, adopt, forget } = plan.summary;
  const errors = plan.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const nothingDone = paint('red', `${counted(errors, 'error')}: nothing of this plan will be done.`);
  if (create + replace + cancel + update + adopt === 0) {
    if (errors > 0) return [nothingDone];
    const gone =
      forget === 1
        ? '1 finished batch is no longer in the file and will be forgotten.'
        : `${forget} finished batches are no longer in the file and will be forgotten.`;
    return [paint('bold', NO_CHANGES), ...(forget > 0 ? [paint('dim', gone)] : [])];
  }
  const counts = [
    `${create} to create`,
    `${replace} to replace`,
    `${cancel} to cancel`,
    `${update} to update`,
    `${adopt} to adopt`,
    ...(forget > 0 ? [`${forget} to forget`] : []),
  ];
  return [paint('bold', `Plan: ${counts.join(', ')}.`), ...(errors > 0 ? [nothingDone] : [])];
}

/** `Apply complete: 2 created, …` or `Apply incomplete: …, 1 failed, 1 unknown.`; one line, no line break. */
export function applySummary(event: ApplyCounts & { readonly interrupted?: boolean }): string {
  const counts = [
    `${event.created} created`,
    `${event.replaced} replaced`,
    `${event.cancelled} cancelled`,
    `${event.updated} updated`,
    `${event.adopted} adopted`,
  ];
  const troubles = [
    ...(event.failed > 0 ? [`${event.failed} failed`] : []),
    ...(event.unknown > 0 ? [`${event.unknown} unknown`] : []),
    ...(event.skipped > 0 ? [`${event.skipped} skipped`] : []),
  ];
  const head = troubles.length === 0 && event.interrupted !== true ? 'Apply complete' : 'Apply incomplete';
  return `${head}: ${[...counts, ...troubles].join(', ')}.`;
}

const NO_CHANGES = 'No changes. The batches match the desired state.';
