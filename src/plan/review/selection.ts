/**
 * `--target` and `--exclude`: which part of a plan is meant. The whole is always decided, because one batch is
 * evidence about another; then only the selected part of it is kept.
 */
import { covers, isSelected, wordsFor } from '../../model/addresses.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { PlanScope } from '../../model/plan.ts';
import { didYouMean } from '../../model/suggest.ts';

/** `{ targets: [], … }`: everything, as observed. */
export const WHOLE: PlanScope = {
  targets: [],
  excludes: [],
  replaces: [],
  refresh: true,
  assumeMissing: false,
  allowEmpty: false,
};

export function isPartial({ targets, excludes }: PlanScope): boolean {
  return targets.length + excludes.length > 0;
}

/** A typo, or a contradiction, must not make a plan of nothing, or of too much. */
export function checkSelection(scope: PlanScope, known: ReadonlySet<string>): Diagnostic[] {
  const unknown = unknownWords(scope, known);
  if (!isPartial(scope)) return unknown;
  const contradictions =
    unknown.length > 0 ? [] : [...replacesLeftOut(scope, known), ...nothingLeft(scope, known)];
  return [...unknown, ...contradictions, PARTIAL];
}

const PARTIAL: Diagnostic = {
  severity: 'warning',
  code: 'plan.partial',
  message: 'this plan is partial; everything else is left unchanged',
  hint: 'Plan without --target and --exclude to see whether everything matches the file.',
};

function unknownWords({ targets, excludes, replaces }: PlanScope, known: ReadonlySet<string>): Diagnostic[] {
  const flags = [
    ['--target', targets],
    ['--exclude', excludes],
    ['--replace', replaces],
  ] as const;
  return flags.flatMap(([flag, written]) =>
    written
      .filter((one) => ![...known].some((address) => covers(one, address)))
      .map((one) => ({
        severity: 'error',
        code: 'plan.unknown-address',
        message: `${flag} ${one}: no such address in the file or the state${meant(one, wordsFor(known))}`,
        hint: "An address is a block's name, or one of its batches, such as 'nightly[fleet:eu]'; `fleetform plan` shows them.",
      })),
  );
}

/** A typo, or the beginning of one name alone. */
function meant(one: string, words: ReadonlySet<string>): string {
  const near = didYouMean(one, words);
  const longer = [...words].filter((word) => word.startsWith(one) && !/[[@]/.test(word));
  return near !== '' || longer.length !== 1 ? near : `; did you mean "${longer[0]}"?`;
}

/** Who asks for a batch to run again must not be told that all is well. */
function replacesLeftOut(scope: PlanScope, known: ReadonlySet<string>): Diagnostic[] {
  return scope.replaces
    .filter((one) => ![...known].some((address) => covers(one, address) && isSelected(scope, address)))
    .map((one) => ({
      severity: 'error',
      code: 'plan.replace-left-out',
      message: `--replace ${one}: --target or --exclude leaves it out, so it would not be replaced`,
      hint: 'Drop one of the two flags, or pass it to --target as well.',
    }));
}

function nothingLeft(scope: PlanScope, known: ReadonlySet<string>): Diagnostic[] {
  if (scope.targets.length === 0 || [...known].some((address) => isSelected(scope, address))) return [];
  return [
    {
      severity: 'error',
      code: 'plan.nothing-selected',
      message: '--exclude leaves out everything that --target selects',
    },
  ];
}
