/** What a plan comes to, in as few words as a row of a table has room for. Trusted text. */
import type { Plan } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import { counted } from './phrases.ts';

export interface Verdict {
  readonly errors: number;
  readonly isChanging: boolean;
  /** At least one. */
  readonly counts: readonly string[];
  /** What is to be known of it besides: warnings, and what kind of a plan it is. */
  readonly remarks: readonly string[];
}

export function planVerdict(plan: Plan): Verdict {
  const { diagnostics, drift, mode, summary, changes } = plan;
  const ofSeverity = (wanted: string) => diagnostics.filter(({ severity }) => severity === wanted).length;
  const warnings = ofSeverity('warning');
  const failed = changes.filter((change) => change.action === 'no-op' && change.phase === 'failed').length;
  const counts = COUNTED.filter(([key]) => summary[key] > 0).map(
    ([key, words]) => `${summary[key]} ${words}`,
  );
  if (mode === 'refresh-only') counts.push(drift.length > 0 ? `${drift.length} drifted` : 'no drift');
  return {
    errors: ofSeverity('error'),
    isChanging: hasChanges(plan) || drift.length > 0,
    counts: counts.length > 0 ? counts : ['no changes'],
    remarks: [
      ...(failed > 0 ? [`${counted(failed, 'batch', 'batches')} failed`] : []),
      ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
      ...kindOf(plan),
    ],
  };
}

const COUNTED: readonly (readonly [keyof Plan['summary'], string])[] = [
  ['create', 'to create'],
  ['replace', 'to replace'],
  ['cancel', 'to cancel'],
  ['update', 'to update'],
  ['adopt', 'to adopt'],
  ['skipped', 'skipped'],
  ['missed', 'missed'],
  ['move', 'to move'],
  ['forget', 'to forget'],
];

function kindOf({ mode, at, scope, observation }: Plan): string[] {
  return [
    ...(mode === 'destroy' ? ['**destroy**'] : []),
    ...(mode === 'refresh-only' ? ['drift only'] : []),
    ...(at === null ? [] : ['preview: cannot be applied']),
    ...(scope.targets.length + scope.excludes.length > 0 ? ['partial'] : []),
    ...(observation.complete ? [] : ['older batches out of sight']),
  ];
}
