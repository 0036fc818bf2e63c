/**
 * An independent answer to "when does that run": a zone's clock is watched minute by minute, and what a person who knows
 * the rules would do at each. Shares no code with src/schedule/, nor with croner.
 */
import fc from 'fast-check';

/** An expression, and the sets that it was written from. */
export interface Drawn {
  readonly text: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: Sets;
  readonly months: ReadonlySet<number>;
}

interface Sets {
  /** null: all, which leaves it to the other one. */
  readonly ofMonth: ReadonlySet<number | 'L'> | null;
  readonly ofWeek: readonly { readonly weekday: number; readonly nth: number | 'L' | null }[] | null;
}

export interface Minute {
  readonly at: number;
  /** Minutes since 1970 of the zone's clock. */
  readonly wall: number;
}

/** Every minute from `from` until before `to`, as `Intl` shows the zone's clock. */
export function watch(timezone: string, from: number, to: number): Minute[] {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric' },
  });
  const minutes: Minute[] = [];
  for (let at = from; at < to; at += 60) {
    const [month, day, year, hour, minute] = format
      .format(at * 1000)
      .match(/\d+/g)!
      .map(Number);
    minutes.push({ at, wall: Date.UTC(year!, month! - 1, day!, hour!, minute!) / 60_000 });
  }
  return minutes;
}

/** When the expression runs while the clock was watched, except for the first two days: what came before is not known. */
export function expected(drawn: Drawn, minutes: readonly Minute[]): number[] {
  const found: number[] = [];
  let latest = minutes[0]!.wall - 1;
  for (const { at, wall } of minutes) {
    let runs = isNamed(drawn, wall) && (drawn.hours.size === 24 || wall > latest);
    if (drawn.hours.size < 24) {
      for (let missing = latest + 1; missing < wall; missing++) runs ||= isNamed(drawn, missing);
    }
    latest = Math.max(latest, wall);
    if (runs && at >= minutes[0]!.at + 2 * 86_400) found.push(at);
  }
  return found;
}

function isNamed({ minutes, hours, days, months }: Drawn, wall: number): boolean {
  if (!minutes.has(wall % 60) || !hours.has(Math.floor(wall / 60) % 24)) return false;
  const date = new Date(wall * 60_000);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = date.getUTCDate();
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const ofMonth = days.ofMonth?.has(day) === true || (days.ofMonth?.has('L') === true && day === length);
  const ofWeek = days.ofWeek?.some(({ weekday, nth }) => {
    if (weekday !== date.getUTCDay()) return false;
    return nth === null || (nth === 'L' ? day + 7 > length : Math.ceil(day / 7) === nth);
  });
  if (days.ofMonth === null && days.ofWeek === null) return true;
  return ofMonth || ofWeek === true;
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function all(least: number, most: number, step = 1): Set<number> {
  const found = new Set<number>();
  for (let value = least; value <= most; value += step) found.add(value);
  return found;
}

/** A list of values, ranges and steps of a field that goes to `top`, up to `most`. */
function field(least: number, most: number, top = most): fc.Arbitrary<{ text: string; values: Set<number> }> {
  const value = fc.integer({ min: least, max: most });
  const item = fc.oneof(
    { weight: 5, arbitrary: value.map((one) => ({ text: `${one}`, values: new Set([one]) })) },
    fc.tuple(value, value).map(([a, b]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      return { text: `${from}-${to}`, values: all(from, to) };
    }),
    fc.tuple(value, value, fc.integer({ min: 1, max: 6 })).map(([a, b, step]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      return { text: `${from}-${to}/${step}`, values: all(from, to, step) };
    }),
    fc
      .integer({ min: 2, max: top - least + 1 })
      .map((step) => ({ text: `*/${step}`, values: all(least, top, step) })),
  );
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => ({
    text: items.map((one) => one.text).join(','),
    values: new Set(items.flatMap((one) => [...one.values])),
  }));
}

function star(least: number, most: number): fc.Arbitrary<{ text: string; values: Set<number> }> {
  return fc.constant({ text: '*', values: all(least, most) });
}

const dayOfMonth: fc.Arbitrary<{ text: string; values: Set<number | 'L'> | null }> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ text: '*', values: null }) },
  field(1, 31),
  fc.constant({ text: 'L', values: new Set<number | 'L'>(['L']) }),
  field(1, 31).map(({ text, values }) => ({
    text: `${text},L`,
    values: new Set<number | 'L'>([...values, 'L']),
  })),
);

const dayOfWeek: fc.Arbitrary<{ text: string; values: Sets['ofWeek'] }> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ text: '*', values: null }) },
  field(0, 6).map(({ text, values }) => ({
    text,
    values: [...values].map((weekday) => ({ weekday, nth: null })),
  })),
  fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(1, 2, 3, 4, 5, 'L' as const), fc.boolean())
    .map(([weekday, nth, named]) => ({
      text: `${named ? WEEKDAYS[weekday] : weekday}${nth === 'L' ? 'L' : `#${nth}`}`,
      values: [{ weekday, nth }],
    })),
);

/** Mostly at night, where clocks change. */
export const expressions: fc.Arbitrary<Drawn> = fc
  .record({
    minute: fc.oneof(field(0, 59), star(0, 59), fc.constant({ text: '0', values: new Set([0]) })),
    hour: fc.oneof(field(0, 23), field(0, 3, 23), fc.constantFrom(0, 1, 2, 23).map(single), star(0, 23)),
    day: dayOfMonth,
    month: fc.oneof({ weight: 4, arbitrary: star(1, 12) }, field(1, 12)),
    weekday: dayOfWeek,
  })
  .map(({ minute, hour, day, month, weekday }) => ({
    text: [minute, hour, day, month, weekday].map((one) => one.text).join(' '),
    minutes: minute.values,
    hours: hour.values,
    days: { ofMonth: day.values, ofWeek: weekday.values },
    months: month.values,
  }));

function single(value: number): { text: string; values: Set<number> } {
  return { text: `${value}`, values: new Set([value]) };
}
