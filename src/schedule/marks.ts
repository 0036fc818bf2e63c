/**
 * How far a schedule is accounted for: the records of what has ended are dropped, so something has to tell what has run
 * from what was missed.
 *
 * Invariant: a mark never goes back, and never lies behind an occurrence that may still be made.
 */
import { createHash } from 'node:crypto';
import { parseOccurrence } from '../model/addresses.ts';
import type { DesiredBlock } from '../model/desired.ts';
import type { Recurrence } from '../model/schedule.ts';
import type { ScheduleMark } from '../model/state.ts';

/** Of what an expression names; the horizon has no part in it. */
export function scheduleDigest({ cron, timezone, from, until, except }: Recurrence): string {
  const named = JSON.stringify([cron, timezone, from, until, except]);
  return createHash('sha256').update(named).digest('hex').slice(0, 16);
}

/**
 * The marks as they are once a plan is done. `settled`: addresses of occurrences that have ended or were told as missed.
 * Of what is not meant (`isMeant`), and of what they are not about, marks stay; those of other schedules go.
 */
export function marksAfter(
  marks: Readonly<Record<string, ScheduleMark>>,
  blocks: readonly DesiredBlock[],
  settled: readonly string[],
  { now, isMeant }: { readonly now: number; readonly isMeant: (address: string) => boolean },
): Record<string, ScheduleMark> {
  const through = new Map<string, number>();
  for (const address of settled) {
    const parsed = parseOccurrence(address);
    if (parsed !== null) through.set(parsed.base, Math.max(parsed.at, through.get(parsed.base) ?? parsed.at));
  }
  const after: [string, ScheduleMark][] = [];
  for (const { address, when, startingDeadline } of blocks) {
    if (when.kind !== 'schedule') continue;
    const before = marks[address];
    if (!isMeant(address)) {
      if (before !== undefined) after.push([address, before]);
      continue;
    }
    const schedule = scheduleDigest(when.schedule);
    const due = now - startingDeadline - when.offset;
    const begun = before?.schedule === schedule ? before.through : Math.max(before?.through ?? due, due);
    const last = Math.min(through.get(address) ?? begun, due);
    after.push([address, { through: Math.max(begun, last), schedule }]);
  }
  return Object.fromEntries(after);
}
