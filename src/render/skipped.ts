/**
 * Occurrences that a freeze covers, in words: per block and freeze one line. Pure.
 *
 * Invariant: each counts in exactly one line, and what is not certain is never told as if it were.
 */
import { blockOf } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Plan, SkippedOccurrence } from '../model/plan.ts';
import { dateWords, momentWords } from './occurrence-times.ts';
import { counted } from './phrases.ts';
import { localClock } from './time.ts';

export interface SkippedGroup {
  readonly block: string;
  readonly freeze: string;
  readonly isCertain: boolean;
  /** By their time. */
  readonly all: readonly SkippedOccurrence[];
}

/** In the order of their first times. */
export function skippedGroups(skipped: readonly SkippedOccurrence[]): SkippedGroup[] {
  const groups = groupBy(skipped, ({ address, freeze, isCertain }) =>
    JSON.stringify([blockOf(address), freeze, isCertain]),
  );
  return [...groups.values()].map((all) => {
    const [{ address, freeze, isCertain }] = all as [SkippedOccurrence, ...SkippedOccurrence[]];
    return { block: blockOf(address), freeze, isCertain, all };
  });
}

/** Block → the zone of its schedule. */
export function zonesOf({ schedules }: Pick<Plan, 'schedules'>): Map<string, string> {
  return new Map(schedules.map(({ block, timezone }) => [block, timezone]));
}

export interface SkippedWords {
  /** `2 skipped` */
  readonly count: string;
  /** `12 and 13 Dec` */
  readonly when: string;
  /** `until 14 Dec 01:00 CET` */
  readonly until: string;
  /** Empty, or what is meant. */
  readonly doubt: string;
}

/** Trusted words; the names of the block and of the freeze are the caller's to escape. */
export function skippedWords(
  { all, isCertain }: SkippedGroup,
  view: { timezone: string; now: number },
): SkippedWords {
  const windows = new Set(all.map((one) => one.until));
  const last = all.reduce((most, one) => Math.max(most, one.until), Number.NEGATIVE_INFINITY);
  // The schedule's clock may be another than that of the rest, and the end stands apart from it.
  const end = `${momentWords(last, view)} ${localClock(last, view.timezone).zone}`;
  return {
    count: isCertain ? `${all.length} skipped` : `${all.length} may be frozen`,
    when: dateWords(
      all.map((one) => one.executeAt),
      view,
    ),
    until: windows.size === 1 ? `until ${end}` : `${counted(windows.size, 'window')}, the last until ${end}`,
    doubt: isCertain ? '' : 'it cannot be told whether the freeze applies, so not created meanwhile',
  };
}
