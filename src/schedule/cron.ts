/**
 * A cron expression as a calendar of the wall clock: which days it names, and which times on each of them.
 *
 * What the expression means is croner's to say, always in UTC: no zone and no change of clock has a say here. A wall
 * time is a count of seconds, as unix seconds would be if the zone were UTC. Days are counted from 1970-01-01.
 */
import { Cron } from 'croner';
import { FleetformError } from '../model/errors.ts';
import type { ParsedCron } from '../model/schedule.ts';
import { type Fields, parseFields } from './cron-fields.ts';
import { zoneProblem } from './zone.ts';

export const DAY = 86_400;
/** By then every combination of a date and a day of the week has been there, but for the year 2100. */
const CYCLE = 28 * 366;

export interface WallCalendar {
  /** Ascending, in seconds since midnight; at least one. */
  readonly times: readonly number[];
  /** All hours of the day are named, so none of them is meant. */
  readonly isEveryHour: boolean;
  namesDay(day: number): boolean;
}

/** Checks both, as the file has them. */
export function parseCron(text: string, timezone: string): ParsedCron {
  const wrong = zoneProblem(timezone);
  if (wrong !== null) return { key: 'timezone', ...wrong };
  const fields = parseFields(text);
  if ('problem' in fields) return { key: 'cron', ...fields };
  if (!namesAnyDay(calendarOf(fields))) {
    const hint = 'Write a day of month that one of its months has.';
    return { key: 'cron', problem: 'never comes: no such month has that day', hint };
  }
  return { cron: fields.join(' ') };
}

const known = new Map<string, WallCalendar>();
const MOST_KNOWN = 1000;

/** Of an expression that `parseCron` accepts; throws on another. */
export function wallCalendar(cron: string): WallCalendar {
  const before = known.get(cron);
  if (before !== undefined) return before;
  const fields = parseFields(cron);
  if ('problem' in fields) {
    throw new FleetformError('schedule.cron', `The cron expression ${fields.problem}.`, {
      hint: fields.hint,
    });
  }
  const calendar = calendarOf(fields);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(cron, calendar);
  return calendar;
}

function calendarOf([minute, hour, day, month, weekday]: Fields): WallCalendar {
  const clock = new Cron(`${minute} ${hour} * * *`, { mode: '5-part', utcOffset: 0 });
  const days = new Cron(`0 0 ${day} ${month} ${weekday}`, { mode: '5-part', utcOffset: 0 });
  const times: number[] = [];
  // Not `nextRuns`: of an expression that names few times, most of its answer would be other days.
  for (let at = clock.nextRun(new Date(-1000)); at !== null && at.getTime() < DAY * 1000; ) {
    times.push(at.getTime() / 1000);
    at = clock.nextRun(at);
  }
  return {
    times,
    isEveryHour: new Set(times.map((time) => Math.floor(time / 3600))).size === 24,
    namesDay: (number) => days.match(new Date(number * DAY * 1000)),
  };
}

function namesAnyDay(calendar: WallCalendar): boolean {
  for (let day = 0; day < CYCLE; day++) if (calendar.namesDay(day)) return true;
  return false;
}
