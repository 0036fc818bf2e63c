/** Times and durations for people. The zone and the present are arguments; unix seconds come in. */

/**
 * `2026-12-01 04:00 CET (03:00 UTC)`; UTC's date is spelled out when it is another day. `timezone` is an IANA name;
 * one that does not exist counts as UTC.
 */
export function formatTime(unixSeconds: number, timezone: string): string {
  if (!isFormattable(unixSeconds)) return `${unixSeconds} (unix seconds)`;
  const local = wallClock(unixSeconds, timezone);
  const utc = wallClock(unixSeconds, 'UTC');
  if (local.zone === 'UTC') return `${utc.date} ${utc.time} UTC`;
  const utcText = local.date === utc.date ? utc.time : `${utc.date} ${utc.time}`;
  return `${local.date} ${local.time} ${local.zone} (${utcText} UTC)`;
}

/** The clock of that zone, for who says the zone elsewhere. Of a number that is no time of the calendar: the nearest one. */
export function localClock(unixSeconds: number, timezone: string): WallClock {
  return wallClock(unixSeconds, timezone);
}

/** Whether `formatTime` says one time there, as it and UTC are the same. */
export function isUtc(timezone: string): boolean {
  return zoneName(formattersOf(timezone), new Date(0)) === 'UTC';
}

/** `in 3 h 20 min`, `5 min ago`, `now`. */
export function relativeTime(unixSeconds: number, now: number): string {
  const difference = Math.round(unixSeconds - now);
  if (difference === 0) return 'now';
  return difference > 0 ? `in ${formatDuration(difference)}` : `${formatDuration(-difference)} ago`;
}

/** Seconds → the two largest units that matter: `45 s`, `3 min 20 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return 'less than 1 s';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < 10 * MINUTE) return twoUnits(whole, MINUTE, 'min', 1, 's');
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return twoUnits(whole, HOUR, 'h', MINUTE, 'min');
  if (whole < 14 * DAY) return twoUnits(whole, DAY, 'd', HOUR, 'h');
  return `${Math.floor(whole / DAY)} d`;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Seconds: the ends of what a `Date` can say in years of four digits. */
const YEAR_0 = -62_167_219_200;
const YEAR_9999 = 253_402_300_799;

function isFormattable(unixSeconds: number): boolean {
  // A day less at each end, so that no zone leaves the range.
  return unixSeconds >= YEAR_0 + DAY && unixSeconds <= YEAR_9999 - DAY;
}

function twoUnits(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const rest = Math.floor((seconds % large) / small);
  const first = `${Math.floor(seconds / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}

/** What the clock shows there. */
export interface WallTime {
  /** `2026-12-01` */
  readonly date: string;
  /** Seconds only where there are some. */
  readonly time: string;
  /** false: no such zone, it is UTC's. */
  readonly isKnown: boolean;
}

/** Of a number that is no time of the calendar: the nearest one. */
export function wallTime(unixSeconds: number, timezone: string): WallTime {
  const formatters = formattersOf(timezone);
  return { ...clockTime(formatters, nearestDate(unixSeconds)), isKnown: formatters.isKnown };
}

export interface WallClock extends Pick<WallTime, 'date' | 'time'> {
  readonly zone: string;
}

/** That a calendar has: a saved plan may say any number. */
function nearestDate(unixSeconds: number): Date {
  return new Date(Math.min(YEAR_9999 - DAY, Math.max(YEAR_0 + DAY, unixSeconds || 0)) * 1000);
}

function wallClock(unixSeconds: number, timezone: string): WallClock {
  const formatters = formattersOf(timezone);
  const date = nearestDate(unixSeconds);
  if (formatters.isUtc) return { ...utcTime(date), zone: 'UTC' };
  const parts = formatters.clock.formatToParts(date);
  return { ...timeOf(parts), zone: zoneName(formatters, date, parts) };
}

function clockTime(formatters: Formatters, date: Date): Pick<WallTime, 'date' | 'time'> {
  if (formatters.isUtc) return utcTime(date);
  return timeOf(formatters.clock.formatToParts(date));
}

function timeOf(all: readonly Intl.DateTimeFormatPart[]): Pick<WallTime, 'date' | 'time'> {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of all) parts[type] = value;
  const seconds = parts.second === '00' ? '' : `:${parts.second}`;
  return {
    date: `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}${seconds}`,
  };
}

/** What the formatter of UTC says, at a hundredth of its price. */
function utcTime(date: Date): Pick<WallTime, 'date' | 'time'> {
  const text = date.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, text.slice(17, 19) === '00' ? 16 : 19) };
}

/** Locales differ in which zones they have a short name for: `CET` or `GMT+1`, `EST` or `GMT-5`. */
function zoneName(formatters: Formatters, date: Date, parts?: readonly Intl.DateTimeFormatPart[]): string {
  if (formatters.isUtc) return 'UTC';
  const first = zoneIn(parts ?? formatters.clock.formatToParts(date));
  const isShort = (name: string) => /^[A-Z]{2,5}$/.test(name);
  if (isShort(first)) return first;
  for (const format of formatters.others) {
    const name = zoneIn(format.formatToParts(date));
    if (isShort(name)) return name;
  }
  return first.replace(/^GMT(?=[+-])/, 'UTC');
}

function zoneIn(parts: readonly Intl.DateTimeFormatPart[]): string {
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

interface Formatters {
  /** Its zone too, in one call: each costs more than all else of a line. */
  readonly clock: Intl.DateTimeFormat;
  /** Who may have a shorter name for the zone. */
  readonly others: readonly Intl.DateTimeFormat[];
  readonly isKnown: boolean;
  readonly isUtc: boolean;
}

const cache = new Map<string, Formatters>();

function formattersOf(timezone: string): Formatters {
  const known = cache.get(timezone);
  if (known !== undefined) return known;
  const made = makeFormatters(timezone);
  cache.set(timezone, made);
  return made;
}

function makeFormatters(timezone: string): Formatters {
  try {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    const others = ['en-US', 'en-AU'].map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZone: timezone, timeZoneName: 'short' }),
    );
    return { clock, others, isKnown: true, isUtc: clock.resolvedOptions().timeZone === 'UTC' };
  } catch (error) {
    if (error instanceof RangeError && timezone !== 'UTC')
      return { ...makeFormatters('UTC'), isKnown: false };
    throw error;
  }
}
