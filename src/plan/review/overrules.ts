/**
 * What a plan does beyond what the file asks for, as the flags that request it. Applying a saved plan needs the same
 * flags.
 */
import type { Plan, PlanScope } from '../../model/plan.ts';

type Overruling = Pick<Plan, 'mode'> & {
  readonly scope: Pick<PlanScope, 'replaces' | 'assumeMissing' | 'allowEmpty'>;
};

/** Each as the words of a command line, unquoted. */
export function overrules({ mode, scope }: Overruling): string[][] {
  return [
    ...(mode === 'destroy' ? [['--destroy']] : []),
    ...[...new Set(scope.replaces)].sort().map((address) => ['--replace', address]),
    ...(scope.assumeMissing ? [['--assume-missing']] : []),
    ...(scope.allowEmpty ? [['--allow-empty']] : []),
  ];
}
