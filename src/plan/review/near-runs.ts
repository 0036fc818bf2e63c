/**
 * Which runs are about at the same time, and could be in each other's way?
 *
 * All lists of runs are in the order of their times.
 */
import { partitionPoint } from '../../model/partition-point.ts';
import type { RunAhead } from './runs-ahead.ts';

/** Seconds between two runs that are about at the same time. */
export const NEAR = 300;

/** By all but their game servers and their times. The occurrences of one schedule are as near as it says. */
export function mayCollide(a: RunAhead, b: RunAhead): boolean {
  if (!(a.isMeant || b.isMeant) || a.base === b.base || (a.hasBegun && b.hasBegun)) return false;
  return !(a.mayBe.some((id) => b.batchIds.includes(id)) || b.mayBe.some((id) => a.batchIds.includes(id)));
}

/** Is there one near the run, that may collide with it, and is so? */
export function hasNear(
  runs: readonly RunAhead[],
  run: RunAhead,
  isSo: (other: RunAhead) => boolean,
): boolean {
  const first = partitionPoint(runs, ({ at }) => at < run.at - NEAR);
  for (let i = first; i < runs.length && runs[i]!.at <= run.at + NEAR; i += 1) {
    if (runs[i] !== run && mayCollide(run, runs[i]!) && isSo(runs[i]!)) return true;
  }
  return false;
}

/** Calls for the indexes of each two of those that are near, until it is told to stop. `some`: indexes, ascending. */
export function forNearPairs(
  runs: readonly RunAhead[],
  some: readonly number[],
  take: (a: number, b: number) => boolean,
): void {
  let first = 0;
  for (let i = 0; i < some.length; i += 1) {
    const run = runs[some[i]!]!;
    while (runs[some[first]!]!.at < run.at - NEAR) first += 1;
    for (let j = first; j < i; j += 1) {
      if (mayCollide(runs[some[j]!]!, run) && !take(some[j]!, some[i]!)) return;
    }
  }
}
