/** Whether a schedule that is limited has any occurrence at all: a look from its limits, not over all of time. */
import type { Recurrence } from '../model/schedule.ts';
import { DAY } from './cron.ts';
import { countBetween } from './occurrences.ts';

/** By then every expression has named a day: 29 February is the rarest, and 2100 has none. */
const RAREST = 9 * 366 * DAY;
const STEP = 366 * DAY;
/** Beyond, no batch has a time. */
const END = 2 ** 31;

/**
 * Only what begins somewhere can have nothing left: `from`, `until` and `except` together take it from
 * an expression that `parseCron` accepts. Where exceptions alone take all of nine years, the answer is yes without a
 * further look.
 */
export function namesAnything(recurrence: Recurrence): boolean {
  const { from, until } = recurrence;
  if (from === null) return true;
  const end = until ?? END;
  const last = Math.min(end, from + RAREST);
  for (let at = from; at < last; at += STEP) {
    if (countBetween(recurrence, at, Math.min(at + STEP, last)) > 0) return true;
  }
  return last < end;
}
