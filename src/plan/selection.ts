/**
 * `--target` and `--exclude`: which part of a plan is meant. The whole is always decided, because one batch is
 * evidence about another; then only the selected part of it is kept.
 */
import { covers, wordsFor } from '../model/addresses.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { PlanScope } from '../model/plan.ts';
import { didYouMean } from '../model/suggest.ts';

/** `{ targets: [], … }`: everything, as observed. */
export const WHOLE: PlanScope = {
  targets: [],
  excludes: [],
  replaces: [],
  refresh: true,
  assumeMissing: false,
  allowEmpty: false,
};

/** Targets, less what is excluded. */
export function isSelected({ targets, excludes }: PlanScope, address: string): boolean {
  if (excludes.some((one) => covers(one, address))) return false;
  return targets.length === 0 || targets.some((one) => covers(one, address));
}

export function isToReplace({ replaces }: Pick<PlanScope, 'replaces'>, address: string): boolean {
  return replaces.some((one) => covers(one, address));
}

export function isPartial({ targets, excludes }: PlanScope): boolean {
  return targets.length + excludes.length > 0;
}

const NOTHING_SELECTED: Diagnostic = {
  severity: 'error',
  code: 'plan.nothing-selected',
  message: '--target and --exclude leave nothing of the plan',
  hint: 'What both of them name is left out.',
};

/** A typo must not make a plan of nothing, or of too much. */
export function checkSelection(scope: PlanScope, known: ReadonlySet<string>): Diagnostic[] {
  const flags = [
    ['--target', scope.targets],
    ['--exclude', scope.excludes],
    ['--replace', scope.replaces],
  ] as const;
  const unknown = flags.flatMap(([flag, written]) =>
    written
      .filter((one) => ![...known].some((address) => covers(one, address)))
      .map(
        (one): Diagnostic => ({
          severity: 'error',
          code: 'plan.unknown-address',
          message: `${flag} ${one}: neither the file nor the state has such an address${didYouMean(one, wordsFor(known))}`,
          hint: "An address is a block's name, or one of its batches, such as 'nightly[fleet:eu]'; `fleetform plan` shows them.",
        }),
      ),
  );
  if (!isPartial(scope)) return unknown;
  const leftOut = scope.replaces.filter((one) => {
    const meant = [...known].filter((address) => covers(one, address));
    return meant.length > 0 && !meant.some((address) => isSelected(scope, address));
  });
  return [
    ...unknown,
    ...leftOut.map(
      (one): Diagnostic => ({
        severity: 'error',
        code: 'plan.replace-left-out',
        message: `--replace ${one}: --target or --exclude leave it out, so it would not be replaced`,
        hint: 'Leave out one of the two flags, or give it to --target, too.',
      }),
    ),
    ...(unknown.length > 0 || [...known].some((address) => isSelected(scope, address))
      ? []
      : [NOTHING_SELECTED]),
    {
      severity: 'warning',
      code: 'plan.partial',
      message:
        'this is a part of the plan only, by --target or --exclude: what it leaves out is left as it is',
      hint: 'Plan without them to see whether everything matches the file.',
    },
  ];
}
