/**
 * How far a schedule is accounted for: the records of what has ended are dropped, so something has to tell what has run
 * from what was missed.
 *
 * Invariant: a mark never goes back. What it covers is never made again, so it covers nothing that may still be made: who
 * moves it asks `pastOf` first, or has told the occurrence as missed.
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

/** Occurrences that could no longer be made at that time, as the file has their schedules now. */
export function pastOf(addresses: readonly string[], blocks: readonly DesiredBlock[], at: number): string[] {
  const lasts = new Map(blocks.map((block) => [block.address, lastPast(block, at)]));
  return addresses.filter((address) => {
    const parsed = parseOccurrence(address);
    return parsed !== null && parsed.at <= (lasts.get(parsed.base) ?? Number.NEGATIVE_INFINITY);
  });
}

/** The last moment that a schedule may have named, and that can no longer be made. */
function lastPast({ when, startingDeadline }: DesiredBlock, now: number): number {
  return now - startingDeadline - (when.kind === 'schedule' ? when.offset : 0);
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
  for (const block of blocks) {
    const { address, when } = block;
    if (when.kind !== 'schedule') continue;
    const before = marks[address];
    if (!isMeant(address)) {
      if (before !== undefined) after.push([address, before]);
      continue;
    }
    const schedule = scheduleDigest(when.schedule);
    const past = lastPast(block, now);
    const begun = before?.schedule === schedule ? before.through : Math.max(before?.through ?? past, past);
    after.push([address, { through: Math.max(begun, through.get(address) ?? begun), schedule }]);
  }
  return Object.fromEntries(after);
}
