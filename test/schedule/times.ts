/** Times as people write them, for the tests. */
import type { Recurrence } from '../../src/model/schedule.ts';
import { rfc3339 } from '../../src/model/words.ts';
import { parseCron } from '../../src/schedule/cron.ts';
import { occurrencesBetween } from '../../src/schedule/occurrences.ts';

/** `2026-03-29T01:00Z`, `2026-03-29` → unix seconds. */
export function at(text: string): number {
  return Date.parse(text) / 1000;
}

export function every(cron: string, timezone: string, more: Partial<Recurrence> = {}): Recurrence {
  const parsed = parseCron(cron, timezone);
  if ('problem' in parsed) throw new Error(`${cron} ${parsed.problem}`);
  return { cron: parsed.cron, timezone, from: null, until: null, except: [], ...more };
}

/** `03-29T01:00`, in UTC, of those from `from` until before `to`. */
export function runs(recurrence: Recurrence, from: string, to: string): string {
  return occurrencesBetween(recurrence, at(from), at(to)).map(short).join(' ');
}

export function short(moment: number): string {
  return rfc3339(moment).slice(5, 16);
}
