/** The words of a calendar, that the screen and the page share. Safe, in one line each, without colour. */
import type { Calendar, CalendarEntry, CalendarNote } from '../model/calendar.ts';
import { daylightText } from '../model/daylight-text.ts';
import { safeText } from '../model/safe-text.ts';
import type { FreezeWindow } from '../model/schedule.ts';
import { listText } from '../model/words.ts';
import { localClock } from './time.ts';

/** What several targets of one block do at one time. */
export interface CalendarRow
  extends Pick<CalendarEntry, 'block' | 'template' | 'paused' | 'verdict' | 'freeze' | 'until'> {
  readonly at: number;
  /** As the file has them, in its order. */
  readonly targets: readonly string[];
}

/** In the order of the entries, which is by time. */
export function calendarRows(entries: readonly CalendarEntry[]): CalendarRow[] {
  const rows = new Map<string, CalendarRow & { targets: string[] }>();
  for (const { address: _, targetText, executeAt: at, ...common } of entries) {
    const key = JSON.stringify([at, common]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { ...common, at, targets: [targetText] });
    else row.targets.push(targetText);
  }
  return [...rows.values()];
}

/** `skipped: finals until Mon 14 Dec 01:00`; empty: it runs. */
export function verdictText(
  { at, verdict, freeze, until, paused }: Omit<CalendarRow, 'targets'>,
  timezone: string,
): string {
  if (verdict === 'runs' || freeze === null) return paused ? 'created paused' : '';
  const hasYear = until !== null && yearOf(until, timezone) !== yearOf(at, timezone);
  const end = until === null ? 'without an end in sight' : `until ${dayTime(until, timezone, hasYear)}`;
  return `${VERDICTS[verdict]}: ${safeText(freeze, 80)} ${end}`;
}

export const VERDICTS: Readonly<Record<Exclude<CalendarEntry['verdict'], 'runs'>, string>> = {
  skipped: 'skipped',
  'maybe-skipped': 'may be skipped',
  frozen: 'refused in a freeze',
  'maybe-frozen': 'may be refused in a freeze',
};

function yearOf(at: number, timezone: string): string {
  return localClock(at, timezone).date.slice(0, 4);
}

/** `Mon 14 Dec 01:00`. */
export function dayTime(at: number, timezone: string, hasYear = false): string {
  const { date, time } = localClock(at, timezone);
  return `${dayText(date)}${hasYear ? ` ${date.slice(0, 4)}` : ''} ${time}`;
}

/** Of a date without a zone: `Mon 14 Dec`. */
function dayText(date: string): string {
  const parts = DAY.formatToParts(Date.parse(`${date}T12:00:00Z`));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')}`;
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});

/** An end that the calendar has cut is not said. */
export function windowText({ from, to }: FreezeWindow, calendar: Calendar, timezone: string): string {
  const [start, end] = [dayTime(from, timezone), dayTime(to, timezone)];
  if (from === calendar.from) return to === calendar.to ? 'all the time' : `until ${end}`;
  return to === calendar.to ? `from ${start} on` : `${start} to ${end}`;
}

/** The schedules that name their times in another zone than those that are shown: a line for each zone. */
export function elsewhereText({ schedules }: Calendar, shown: string): string[] {
  const blocks = new Map<string, string[]>();
  for (const { block, timezone } of schedules) {
    if (timezone === shown) continue;
    blocks.set(timezone, [...(blocks.get(timezone) ?? []), block]);
  }
  return [...blocks].map(([zone, names]) => `Scheduled in ${safeText(zone, 64)}: ${listText(names, 10)}`);
}

/** What a change of clock makes of a block's run. */
export function noteText({ block, timezone, note }: CalendarNote): string {
  return `${safeText(block, 80)}: ${daylightText(note, timezone)}.`;
}
