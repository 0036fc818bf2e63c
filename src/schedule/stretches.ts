/**
 * The wall clock of a zone, cut at its changes: which wall times run, and at which moment.
 *
 * A cron expression names times of day. When the clock changes:
 * - a time that does not exist runs at the first moment after the gap, with whatever else that moment stands for, once;
 * - a time that exists twice runs once, the first time.
 * That is also so for lists and steps within some hours: of `*\/30 2`, the gap from 02:00 to 03:00 leaves one run at
 * 03:00, and the overlap two, not four. Otherwise a night could go without its restart, or have it twice.
 *
 * An expression that names all hours means no time of day but "every so many minutes". It runs whenever the clock
 * shows one of its minutes, so that it goes on in real time: nothing is moved, and both hours of an overlap have their
 * runs. (Where a gap is half an hour, what would fall into it does not come.)
 *
 * Invariant: the stretches and gaps are ascending in real time, and no wall time is in two of them unless `isEveryHour`.
 */
import { DAY } from './cron.ts';
import { offsetPeriods } from './zone.ts';

/** Wall times, each of which is `offset` after the moment that it stands for. */
export interface Stretch {
  readonly kind: 'stretch';
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

/** Wall times that do not exist; `at` is when they are over. */
export interface Gap {
  readonly kind: 'gap';
  readonly first: number;
  readonly end: number;
  readonly at: number;
}

/** Wall times that exist twice: `offsets[0]` after the first moment, `offsets[1]` after the second. */
export interface Overlap {
  readonly first: number;
  readonly end: number;
  readonly offsets: readonly [number, number];
}

/** A clock is never set back or forward by more; what a moment means can depend on a change that long ago. */
export const LONGEST_CHANGE = 2 * DAY;

/** All whose moments lie from `from` until before `to`. */
export function stretchesBetween(
  zone: { readonly timezone: string; readonly isEveryHour: boolean },
  from: number,
  to: number,
): (Stretch | Gap)[] {
  if (from >= to) return [];
  const found: (Stretch | Gap)[] = [];
  /** The end of the wall times that have been there; none is known yet. */
  let seen = Number.NEGATIVE_INFINITY;
  for (const { start, end, offset } of offsetPeriods(zone.timezone, from - LONGEST_CHANGE, to)) {
    const wallStart = start + offset;
    const again = zone.isEveryHour ? Number.NEGATIVE_INFINITY : seen;
    if (Number.isFinite(again) && again < wallStart && start >= from) {
      found.push({ kind: 'gap', first: again, end: wallStart, at: start });
    }
    const first = Math.max(wallStart, from + offset, again);
    if (first < end + offset) found.push({ kind: 'stretch', first, end: end + offset, offset });
    seen = Math.max(seen, end + offset);
  }
  return found;
}

/** The overlaps of the clock that is set back from `from` until before `to`. */
export function overlapsBetween(timezone: string, from: number, to: number): Overlap[] {
  const periods = offsetPeriods(timezone, from - 1, to);
  return periods.flatMap(({ start, offset }, index) => {
    const before = periods[index - 1];
    if (before === undefined || offset >= before.offset) return [];
    return [{ first: start + offset, end: start + before.offset, offsets: [before.offset, offset] as const }];
  });
}
