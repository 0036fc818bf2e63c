/**
 * When a zone keeps which offset. `Intl` knows the rules of all zones; where they change is looked for with it.
 *
 * Invariant: nothing here knows a rule of any zone, so a newer tz database (that of Node) is all that a new rule takes.
 */
import { didYouMean } from '../model/suggest.ts';

/** From `start` to `end` the zone's clock is `offset` seconds before UTC's. */
export interface OffsetPeriod {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** No zone has ever changed its clock twice within that, since 1970. */
const STEP = 86_400;

/** What is wrong with the name of a zone (the end of a sentence that begins with it); null: nothing. */
export function zoneProblem(timezone: string): { readonly problem: string; readonly hint: string } | null {
  // Offsets are taken by some versions of Node only.
  if (/^[A-Za-z][\w+/-]{1,63}$/.test(timezone) && formatOf(timezone) !== null) return null;
  const near = didYouMean(timezone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return {
    problem: `is no time zone that is known${near}`,
    hint: 'Write the IANA name of a zone, such as Europe/Amsterdam or UTC; not an offset.',
  };
}

/** All periods that touch that time, cut to it; ascending, and one begins where the other ends. */
export function offsetPeriods(timezone: string, from: number, to: number): OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  let start = from;
  let offset = offsetAt(timezone, from);
  for (let at = from; at < to; ) {
    const next = Math.min(at + STEP, to);
    const other = offsetAt(timezone, next);
    if (other !== offset) {
      const end = changeBetween(timezone, at, next);
      periods.push({ start, end, offset });
      start = end;
      offset = other;
    }
    at = next;
  }
  if (start < to) periods.push({ start, end: to, offset });
  return periods;
}

/** The first moment with the offset of `after`; `before` has another. */
function changeBetween(timezone: string, before: number, after: number): number {
  const old = offsetAt(timezone, before);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timezone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** In seconds, east of UTC. */
export function offsetAt(timezone: string, at: number): number {
  const text = formatOf(timezone)?.format(at * 1000) ?? '';
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null) throw new RangeError(`no offset in "${text}" of ${timezone}`);
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1 : 1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** null: not a zone. Making one costs more than a hundred uses. */
function formatOf(timezone: string): Intl.DateTimeFormat | null {
  const before = formats.get(timezone);
  if (before !== undefined) return before;
  try {
    const made = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    formats.set(timezone, made);
    return made;
  } catch {
    return null;
  }
}
