/**
 * The calendar for people: a table of days in the zone of the reader, what a freeze takes with its reason, and the
 * numbers of it. Nothing is left out: what has no room beside its row goes on below it.
 */
import type { Calendar, CalendarBlock, CalendarEntry } from '../model/calendar.ts';
import { safeText } from '../model/safe-text.ts';
import { calendarSummary } from './calendar-summary.ts';
import {
  type CalendarRow,
  calendarRows,
  dayTime,
  elsewhereText,
  noteText,
  verdictText,
  windowText,
} from './calendar-text.ts';
import { type Paint, painter, type Style } from './color.ts';
import { displayWidth, NARROW, wrap } from './display-width.ts';
import { type Day, daysBetween } from './html/days.ts';
import { type Cell, isTabular, type Room, type TableOptions, tableLines, tableRows } from './table.ts';
import { localClock } from './time.ts';

export interface CalendarView extends Room {
  readonly color: boolean;
  /** An IANA zone. */
  readonly timezone: string;
}

/** Ends with a line break. */
export function renderCalendar(calendar: Calendar, view: CalendarView): string {
  const paint = painter(view.color);
  const { timezone } = view;
  const span = `${dayTime(calendar.from, timezone, true)} to ${dayTime(calendar.to, timezone, true)}`;
  const head = `${paint('bold', safeText(calendar.name, 80))} from ${span} (${safeText(timezone, 64)})`;
  const sections = [
    [
      ...wrap(head, view.width),
      ...elsewhereText(calendar, timezone).flatMap((text) => noteLines(text, view, paint)),
    ],
    ...dayLines(calendar, view, paint),
    onceLines(calendar.once, view, paint),
    freezeLines(calendar, view, paint),
    calendar.daylight.flatMap((note) => noteLines(noteText(note), view, paint)),
    wrap(calendarSummary(calendar), view.width),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The calendar as it is. Ends with a line break. */
export function calendarToJson(calendar: Calendar): string {
  return `${JSON.stringify(calendar, null, 2)}\n`;
}

/** A section for each day with something on it. */
function dayLines(calendar: Calendar, view: CalendarView, paint: Paint): string[][] {
  const rows = calendarRows(calendar.entries);
  const days = daysBetween(calendar.from, calendar.to, view.timezone);
  const changing = days.filter(({ start, end }) => end - start !== DAY);
  const lines = rowLines(rows, changing, view, paint);
  return days.flatMap(({ start, end, label }) => {
    const inside = rows.flatMap((row, index) =>
      row.at >= start && row.at < end ? (lines[index] ?? []) : [],
    );
    const year = localClock(start + (end - start) / 2, view.timezone).date.slice(0, 4);
    return inside.length === 0 ? [] : [[paint('bold', `${label} ${year}`), ...inside]];
  });
}

const DAY = 86_400;
const INDENT = 2;

/** Of each row its lines, all in the same columns. */
function rowLines(
  rows: readonly CalendarRow[],
  changing: readonly Day[],
  view: CalendarView,
  paint: Paint,
): string[][] {
  const clocks = rows.map(({ at }) => {
    const hasChange = changing.some(({ start, end }) => at >= start && at < end);
    return hasChange ? clockOf(at, view.timezone) : localClock(at, view.timezone).time;
  });
  const fixed = [
    widest(clocks),
    widest(rows.map(({ block }) => safeText(block, 80))),
    widest(rows.map(({ template }) => safeText(template, 120))),
  ].reduce((sum, width) => sum + width + 2, INDENT);
  const room = Math.max(NARROWEST, view.width - fixed);
  const options: TableOptions = { ...view, paint, indent: INDENT, flexible: [3, 2, 1] };
  const split = rows.map((row, index) => cellsOf(row, clocks[index] ?? '', room));
  if (!isTabular(split.flat(), options)) {
    return rows.map((row, index) => {
      const [cells] = cellsOf(row, clocks[index] ?? '', Number.POSITIVE_INFINITY);
      return withReason(tableRows([cells!], options)[0]!, verdictText(row, view.timezone), row, view, paint);
    });
  }
  const table = tableLines(split.flat(), options);
  let taken = 0;
  return rows.map((row, index) => {
    const count = split[index]?.length ?? 0;
    const own = table.slice(taken, taken + count);
    taken += count;
    return withReason(own, verdictText(row, view.timezone), row, view, paint);
  });
}

const NARROWEST = 12;

function cellsOf(row: CalendarRow, clock: string, room: number): Cell[][] {
  const style: { style?: Style } = row.verdict === 'skipped' ? { style: 'dim' } : {};
  const [first = '', ...more] = packed(
    row.targets.map((text) => safeText(text, 200)),
    room,
  );
  const cell = (text: string): Cell => ({ text, ...style });
  return [
    [cell(clock), cell(safeText(row.block, 80)), cell(first), cell(safeText(row.template, 120))],
    ...more.map((text) => [cell(''), cell(''), cell(text)]),
  ];
}

/** Joined with commas, and broken behind one where the line is full. */
function packed(texts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const [index, text] of texts.entries()) {
    const item = index === texts.length - 1 ? text : `${text},`;
    const last = lines.at(-1);
    const longer = last === undefined ? item : `${last} ${item}`;
    if (last === undefined || displayWidth(longer) > room) lines.push(item);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

const STYLES: Readonly<Record<CalendarEntry['verdict'], Style>> = {
  runs: 'dim',
  skipped: 'dim',
  'maybe-skipped': 'yellow',
  frozen: 'red',
  'maybe-frozen': 'yellow',
};

function withReason(
  lines: readonly string[],
  reason: string,
  { verdict }: CalendarRow,
  { width }: CalendarView,
  paint: Paint,
): string[] {
  if (reason === '') return [...lines];
  const [first = '', ...rest] = lines;
  const style = STYLES[verdict];
  if (displayWidth(first) + 2 + displayWidth(reason) <= width) {
    return [`${first}  ${paint(style, reason)}`, ...rest];
  }
  const indent = ' '.repeat(width < NARROW ? INDENT + 2 : INDENT + 5 + 2);
  return [...lines, ...wrap(reason, width - indent.length).map((line) => indent + paint(style, line))];
}

/** With the zone's name on a day that has the hour twice. */
function clockOf(at: number, timezone: string): string {
  const { time, date, zone } = localClock(at, timezone);
  const isTwice = [at - 3600, at + 3600, at - 1800, at + 1800].some((other) => {
    const there = localClock(other, timezone);
    return there.time === time && there.date === date;
  });
  return isTwice ? `${time} ${zone}` : time;
}

function onceLines(once: readonly CalendarBlock[], view: CalendarView, paint: Paint): string[] {
  if (once.length === 0) return [];
  const rows = once.map(({ address, targetText, template, paused }) => [
    { text: safeText(address, 200) },
    { text: safeText(targetText, 200) },
    { text: safeText(template, 120) },
    { text: paused ? 'created paused' : '' },
  ]);
  const table = tableLines(rows, { ...view, paint, indent: INDENT, flexible: [1, 0, 2] });
  const head = `${paint('bold', 'As soon as it is applied')}, once, unless it has already run`;
  return [...wrap(head, view.width), ...table];
}

function freezeLines(calendar: Calendar, view: CalendarView, paint: Paint): string[] {
  if (calendar.windows.length === 0) return [];
  const rows = calendar.windows.map((window) => [
    { text: safeText(window.freeze, 80) },
    { text: windowText(window, calendar, view.timezone) },
  ]);
  return [paint('bold', 'Freezes'), ...tableLines(rows, { ...view, paint, indent: INDENT, flexible: [0] })];
}

function noteLines(text: string, { width }: CalendarView, paint: Paint): string[] {
  return wrap(text, width).map((line) => paint('dim', line));
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
