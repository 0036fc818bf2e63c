/**
 * When the calendar's expressions run: each minute of the year is looked up on the zone's clock, with `Intl`. Shares no
 * code with src/schedule/, nor with croner.
 */
import { type Drawn, expected, type Minute, watch } from '../../schedule/wall-clock.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const EVERY_DAY = { ofMonth: null, ofWeek: null };
const EVERY_MONTH = new Set(HOURS.slice(1, 13));

/** The expressions that the calendar writes, and the sets that they stand for. */
const EXPRESSIONS: readonly Drawn[] = [
  expression('30 4 * * *', [30], [4]),
  expression('30 2 * * *', [30], [2]),
  expression('10 2 * * *', [10], [2]),
  expression('0 * * * *', [0], HOURS),
  expression('*/15 0-3 * * *', [0, 15, 30, 45], [0, 1, 2, 3]),
  { ...expression('0 2 1 * *', [0], [2]), days: { ofMonth: new Set([1]), ofWeek: null } },
  {
    ...expression('30 2 * * 0', [30], [2]),
    days: { ofMonth: null, ofWeek: [{ weekday: 0, nth: null }] },
  },
];

function expression(text: string, minutes: readonly number[], hours: readonly number[]): Drawn {
  return {
    text,
    minutes: new Set(minutes),
    hours: new Set(hours),
    days: EVERY_DAY,
    months: EVERY_MONTH,
  };
}

export class Clocks {
  readonly #from: number;
  readonly #to: number;
  readonly #minutes = new Map<string, Minute[]>();
  readonly #moments = new Map<string, ReadonlySet<number>>();

  /** Unix seconds, whole minutes. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** Ascending. */
  moments(cron: string, timezone: string): ReadonlySet<number> {
    const key = `${cron} ${timezone}`;
    const known = this.#moments.get(key);
    if (known !== undefined) return known;
    const drawn = EXPRESSIONS.find(({ text }) => text === cron);
    if (drawn === undefined) throw new Error(`the calendar does not know ${cron}`);
    const found = new Set(expected(drawn, this.#watched(timezone)));
    this.#moments.set(key, found);
    return found;
  }

  /** How often that zone's clock changed. */
  changes(timezone: string): number {
    const minutes = this.#watched(timezone);
    return minutes.filter(({ wall }, i) => i > 0 && wall !== minutes[i - 1]!.wall + 1).length;
  }

  #watched(timezone: string): Minute[] {
    const known = this.#minutes.get(timezone);
    if (known !== undefined) return known;
    const minutes = watch(timezone, this.#from, this.#to);
    this.#minutes.set(timezone, minutes);
    return minutes;
  }
}
