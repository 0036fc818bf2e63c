/**
 * The `Date` of answers → how far the API's clock is from ours. Pure, but for what it has heard.
 *
 * A Date has whole seconds, and was made at some moment between sending and receiving: each answer gives bounds for
 * the difference, and all of them together tighter ones than any alone. Bounds that contradict each other (a clock
 * was set, another node answered) start over with the newest.
 *
 * Invariant: no difference is reported unless it is certain: if our clock is right, it is 0.
 */
export interface ClockReading {
  /** Unix seconds by the API's clock, with fractions. */
  readonly now: number;
  /** Seconds that it is ahead of ours; negative: behind. */
  readonly ahead: number;
}

export interface ApiClock {
  /** Of an answer that the API itself gave. `sent`, `received`: unix milliseconds by our clock. */
  hear(headers: Readonly<Record<string, string>>, sent: number, received: number): void;
  /** null: no Date was heard that could be believed. `at`: unix milliseconds by our clock. */
  read(at: number): ClockReading | null;
}

/** Our clock counts whole milliseconds. */
const TICK = 1;

export function createApiClock(): ApiClock {
  /** Milliseconds that the API is ahead: at least and at most. */
  let bounds: readonly [number, number] | null = null;
  return {
    hear(headers, sent, received) {
      const date = dateOf(headers);
      if (date === null || received < sent) return;
      const [least, most] = [date - received - TICK, date + 1000 - sent];
      const [low, high] = bounds ?? [least, most];
      bounds = least > high || most < low ? [least, most] : [Math.max(least, low), Math.min(most, high)];
    },
    read(at) {
      if (bounds === null) return null;
      const [low, high] = bounds;
      const ahead = low <= 0 && high >= 0 ? 0 : (low + high) / 2000;
      return { now: at / 1000 + ahead, ahead };
    },
  };
}

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** A machine that doesn't know the time says 1970; the API has no times after January 2038. */
const EARLIEST = Date.UTC(2020, 0, 1);
const LATEST = 2 ** 31 * 1000;

/** Unix milliseconds; null: none, one that cannot be right, or one that a cache has kept. */
function dateOf(headers: Readonly<Record<string, string>>): number | null {
  const text = headers.date?.trim() ?? '';
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  const isFresh = /^0*$/.test(headers.age?.trim() ?? '');
  return isFresh && date >= EARLIEST && date < LATEST ? date : null;
}
