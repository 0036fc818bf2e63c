/**
 * Blocks and the present → the batches that are wanted. A block without a schedule is one of them; a schedule stands for
 * its occurrences.
 *
 * All that a schedule names is wanted, and what lies within its horizon is made. So what has begun, or was made under a
 * longer horizon, stays for as long as it is named: it is *kept*, which means that it is never made again.
 *
 * Invariant: no occurrence that is wanted begins in a freeze that concerns it, also not late. What has begun is not
 * frozen any more. Where it cannot be told whether a freeze concerns it, it is not made, and what was made stays.
 */
import { addressOf, parseOccurrence } from '../model/addresses.ts';
import type { DesiredBatch, DesiredBlock, DesiredFreeze } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { SkippedOccurrence } from '../model/plan.ts';
import type { Schedule } from '../model/schedule.ts';
import type { ScheduleMark } from '../model/state.ts';
import { type Frozen, FrozenRuns, type VerdictOf } from './frozen-runs.ts';
import { scheduleDigest } from './marks.ts';
import { countBetween, isNamed, MOST_OCCURRENCES, occurrencesBetween } from './occurrences.ts';

/** What schedules and freezes are asked about. */
export interface Present {
  /** Unix seconds, by the API's clock. */
  readonly now: number;
  /** By address: what a batch is bound to, or may be. */
  readonly recorded: ReadonlyMap<string, RecordedRun>;
  /** When live batches run that nobody owns: a schedule that names such a moment may have made them. */
  readonly seen: readonly number[];
  /** How far each schedule is accounted for, by the address of its block. */
  readonly marks: Readonly<Record<string, ScheduleMark>>;
  readonly verdictOf: VerdictOf;
}

export interface RecordedRun {
  readonly isLive: boolean;
  /** It runs or has run, as far as anybody knows. */
  readonly hasBegun: boolean;
}

export interface Wanted {
  /** In the file's order, those of one schedule by their time. */
  readonly batches: readonly DesiredBatch[];
  /** By their time. */
  readonly skipped: readonly SkippedOccurrence[];
  /** By address: what begins in a freeze. Of a block without a schedule that is a mistake. */
  readonly frozen: ReadonlyMap<string, Frozen>;
  readonly diagnostics: readonly Diagnostic[];
  /** Occurrences that a freeze has kept from running, and that can no longer be made: accounted for. */
  readonly passed: readonly string[];
  /** The freeze that keeps a run from beginning at that moment. */
  readonly freezeAt: FrozenRuns['at'];
  /** The next freeze that concerns a run which begins at that moment; null: none within days. */
  readonly freezeAfter: FrozenRuns['next'];
}

export function wantedBatches(
  {
    blocks,
    freezes,
  }: { readonly blocks: readonly DesiredBlock[]; readonly freezes: readonly DesiredFreeze[] },
  present: Present,
): Wanted {
  const schedules = blocks.flatMap((block) =>
    block.when.kind === 'schedule' ? [{ block, ...block.when }] : [],
  );
  const [from, to] = rangeOf(schedules, present);
  const frozenRuns = new FrozenRuns(freezes, present.verdictOf, from, to);
  const isBounded = bound(schedules, present);
  const recorded = recordedMoments(present.recorded.keys());
  const batches: DesiredBatch[] = [];
  const skipped: SkippedOccurrence[] = [];
  const frozen = new Map<string, Frozen>();
  const passed: string[] = [];
  for (const block of blocks) {
    const { when } = block;
    if (when.kind !== 'schedule') {
      const at = when.kind === 'at' ? when.executeAt : present.now;
      const found = frozenRuns.at(block, at);
      if (found !== null) frozen.set(block.address, found);
      batches.push(batchOf(block, frozenRuns));
      continue;
    }
    const one = { block, ...when };
    const marked = present.marks[block.address] !== undefined;
    const moments = momentsOf(one, recorded.get(block.address) ?? [], present, isBounded.has(block));
    for (const [index, moment] of moments.entries()) {
      const batch = occurrenceOf(one, moment, moments[index + 1], frozenRuns);
      const { address, executeAt } = batch;
      const record = present.recorded.get(address);
      const found = record?.hasBegun === true ? null : frozenAt(batch, block, frozenRuns, present.now);
      if (found === null || (!found.isCertain && record?.isLive === true)) {
        // Of a schedule that is new, nothing was missed.
        const isMissed = record === undefined && !batch.isKept && !mayBeginNow(batch, present.now);
        if (marked || !isMissed) batches.push(batch);
        continue;
      }
      frozen.set(address, found);
      // Nobody has recorded it, and it may be there all the same.
      if (moment.isSeen && record === undefined && found.isCertain) batches.push({ ...batch, isKept: true });
      if (moment.isKept && record === undefined) continue;
      const { targetText } = block;
      if (executeAt > present.now - block.startingDeadline)
        skipped.push({ address, targetText, executeAt, ...found });
      else if (found.isCertain && record === undefined) passed.push(address);
    }
  }
  skipped.sort((a, b) => a.executeAt - b.executeAt);
  return {
    batches,
    skipped,
    frozen,
    passed,
    diagnostics: [...frozenRuns.diagnostics, ...isBounded.diagnostics],
    freezeAt: (of, moment) => frozenRuns.at(of, moment),
    freezeAfter: (of, moment) => frozenRuns.next(of, moment),
  };
}

interface Scheduled {
  readonly block: DesiredBlock;
  readonly schedule: Schedule;
  readonly offset: number;
}

