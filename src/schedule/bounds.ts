/** How many occurrences a file may want within its horizons. */
import type { DesiredBlock } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Scheduled } from './moments.ts';
import { countBetween, MOST_OCCURRENCES } from './occurrences.ts';
import type { Present } from './present.ts';

/** The blocks whose horizon may be looked through. A file may want so many, a block no more. */
export function bound(schedules: readonly Scheduled[], { now }: Present) {
  const counts = new Map<
    string,
    { readonly first: DesiredBlock; readonly schedule: Schedule; count: number }
  >();
  for (const { block, schedule, offset } of schedules) {
    const known = counts.get(block.block) ?? { first: block, schedule, count: 0 };
    known.count += countBetween(schedule, now - offset, now + schedule.horizon - offset);
    counts.set(block.block, known);
  }
  const sum = [...counts.values()].reduce((all, { count }) => all + count, 0);
  const worst = [...counts.values()].sort((a, b) => b.count - a.count)[0];
  const diagnostics: Diagnostic[] = [];
  const isTooMuch = worst !== undefined && sum > MOST_OCCURRENCES;
  if (isTooMuch) diagnostics.push(tooMany(worst.first, worst.count, sum));
  return {
    diagnostics,
    has: ({ block }: DesiredBlock) => !isTooMuch || (counts.get(block)?.count ?? 0) * 2 < MOST_OCCURRENCES,
  };
}

function tooMany({ block, at }: DesiredBlock, count: number, sum: number): Diagnostic {
  const all = count === sum ? '' : `, of ${sum} of the whole file`;
  return {
    severity: 'error',
    code: 'schedule.too_many',
    message: `the schedule of "${block}" yields ${count} batches within its horizon${all}; ${MOST_OCCURRENCES} are allowed`,
    hint: 'Shorten its horizon, or let it run less often.',
    ...at,
  };
}
