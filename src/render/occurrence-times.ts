/**
 * The times of a schedule's occurrences, in words and on the clock of the schedule's zone.
 *
 * Invariant: nothing is claimed that does not hold for each of them. What repeats is said only where all do; a time of
 * day only where the clock really shows it (a change of clock moves some).
 */
import { formatDuration, relativeTime, wallTime } from './time.ts';

/** Unix seconds. */
export interface Moment {
  /** What the schedule names. */
  readonly named: number;
  /** When it runs: a spread moves it. */
  readonly at: number;
}

export interface TimesView {
  /** IANA: that of the schedule. */
  readonly timezone: string;
  /** Unix seconds. */
  readonly now: number;
  /** All of them are told, up to hundreds, where nothing repeats. Otherwise the first few. */
  readonly isListed?: boolean;
}

/** `7 nights from 1 to 7 Dec, 04:30`: plain words, without the zone; empty of none. In time that grows with n log n. */
export function occurrenceWords(moments: readonly Moment[], view: TimesView): string {
  const runs = runsOf(moments, view);
  if (runs.length === 0) return '';
  const clock = clockOf(runs);
  if (clock === null) return unevenWords(runs, view);
  return `${dayWords(runs, clock, view)}, ${clock}`;
}

/** With the zone: `… 04:30 Europe/Amsterdam`; `zone` writes it as the output needs it. */
export function inZone(words: string, timezone: string, zone = timezone): string {
  const name = wallTime(0, timezone).isKnown ? zone : 'UTC';
  return /\d\d:\d\d$/.test(words) ? `${words} ${name}` : `${words}, times in ${name}`;
}

/**
 * The same on a reader's own clock: `03:30`, `23:30 the day before`, or, of what is not at one time there,
 * `the first 28 Nov 03:30`. null: it is the same clock.
 */
export function clockBeside(
  moments: readonly Moment[],
  { timezone, now }: TimesView,
  reader: string,
): string | null {
  const pairs = moments.map(({ at }) => ({ at, own: wallTime(at, timezone), read: wallTime(at, reader) }));
  if (pairs.every(({ own, read }) => own.date === read.date && own.time === read.time)) return null;
  const offsets = pairs.map(({ own, read }) => (Date.parse(read.date) - Date.parse(own.date)) / 1000 / DAY);
  const [days = 0] = offsets;
  const clocks = pairs.map(({ read }) => read.time).sort();
  // With more than a few times of day, or another day now and then, only one of them can be said.
  const isOfOneDay = offsets.every((one) => one === days);
  const isOneClock = new Set(pairs.map(({ own }) => own.time)).size === new Set(clocks).size;
  const isEven =
    isOfOneDay && isOneClock && new Set(moments.map(({ named }) => wallTime(named, reader).time)).size === 1;
  if (!isEven) {
    const first = pairs.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
    return `the first ${momentWords(first, { timezone: reader, now })}`;
  }
  return `${rangeText(clocks[0]!, clocks.at(-1)!)}${DAYS_BESIDE[days] ?? ''}`;
}

const DAYS_BESIDE: Readonly<Record<number, string>> = { [-1]: ' the day before', 1: ' the day after' };

/** `first in 3 h 20 min`. */
export function firstWords(moments: readonly Moment[], now: number): string {
  const first = moments.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? `first ${relativeTime(first, now)}` : '';
}

/** `1, 2 and 3 Dec, and 9 more until 14 Dec`, of any times. */
export function dateWords(times: readonly number[], view: TimesView): string {
  const days = times.map((time) => wallTime(time, view.timezone).date).sort();
  return someDates([...new Set(days)], view);
}

/** `14 Dec 01:00`. */
export function momentWords(time: number, { timezone, now }: TimesView): string {
  const { date, time: clock } = wallTime(time, timezone);
  return `${dateText(date, yearOf(now, timezone))} ${clock}`;
}

