/** The time of a batch: RFC 3339 with an offset → unix seconds, strictly, because a wrong hour is a wrong deploy. */
import { LATEST } from '../model/latest-time.ts';

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(?:([Zz])|([+-])(\d\d):(\d\d))?)?$/;

const NO_TIME = 'is a day without a time';

export type ParsedTime = { readonly seconds: number } | { readonly problem: string };

/** The moment in unix seconds, or what is wrong with the text (the end of a sentence that begins with the text). */
export function parseTime(text: string): ParsedTime {
  const match = text.length > 60 ? null : RFC_3339.exec(text);
  if (match === null) return { problem: 'is not a time' };
  const [, year, month, day, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = match;
  if (Number(year) < 1970) return inRange(0);
  if (!isDate(Number(year), Number(month), Number(day)))
    return { problem: 'names a day that does not exist' };
  if (hour === undefined || minute === undefined) return { problem: NO_TIME };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) {
    return { problem: 'names a time of day that does not exist' };
  }
  if (utc === undefined && sign === undefined) return { problem: 'is a local time without an offset' };
  if (second === undefined) return { problem: 'has no seconds' };
  if (fraction !== undefined && Number(fraction) !== 0) {
    return { problem: 'has a fraction of a second, and the API knows whole seconds only' };
  }
  if (sign !== undefined && (Number(offsetHour) > 23 || Number(offsetMinute) > 59)) {
    return { problem: 'has an offset that does not exist' };
  }
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return inRange(local / 1000 - offset);
}

/** A day is one as long as a moment of it, in any zone, is one that the API can carry. */
export function parseDayOrTime(text: string): ParsedTime | { readonly day: string } {
  const parsed = parseTime(text);
  if ('seconds' in parsed || parsed.problem !== NO_TIME) return parsed;
  const earliest = inRange(Math.max(1, Date.parse(`${text}T00:00:00+23:59`) / 1000));
  return 'seconds' in earliest ? { day: text } : earliest;
}

/** Checks that the API can carry the moment. */
export function inRange(seconds: number): ParsedTime {
  if (seconds < 1) return { problem: 'lies before 1970-01-01T00:00:01Z' };
  if (seconds > LATEST)
    return { problem: 'lies after 2038-01-19T03:14:07Z, the latest time that the API accepts' };
  return { seconds };
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
