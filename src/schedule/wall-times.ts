/** The times that an expression names on the wall clock, within bounds and without the excepted days. No zone. */
import { partitionPoint } from '../model/partition-point.ts';
import { DAY, type WallCalendar } from './cron.ts';

/** What of the calendar counts. Days are counted from 1970-01-01. */
export interface WallSource {
  readonly calendar: WallCalendar;
  readonly exceptDays: ReadonlySet<number>;
}

export interface WallRange {
  readonly first: number;
  readonly end: number;
}

/** Ascending. */
export function* wallTimes(source: WallSource, range: WallRange): Generator<number> {
  const { times } = source.calendar;
  for (const { day, from, to } of namedDays(source, range)) {
    for (let index = from; index < to; index++) yield day * DAY + times[index]!;
  }
}

/** As many as `wallTimes` would yield, for the price of its days. */
export function countWallTimes(source: WallSource, range: WallRange): number {
  let count = 0;
  for (const { from, to } of namedDays(source, range)) count += to - from;
  return count;
}

export function hasWallTime(source: WallSource, range: WallRange): boolean {
  for (const _ of wallTimes(source, range)) return true;
  return false;
}

/** The days that have named times in the range, and which of `times`. */
function* namedDays(
  { calendar, exceptDays }: WallSource,
  { first, end }: WallRange,
): Generator<{ readonly day: number; readonly from: number; readonly to: number }> {
  const { times } = calendar;
  for (let day = Math.floor(first / DAY); day * DAY < end; day++) {
    const start = day * DAY;
    const from = start >= first ? 0 : partitionPoint(times, (time) => start + time < first);
    const to = start + DAY <= end ? times.length : partitionPoint(times, (time) => start + time < end);
    if (from < to && !exceptDays.has(day) && calendar.namesDay(day)) yield { day, from, to };
  }
}
