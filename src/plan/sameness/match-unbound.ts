/**
 * For every run that the records do not settle: is it among the unmanaged batches?
 *
 * A batch with a time is looked for whatever the state says. One without has nothing to be told by, so any that may
 * be it is a question; but where a state exists, only what is newer than all that the state knows of may be.
 */
import type { DesiredBatch } from '../../model/desired.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import { partitionPoint } from '../../model/partition-point.ts';
import { cameToNothing } from '../world/begun.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { compare } from './evidence.ts';
import { assign, type Edge, edge, type Match } from './match.ts';
import { isNewerThan, type Known } from './sight.ts';
import { CLOCK_SKEW, ranAtOnce, TOLERANCE, timeDistance, timeVerdict } from './times.ts';

/** `knownTo`: what the record knows for such a run; null: nothing. By address; one that is not in here has no candidate. */
export function matchUnbound(
  runs: readonly ResolvedBatch[],
  free: readonly ObservedBatch[],
  world: World,
  knownTo: (run: ResolvedBatch) => Known | null,
): Map<string, Match> {
  if (runs.length === 0 || free.length === 0) return new Map();
  const byTime = new TimeIndex(free);
  const atOnce = free.filter((batch) => ranAtOnce(batch) && !isYetToCome(batch, world.now));
  const recentTo = new Map<Known | null, readonly ObservedBatch[]>();
  const recentFor = (known: Known | null) => {
    const recent =
      recentTo.get(known) ?? atOnce.filter((batch) => known === null || isNewerThan(known, batch));
    recentTo.set(known, recent);
    return recent;
  };
  const edges: Edge[] = [];
  for (const run of runs) {
    const { executeAt } = run.spec;
    const recent = recentFor(knownTo(run));
    const candidates =
      executeAt === null
        ? recent
        : new Set([...byTime.near(executeAt), ...recent, ...spreadElsewhere(run, byTime, world)]);
    for (const batch of candidates) {
      const found = edgeOf(run, batch, world);
      if (found !== undefined) edges.push(found);
    }
  }
  return assign(edges);
}

function edgeOf({ desired, spec }: ResolvedBatch, batch: ObservedBatch, world: World): Edge | undefined {
  const exact = timeVerdict(spec.executeAt, batch, desired.startingDeadline);
  const time = exact === 'no' && isSpreadElsewhere(desired, batch, world) ? 'maybe' : exact;
  if (time === 'no') return undefined;
  world.wantTasks(batch, 'sample');
  const evidence = compare(spec, batch, world);
  if (evidence.verdict === 'no') return undefined;
  if (isCancelledLate(batch, world)) world.wantTasks(batch, 'all');
  // What was to run once, and was cancelled, nobody asked for again.
  if (spec.executeAt !== null && cameToNothing(batch, world.now)) return undefined;
  return edge(
    desired.address,
    batch,
    evidence,
    spec.executeAt === null ? 'maybe' : time,
    timeDistance(spec.executeAt, batch),
  );
}

/** Without a record nobody knows which spread an occurrence was made with. */
function isSpreadElsewhere(
  { occurrence, spreadUntil }: DesiredBatch,
  { executeAt }: ObservedBatch,
  { state }: World,
): boolean {
  if (state !== null || occurrence === null || executeAt === null) return false;
  return executeAt >= occurrence - TOLERANCE && executeAt <= (spreadUntil ?? occurrence) + TOLERANCE;
}

function spreadElsewhere({ desired }: ResolvedBatch, byTime: TimeIndex, world: World): ObservedBatch[] {
  const { occurrence, spreadUntil } = desired;
  if (world.state !== null || occurrence === null) return [];
  return byTime.between(occurrence, spreadUntil ?? occurrence);
}

/** Whether it did something before it was cancelled: one task that had begun is enough, and any may be the one. */
function isCancelledLate(batch: ObservedBatch, { now }: World): boolean {
  return batch.numTasks > 0 && batch.numTasksCancelled >= batch.numTasks && !cameToNothing(batch, now);
}

/** One that waits for a time of its own was not made to run at once. */
function isYetToCome(batch: ObservedBatch, now: number): boolean {
  return batch.executeAt !== null && batch.executeAt > now + CLOCK_SKEW;
}

/** Batches by the time that they run at, so that a run meets only those of about its own. */
class TimeIndex {
  private readonly sorted: readonly (readonly [number, ObservedBatch])[];

  constructor(batches: readonly ObservedBatch[]) {
    this.sorted = batches
      .flatMap((batch) => (batch.executeAt === null ? [] : [[batch.executeAt, batch] as const]))
      .sort((a, b) => a[0] - b[0]);
  }

  near(time: number): ObservedBatch[] {
    return this.between(time, time);
  }

  /** As far as the API may have moved them. */
  between(from: number, to: number): ObservedBatch[] {
    const found: ObservedBatch[] = [];
    const first = partitionPoint(this.sorted, ([at]) => at < from - TOLERANCE);
    for (let i = first; i < this.sorted.length; i += 1) {
      const [at, batch] = this.sorted[i]!;
      if (at > to + TOLERANCE) break;
      found.push(batch);
    }
    return found;
  }
}
