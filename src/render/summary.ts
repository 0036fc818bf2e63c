/** The lines that close a plan and an apply: fixed in form, people and scripts look for them. */
import type { ApplyCounts } from '../model/apply-events.ts';
import type { NoOpChange, Plan } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import { safeText } from '../model/safe-text.ts';
import type { Paint } from './color.ts';
import { counted } from './phrases.ts';

/**
 * One line, or several: what the plan comes to. `isPart`: it is about some of the batches only, as a saved plan is
 * when it is applied. `quote`: an untrusted address, for the place where the lines stand.
 */
export function planSummaryLines(
  plan: Pick<Plan, 'summary' | 'diagnostics' | 'mode' | 'drift' | 'scope' | 'changes'>,
  paint: Paint,
  isPart = plan.scope.targets.length + plan.scope.excludes.length > 0,
  quote: (address: string) => string = (address) => safeText(address, 80),
): string[] {
  const errors = plan.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const nothingDone = paint('red', `${counted(errors, 'error')}: nothing in this plan will be applied.`);
  if (plan.mode === 'refresh-only') {
    const told = paint('bold', driftSummary(plan.drift));
    return errors > 0 ? [told, nothingDone] : [told];
  }
  if (hasChanges(plan)) {
    return [
      paint('bold', `Plan: ${countsOf(plan.summary).join(', ')}.`),
      ...(errors > 0 ? [nothingDone] : []),
    ];
  }
  if (errors > 0) return [nothingDone];
  const { forget, skipped, missed } = plan.summary;
  const gone =
    forget === 1
      ? '1 batch that is over is no longer wanted and will be forgotten.'
      : `${forget} batches that are over are no longer wanted and will be forgotten.`;
  return [
    paint('bold', nothingText(plan, isPart)),
    ...(missed > 0 ? [paint('yellow', missedText(missed))] : []),
    ...endedTexts(plan.changes, quote).map((text) => paint('yellow', text)),
    ...(skipped > 0 ? [paint('yellow', `${counted(skipped, 'occurrence')} skipped, by a freeze.`)] : []),
    ...(forget > 0 ? [paint('dim', gone)] : []),
  ];
}

/** What is wanted and does not exist is no match, though there is nothing to be done about it. */
function nothingText(
  { mode, summary, changes }: Pick<Plan, 'mode' | 'summary' | 'changes'>,
  isPart: boolean,
): string {
  if (mode === 'destroy') return NOTHING_LIVE;
  if (summary.missed > 0 || ENDS.some(({ isMatch, phase }) => !isMatch && endedIn(phase, changes).length > 0))
    return NOTHING_TO_DO;
  return isPart ? NOTHING_LEFT : NO_CHANGES;
}

function missedText(missed: number): string {
  const are =
    missed === 1
      ? 'batch of the file is missed: its time has'
      : 'batches of the file are missed: their times have';
  return `${missed} ${are} passed, and ${missed === 1 ? 'it' : 'they'} will not be created.`;
}

/** Addresses that a summary names. */
const NAMED = 3;

/** How a batch may have ended that nothing is done about. `isMatch`: what was asked for has run, however it went. */
const ENDS: readonly {
  readonly phase: NoOpChange['phase'];
  readonly isMatch: boolean;
  readonly one: string;
  readonly several: string;
}[] = [
  {
    phase: 'cancelled',
    isMatch: false,
    one: 'was cancelled, and is not created again',
    several: 'were cancelled, and are not created again',
  },
  {
    phase: 'unknown',
    isMatch: false,
    one: 'is no longer known to the API, and is not created again',
    several: 'are no longer known to the API, and are not created again',
  },
  {
    phase: 'stopped',
    isMatch: false,
    one: 'was cancelled in part, and is not created again',
    several: 'were cancelled in part, and are not created again',
  },
  { phase: 'failed', isMatch: true, one: 'has failed', several: 'have failed' },
];