/** One occurrence, on however many targets. */
interface Run {
  readonly named: number;
  /** `2026-12-01` and `04:30` of what is named. */
  readonly date: string;
  readonly clock: string;
  /** Seconds after `named`, and the time of day then: of the first and of the last that runs. */
  first: Offset;
  last: Offset;
}

interface Offset {
  readonly by: number;
  readonly clock: string;
}

const SHOWN = 3;
const LISTED = 400;
const DAY = 86_400;

function runsOf(moments: readonly Moment[], { timezone }: TimesView): Run[] {
  const runs = new Map<number, Run>();
  for (const { named, at } of moments) {
    const offset = { by: at - named, clock: wallTime(at, timezone).time };
    const run = runs.get(named);
    if (run === undefined) {
      const { date, time } = wallTime(named, timezone);
      runs.set(named, { named, date, clock: time, first: offset, last: offset });
    } else if (offset.by < run.first.by) run.first = offset;
    else if (offset.by > run.last.by) run.last = offset;
  }
  return [...runs.values()].sort((a, b) => a.named - b.named);
}

/** `04:30`, or of a spread `04:30 to 04:39`; null: it is another one on some day. */
function clockOf(runs: readonly Run[]): string | null {
  const [one] = runs;
  const isEven = runs.every(
    (run) => run.clock === one!.clock && [run.first, run.last].every((end) => isAsNamed(run, end)),
  );
  if (!isEven) return null;
  const first = runs.reduce((least, run) => (run.first.by < least.by ? run.first : least), one!.first);
  const last = runs.reduce((most, run) => (run.last.by > most.by ? run.last : most), one!.last);
  return rangeText(first.clock, last.clock);
}

/** Did the clock go on evenly from what is named to when it runs? */
function isAsNamed({ clock }: Run, { by, clock: shown }: Offset): boolean {
  return Math.abs(by) < DAY && (secondsOf(clock) + by + DAY) % DAY === secondsOf(shown);
}

/** Runs at one time of day. */
function dayWords(runs: readonly Run[], clock: string, view: TimesView): string {
  const year = yearOf(view.now, view.timezone);
  const dates = runs.map((run) => run.date);
  const step = runs.length > SHOWN ? evenStep(dates.map((date) => Date.parse(date) / 1000 / DAY)) : null;
  const span = () => rangeOfDates(dates[0]!, dates.at(-1)!, year);
  if (step === 1) return `${runs.length} ${isNight(clock) ? 'nights' : 'days'} from ${span()}`;
  if (step !== null) return `${runs.length} runs, every ${step} days from ${span()}`;
  const some = someDates(dates, view);
  return runs.length > SHOWN ? `${runs.length} runs on ${some}` : some;
}

/** Runs at several times of day: one a day but for some, at even distances, or the first few and how many more. */
function unevenWords(runs: readonly Run[], view: TimesView): string {
  const year = yearOf(view.now, view.timezone);
  if (runs.length > SHOWN) {
    const words = exceptWords(runs, view) ?? distanceWords(runs, view);
    if (words !== null) return words;
  }
  const shown = shownOf(runs.length, view);
  const some = runs.slice(0, shown).map((run) => `${dateText(run.date, year)} ${runClock(run)}`);
  if (runs.length <= shown) return `${runs.length > SHOWN + 1 ? `${runs.length} runs: ` : ''}${listed(some)}`;
  const last = runs.at(-1)!;
  return `${runs.length} runs: ${some.join(', ')}, and ${runs.length - shown} more until ${dateText(last.date, year)} ${runClock(last)}`;
}