/** One occurrence. */
interface Moment {
  /** What the schedule names. */
  readonly at: number;
  readonly isKept: boolean;
  /** A live batch that nobody owns runs then. */
  readonly isSeen: boolean;
}

/** At its time, or, late, now: that is when it would begin. */
function frozenAt(
  batch: DesiredBatch & { readonly executeAt: number },
  block: DesiredBlock,
  runs: FrozenRuns,
  now: number,
): Frozen | null {
  const found = runs.at(block, batch.executeAt);
  const isLate = batch.executeAt < now && now - batch.executeAt < block.startingDeadline;
  return found ?? (isLate ? runs.at(block, now) : null);
}

function mayBeginNow(
  { executeAt, startingDeadline }: DesiredBatch & { readonly executeAt: number },
  now: number,
): boolean {
  return now - executeAt < startingDeadline;
}

/** Ascending. */
function momentsOf(
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
const TOLERANCE = 60;

function nearestNamed(schedule: Schedule, time: number): number | null {
  let best: number | null = null;
  for (const at of occurrencesBetween(schedule, time - TOLERANCE, time + TOLERANCE + 1))
    if (best === null || Math.abs(at - time) < Math.abs(best - time)) best = at;
  return best;
}

/** Seconds of what a schedule names, by the address of its block. */
function recordedMoments(addresses: Iterable<string>): Map<string, number[]> {
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

/** Seconds: of what was missed longer ago, each window is looked up by itself. */
const FURTHEST_BACK = 32 * 86_400;

/** Seconds after a run in which the next freeze is looked for. */
const AHEAD = 8 * 86_400;

function rangeOf(schedules: readonly Scheduled[], { now, marks }: Present): [number, number] {
  let [from, to] = [now, now + 1 + AHEAD];
  for (const { block, schedule, offset } of schedules) {
    const since = marks[block.address]?.through ?? now;
    from = Math.min(from, now - block.startingDeadline, Math.max(since, now - FURTHEST_BACK));
    to = Math.max(to, now + schedule.horizon + offset + block.startingDeadline + AHEAD);
  }
  return [from, to];
}

/** The blocks whose horizon may be looked through. A file may want so many, a block no more. */
function bound(schedules: readonly Scheduled[], { now }: Present) {
  const counts = new Map<
    string,
    { readonly first: DesiredBlock; readonly schedule: Schedule; count: number }
  >();
  for (const { block, schedule, offset } of schedules) {
    const known = counts.get(block.block) ?? { first: block, schedule, count: 0 };
    known.count += countBetween(schedule, now - offset, now + schedule.horizon - offset);
    counts.set(block.block, known);
  }
  const sum = [...counts.values()].reduce((all, { count }) => all + count, 0);
  const worst = [...counts.values()].sort((a, b) => b.count - a.count)[0];
  const diagnostics: Diagnostic[] = [];
  const isTooMuch = worst !== undefined && sum > MOST_OCCURRENCES;
  if (isTooMuch) diagnostics.push(tooMany(worst.first, worst.count, sum));
  return {
    diagnostics,
    has: ({ block }: DesiredBlock) => !isTooMuch || (counts.get(block)?.count ?? 0) * 2 < MOST_OCCURRENCES,
  };
}

function tooMany({ block, at }: DesiredBlock, count: number, sum: number): Diagnostic {
  const all = count === sum ? '' : `, of ${sum} of the whole file`;
  return {
    severity: 'error',
    code: 'schedule.too_many',
    message: `the schedule of "${block}" yields ${count} batches within its horizon${all}; ${MOST_OCCURRENCES} are allowed`,
    hint: 'Shorten its horizon, or let it run less often.',
    ...at,
  };
}

function batchOf({ when, ...block }: DesiredBlock, runs: FrozenRuns): DesiredBatch {
  const executeAt = when.kind === 'at' ? when.executeAt : null;
  const lateness =
    executeAt === null
      ? { seconds: block.startingDeadline, cutBy: null }
      : runs.lateness({ when, ...block }, executeAt);
  return {
    ...block,
    executeAt,
    revision: when.kind === 'once' ? when.revision : null,
    startingDeadline: lateness.seconds,
    cutBy: lateness.cutBy,
    occurrence: null,
    spreadUntil: null,
    isKept: false,
  };
}

/** Seconds; longer ones are unusual. */
const USUAL_SPREAD = 3600;

/** `next`: when that begins, it is too late for this one: whoever is days late restarts nothing several times. */
function occurrenceOf(
  { block, offset }: Scheduled,
  { at, isKept }: Moment,
  next: Moment | undefined,
  runs: FrozenRuns,
): DesiredBatch & { readonly executeAt: number } {
  const { when: _, ...rest } = block;
  const executeAt = at + offset;
  const lateness = runs.lateness(block, executeAt);
  const untilNext = next === undefined ? lateness.seconds : next.at - at;
  const isCutByNext = untilNext < lateness.seconds;
  return {
    ...rest,
    address: addressOf(block.address, at),
    executeAt,
    revision: null,
    startingDeadline: isCutByNext ? untilNext : lateness.seconds,
    cutBy: isCutByNext ? 'the next occurrence' : lateness.cutBy,
    occurrence: at,
    spreadUntil: Math.max(
      at,
      Math.min(at + USUAL_SPREAD, (next?.at ?? Number.POSITIVE_INFINITY) - TOLERANCE - 1),
    ),
    isKept,
  };
}
