/**
 * Which occurrences of a schedule there is anything to say about: those that may be made, were missed, or may exist.
 *
 * Invariant: what is accounted for is among them only as what may exist, and never to be made.
 */
import { addressOf, parseOccurrence } from '../model/addresses.ts';
import type { DesiredBlock } from '../model/desired.ts';
import type { Schedule } from '../model/schedule.ts';
import type { ScheduleMark } from '../model/state.ts';
import { scheduleDigest } from './marks.ts';
import { countBetween, isNamed, occurrencesBetween } from './occurrences.ts';
import type { Present } from './present.ts';

/** A block with a schedule. */
export interface Scheduled {
  readonly block: DesiredBlock;
  readonly schedule: Schedule;
  readonly offset: number;
}

/** One occurrence. */
export interface Moment {
  /** What the schedule names. */
  readonly at: number;
  readonly isKept: boolean;
  /** A live batch that nobody owns runs then. */
  readonly isSeen: boolean;
}

/** Ascending. */
export function momentsOf(
  { block, schedule, offset }: Scheduled,
  recorded: readonly number[],
  { now, recorded: records, seen, marks }: Present,
  isWithinBounds: boolean,
): Moment[] {
  const found = new Map<number, Moment>();
  const tooLate = now - block.startingDeadline;
  const end = now + schedule.horizon;
  const seenAt = new Set(seen.flatMap((time) => nearestNamed(schedule, time - offset) ?? []));
  const add = (at: number, isKept: boolean) => found.set(at, { at, isKept, isSeen: seenAt.has(at) });
  if (isWithinBounds) {
    const since = unaccountedSince(schedule, marks[block.address], tooLate - offset + 1);
    for (const at of occurrencesBetween(schedule, since, end - offset)) add(at, false);
  }
  for (const at of recorded) {
    const isPast = at + offset <= tooLate;
    if (!isPast && found.has(at)) continue;
    // What has ended is no longer wanted: its record may go.
    const isLive = records.get(addressOf(block.address, at))?.isLive === true;
    if (isLive && isNamed(schedule, at)) add(at, true);
    else if (isPast) found.delete(at);
  }
  const known = new Set(recorded);
  for (const at of seenAt) if (!found.has(at) && !known.has(at)) add(at, true);
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/**
 * The first moment of the schedule that nobody has accounted for. `due`: the first that may still be made. What is
 * accounted for is not made, however long its deadline is by now: its record may be gone.
 */
function unaccountedSince(schedule: Schedule, mark: ScheduleMark | undefined, due: number): number {
  if (mark === undefined) return due;
  // What another expression named was not missed.
  if (mark.schedule !== scheduleDigest(schedule)) return Math.max(due, mark.through + 1);
  let since = mark.through + 1;
  // Of a schedule that nobody has applied for years, the last ones tell enough.
  while (since < due && countBetween(schedule, since, due) > MOST_MISSED)
    since += Math.ceil((due - since) / 2);
  return since;
}

/** Of one schedule and target; older ones are not told. */
const MOST_MISSED = 500;

/** Seconds by which the API may have moved a time. */
export const TOLERANCE = 60;

function nearestNamed(schedule: Schedule, time: number): number | null {
  let best: number | null = null;
  for (const at of occurrencesBetween(schedule, time - TOLERANCE, time + TOLERANCE + 1))
    if (best === null || Math.abs(at - time) < Math.abs(best - time)) best = at;
  return best;
}

/** Seconds of what a schedule names, by the address of its block. */
export function recordedMoments(addresses: Iterable<string>): Map<string, number[]> {
  const moments = new Map<string, number[]>();
  for (const address of addresses) {
    const parsed = parseOccurrence(address);
    if (parsed === null) continue;
    const known = moments.get(parsed.base);
    if (known === undefined) moments.set(parsed.base, [parsed.at]);
    else known.push(parsed.at);
  }
  return moments;
}
