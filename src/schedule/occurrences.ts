/**
 * Schedule and time → its occurrences, exactly. What a change of clock does to them: `stretches.ts`.
 *
 * Invariant: what `occurrencesBetween` lists, `countBetween` counts and `isNamed` says are the same moments, whatever
 * the window is. An excepted day takes what the expression names on it, and what would run on it.
 */
import { FleetformError } from '../model/errors.ts';
import { LATEST } from '../model/latest-time.ts';
import type { Recurrence } from '../model/schedule.ts';
import { rfc3339 } from '../model/words.ts';
import { DAY, wallCalendar } from './cron.ts';
import { type Gap, stretchesBetween } from './stretches.ts';
import { countWallTimes, hasWallTime, type WallSource, wallTimes } from './wall-times.ts';

/** What one schedule may have in its window. */
export const MOST_OCCURRENCES = 5000;

/** Later runs, the longest spread included, are none that the API takes. */
const LAST = LATEST - DAY;

/** From `from` until before `to`, ascending. Throws where there are more than `limit`. */
export function occurrencesBetween(
  recurrence: Recurrence,
  from: number,
  to: number,
  limit = MOST_OCCURRENCES,
): number[] {
  const found: number[] = [];
  for (const at of occurrences(recurrence, from, to)) {
    if (found.length === limit) throw tooMany(countBetween(recurrence, from, to), limit, from, to);
    found.push(at);
  }
  return found;
}

/** As many as `occurrences` would yield, for the price of the window's days. */
export function countBetween(recurrence: Recurrence, from: number, to: number): number {
  const source = sourceOf(recurrence);
  let count = 0;
  for (const piece of piecesOf(recurrence, source, from, to)) {
    if (piece.kind === 'stretch') count += countWallTimes(source, piece);
    else if (runsAfter(source, piece) && !hasWallTime(source, { first: piece.end, end: piece.end + 1 }))
      count += 1;
  }
  const withoutMoments = {
    ...recurrence,
    except: recurrence.except.filter((one) => typeof one === 'string'),
  };
  for (const moment of exceptMoments(recurrence)) {
    if (moment >= from && moment < to && isNamed(withoutMoments, moment)) count -= 1;
  }
  return count;
}

/** Is it one of the schedule's occurrences? Costs the same for any moment. */
export function isNamed(recurrence: Recurrence, at: number): boolean {
  for (const _ of occurrences(recurrence, at, at + 1)) return true;
  return false;
}

/** From `from` until before `to`, ascending and without end where there is none: for who stops by itself. */
export function* occurrences(recurrence: Recurrence, from: number, to: number): Generator<number> {
  const source = sourceOf(recurrence);
  const moments = exceptMoments(recurrence);
  let last = Number.NEGATIVE_INFINITY;
  for (const piece of piecesOf(recurrence, source, from, to)) {
    for (const at of momentsOf(source, piece)) {
      // What follows a gap is named for itself, too.
      if (at !== last && !moments.has(at)) yield at;
      last = at;
    }
  }
}

function piecesOf(recurrence: Recurrence, { calendar }: WallSource, from: number, to: number) {
  const first = Math.max(from, recurrence.from ?? from);
  const end = Math.min(to, recurrence.until ?? to, LAST + 1);
  const zone = { timezone: recurrence.timezone, isEveryHour: calendar.isEveryHour };
  return stretchesBetween(zone, first, end);
}

function* momentsOf(source: WallSource, piece: ReturnType<typeof piecesOf>[number]): Generator<number> {
  if (piece.kind === 'gap') {
    if (runsAfter(source, piece)) yield piece.at;
  } else {
    for (const time of wallTimes(source, piece)) yield time - piece.offset;
  }
}

/** Does anything of the gap run when it is over? */
export function runsAfter(source: WallSource, gap: Gap): boolean {
  return !source.exceptDays.has(Math.floor(gap.end / DAY)) && hasWallTime(source, gap);
}

export function sourceOf(recurrence: Recurrence): WallSource {
  const days = recurrence.except.filter((one) => typeof one === 'string');
  return {
    calendar: wallCalendar(recurrence.cron),
    exceptDays: new Set(days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000 / DAY)),
  };
}

function exceptMoments(recurrence: Recurrence): Set<number> {
  return new Set(recurrence.except.filter((one) => typeof one === 'number'));
}

function tooMany(count: number, limit: number, from: number, to: number): FleetformError {
  const window = `from ${rfc3339(from)} to ${rfc3339(to)}`;
  return new FleetformError(
    'schedule.too_many',
    `The schedule has ${count} occurrences ${window}; ${limit} are allowed.`,
    { hint: 'Shorten its horizon, or let it run less often.' },
  );
}
