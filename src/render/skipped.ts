/**
 * Occurrences that a freeze covers, in words: per block and freeze one line. Pure.
 *
 * Invariant: each counts in exactly one line, and what is not certain is never told as if it were.
 */
import { blockOf, parseOccurrence } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Plan, SkippedOccurrence } from '../model/plan.ts';
import { dateWords, momentWords } from './occurrence-times.ts';
import { counted } from './phrases.ts';
import { localClock, wallTime } from './time.ts';

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

/**
 * Block → the zone of its schedule. What its schedule no longer names may have been made on another clock: its address →
 * the file's `timezone`, unless the schedule's clock shows it more evenly.
 */
export function zonesOf(
  plan: Pick<Plan, 'schedules' | 'changes' | 'skipped' | 'mode'>,
  timezone: string,
): Map<string, string> {
  const zones = new Map(plan.schedules.map((schedule) => [schedule.block, schedule.timezone]));
  for (const [block, gone] of groupBy(noLongerNamed(plan), blockOf)) {
    const own = zones.get(block);
    if (own === undefined || own === timezone) continue;
    if (clocksIn(timezone, gone) > clocksIn(own, gone)) continue;
    for (const address of gone) zones.set(address, timezone);
  }
  return zones;
}

function noLongerNamed({ changes, skipped, mode }: Parameters<typeof zonesOf>[0]): string[] {
  if (mode === 'destroy') return [];
  const frozen = new Set(skipped.map(({ address }) => address));
  return changes.flatMap(({ action, address }) =>
    action === 'cancel' && parseOccurrence(address) !== null && !frozen.has(address) ? [address] : [],
  );
}

/** How many times of day those occurrences have there. Of many, some tell. */
function clocksIn(timezone: string, addresses: readonly string[]): number {
  const step = Math.ceil(addresses.length / MOST_LOOKED_AT);
  const some = addresses.filter((_, index) => index % step === 0);
  return new Set(some.map((address) => wallTime(parseOccurrence(address)!.at, timezone).time)).size;
}

const MOST_LOOKED_AT = 100;

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

/** `reader`: the file's zone, on whose clock the freeze ends. Trusted words; the names of the block and of the freeze are the caller's to escape. */
export function skippedWords(
  { all, isCertain }: SkippedGroup,
  view: { timezone: string; now: number; reader: string },
): SkippedWords {
  const windows = new Set(all.map((one) => one.until));
  const last = all.reduce((most, one) => Math.max(most, one.until), Number.NEGATIVE_INFINITY);
  // The end is the freeze's, and no moment of the schedule.
  const reader = { timezone: view.reader, now: view.now };
  const end = `${momentWords(last, reader)} ${localClock(last, view.reader).zone}`;
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