function endedIn(phase: NoOpChange['phase'], changes: Plan['changes']): Plan['changes'] {
  return changes.filter((change) => change.action === 'no-op' && change.phase === phase);
}

/** That nothing is to be done does not mean that all is well. */
function endedTexts(changes: Plan['changes'], quote: (address: string) => string): string[] {
  const texts = ENDS.flatMap(({ phase, one, several }) => {
    const some = endedIn(phase, changes);
    if (some.length === 0) return [];
    const shown = some.length === NAMED + 1 ? some.length : NAMED;
    const names = some.slice(0, shown).map(({ address }) => quote(address));
    const rest = some.length > shown ? ` and ${some.length - shown} more` : '';
    const what = `${counted(some.length, 'batch', 'batches')} ${some.length === 1 ? one : several}`;
    return `${what}: ${names.join(', ')}${rest}.`;
  });
  const last = texts.pop();
  return last === undefined ? [] : [...texts, `${last} \`fleetform plan --refresh-only\` shows more.`];
}

/** The five that are always told, and the others where there are some. */
function countsOf({
  create,
  replace,
  cancel,
  update,
  adopt,
  skipped,
  missed,
  move,
  forget,
}: Plan['summary']): string[] {
  return [
    `${create} to create`,
    `${replace} to replace`,
    `${cancel} to cancel`,
    `${update} to update`,
    `${adopt} to adopt`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(missed > 0 ? [`${missed} missed`] : []),
    ...(move > 0 ? [`${move} to move`] : []),
    ...(forget > 0 ? [`${forget} to forget`] : []),
  ];
}

/** `Drift: 1 cancelled, 2 failed.`: addresses, by what happened to them. */
function driftSummary(drift: Plan['drift']): string {
  if (drift.length === 0) return 'No drift. The batches are as fleetform left them.';
  const kinds = ['cancelled', 'paused', 'resumed', 'failed', 'vanished', 'uncovered'] as const;
  const counts = kinds
    .map((kind) => [drift.filter((one) => one.kind === kind).length, kind] as const)
    .filter(([count]) => count > 0);
  return `Drift: ${counts.map(([count, kind]) => `${count} ${kind}`).join(', ')}.`;
}

/**
 * `Apply complete: 2 created, …` or `Destroy incomplete: …, 1 failed, 1 unknown.`; one line, no line break. `frozen`:
 * what the plan's line counts as skipped, which says more than that it was not tried.
 */
export function applySummary(
  event: ApplyCounts & { readonly interrupted?: boolean },
  mode: Plan['mode'] = 'normal',
  frozen = 0,
): string {
  const counts = [
    `${event.created} created`,
    `${event.replaced} replaced`,
    `${event.cancelled} cancelled`,
    `${event.updated} updated`,
    `${event.adopted} adopted`,
    ...(frozen > 0 ? [`${frozen} skipped by a freeze`] : []),
    ...(event.moved > 0 ? [`${event.moved} moved`] : []),
    ...(event.forgotten > 0 ? [`${event.forgotten} forgotten`] : []),
  ];
  const troubles = [
    ...(event.failed > 0 ? [`${event.failed} failed`] : []),
    ...(event.unknown > 0 ? [`${event.unknown} unknown`] : []),
    ...(event.skipped > 0 ? [`${event.skipped} skipped`] : []),
  ];
  const what = mode === 'destroy' ? 'Destroy' : 'Apply';
  const head = `${what} ${troubles.length === 0 && event.interrupted !== true ? 'complete' : 'incomplete'}`;
  return `${head}: ${[...counts, ...troubles].join(', ')}.`;
}

const NO_CHANGES = 'No changes. The batches match the desired state.';
const NOTHING_TO_DO = 'No changes.';
const NOTHING_LIVE = 'Nothing live to cancel.';
const NOTHING_LEFT = 'No changes. What this plan covers matches the desired state.';
