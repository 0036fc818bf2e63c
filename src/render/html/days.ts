/** The days of a zone: where each begins, and what it is called. Pure; unix seconds. */

export interface Day {
  readonly start: number;
  /** 23 or 25 hours later where the clock is changed. */
  readonly end: number;
  /** `Tue 1 Dec` */
  readonly label: string;
  readonly isWeekend: boolean;
}

const HOUR = 3600;

/** From the day of `from` to that of `to`, both included; at most `limit`. An unknown zone counts as UTC. */
export function daysBetween(from: number, to: number, timezone: string, limit = 400): Day[] {
  const zone = zoneOf(timezone);
  const days: Day[] = [];
  for (let start = startOfDay(from, zone); start <= to && days.length < limit; ) {
    const end = startOfDay(start + 36 * HOUR, zone);
    days.push({ start, end, ...nameOf(start, zone) });
    start = end;
  }
  return days;
}

/** Moments of the same day have the same number. */
export function dayNumbers(moments: readonly number[], timezone: string): (at: number) => number {
  const zone = zoneOf(timezone);
  const numbers = new Map<number, number>();
  for (const at of moments) if (!numbers.has(at)) numbers.set(at, startOfDay(at, zone));
  return (at) => numbers.get(at) ?? startOfDay(at, zone);
}

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  readonly name: Intl.DateTimeFormat;
}

function zoneOf(timezone: string): Zone {
  const make = (timeZone: string): Zone => ({
    clock: new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }),
    name: new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' }),
  });
  try {
    return make(timezone);
  } catch {
    return make('UTC');
  }
}

/** The first moment of that day: midnight, or, where the clock jumps over it, the moment after. */
function startOfDay(moment: number, zone: Zone): number {
  const { date, seconds } = clockAt(moment, zone);
  let start = moment - seconds;
  // The clock may have been changed since midnight.
  for (const step of [HOUR, -HOUR, HOUR / 2, -HOUR / 2]) {
    const there = clockAt(start, zone);
    if (there.date === date && there.seconds === 0) break;
    const other = clockAt(start + step, zone);
    if (other.date === date && other.seconds === 0) start += step;
  }
  const there = clockAt(start, zone);
  if (there.date !== date) start += 24 * HOUR - there.seconds;
  return start;
}

function clockAt(moment: number, { clock }: Zone): { date: string; seconds: number } {
  const parts = Object.fromEntries(
    clock.formatToParts(moment * 1000).map(({ type, value }) => [type, value]),
  );
  const seconds = Number(parts.hour) * HOUR + Number(parts.minute) * 60 + Number(parts.second);
  return { date: `${parts.year}-${parts.month}-${parts.day}`, seconds };
}

function nameOf(start: number, { name }: Zone): Pick<Day, 'label' | 'isWeekend'> {
  const parts = Object.fromEntries(
    name.formatToParts((start + 12 * HOUR) * 1000).map(({ type, value }) => [type, value]),
  );
  const weekday = parts.weekday ?? '';
  return {
    label: `${weekday} ${parts.day} ${parts.month}`,
    isWeekend: weekday === 'Sat' || weekday === 'Sun',
  };
}
