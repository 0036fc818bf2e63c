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
import { addressOf } from '../model/addresses.ts';
import type { DesiredBatch, DesiredBlock, DesiredFreeze } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { SkippedOccurrence } from '../model/plan.ts';
import { bound } from './bounds.ts';
import { type Frozen, FrozenRuns } from './frozen-runs.ts';
import { type Moment, momentsOf, recordedMoments, type Scheduled, TOLERANCE } from './moments.ts';
import type { Present } from './present.ts';

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