/** `7 nights from 25 to 31 Mar, 02:30, but 03:00 on 28 Mar`. */
function exceptWords(runs: readonly Run[], view: TimesView): string | null {
  if (evenStep(runs.map((run) => Date.parse(run.date) / 1000 / DAY)) !== 1) return null;
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.clock, (counts.get(run.clock) ?? 0) + 1);
  const [usual] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  const isUsual = (run: Run) => run.clock === usual && isAsNamed(run, run.first) && isAsNamed(run, run.last);
  const others = runs.filter((run) => !isUsual(run));
  const clock = clockOf(runs.filter(isUsual));
  if (clock === null || others.length > SHOWN || others.length * 2 >= runs.length) return null;
  const year = yearOf(view.now, view.timezone);
  const but = others.map((run) => `${runClock(run)} on ${dateText(run.date, year)}`);
  return `${dayWords(runs, clock, view)}, ${clock}, but ${listed(but)}`;
}

/** `96 runs, every 15 min from 1 Dec 00:00 to 1 Dec 23:45`. */
function distanceWords(runs: readonly Run[], view: TimesView): string | null {
  const step = evenStep(runs.map((run) => run.named));
  if (step === null) return null;
  const latest = runs.reduce((most, run) => Math.max(most, run.last.by), 0);
  const earliest = runs.reduce((least, run) => Math.min(least, run.first.by), 0);
  if (earliest < 0) return null;
  const [first, last] = [runs[0]!, runs.at(-1)!].map((run) => momentWords(run.named, view));
  const spread = latest === 0 ? '' : `, each up to ${formatDuration(latest)} later,`;
  const every = exactDuration(step);
  return every === null ? null : `${runs.length} runs, every ${every}${spread} from ${first} to ${last}`;
}

/** null: `formatDuration` would round it. */
function exactDuration(seconds: number): string | null {
  // Not a day: where the clock is changed, those have 23 or 25 hours.
  if (seconds === DAY) return '24 h';
  const unit = seconds < 600 ? 1 : seconds < DAY ? 60 : seconds < 14 * DAY ? 3600 : DAY;
  return seconds % unit === 0 ? formatDuration(seconds) : null;
}

/** null: they differ. */
function evenStep(numbers: readonly number[]): number | null {
  const step = numbers[1]! - numbers[0]!;
  return numbers.every((one, index) => index === 0 || one - numbers[index - 1]! === step) && step > 0
    ? step
    : null;
}

function shownOf(count: number, { isListed }: TimesView): number {
  const most = isListed === true ? LISTED : SHOWN;
  return count === most + 1 ? count : most;
}

function runClock({ first, last }: Run): string {
  return rangeText(first.clock, last.clock);
}

function rangeText(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}

/** `1, 3 and 7 Dec`, `28 Nov, 1 Dec and 5 Dec, and 9 more until 31 Dec`; ascending. */
function someDates(dates: readonly string[], view: TimesView): string {
  const year = yearOf(view.now, view.timezone);
  const shown = shownOf(dates.length, view);
  const some = dates.slice(0, shown);
  const isOneMonth = some.every((date) => date.slice(0, 7) === some[0]!.slice(0, 7));
  const texts = some.map((date, index) =>
    isOneMonth && index < some.length - 1 ? String(Number(date.slice(8))) : dateText(date, year),
  );
  const rest = dates.length - shown;
  return rest > 0
    ? `${listed(texts)}, and ${rest} more until ${dateText(dates.at(-1)!, year)}`
    : listed(texts);
}

/** `1 to 7 Dec`. */
function rangeOfDates(from: string, to: string, year: string): string {
  const isOneMonth = from.slice(0, 7) === to.slice(0, 7);
  return `${isOneMonth ? Number(from.slice(8)) : dateText(from, year)} to ${dateText(to, year)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `1 Dec`; with its year where that is not this one. */
function dateText(date: string, year: string): string {
  const [own = '', month = '', day = ''] = date.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]}${own === year ? '' : ` ${own}`}`;
}

function yearOf(now: number, timezone: string): string {
  return wallTime(now, timezone).date.slice(0, 4);
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function isNight(clock: string): boolean {
  return Number(clock.slice(0, 2)) < 6;
}

function secondsOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
