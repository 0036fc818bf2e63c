/**
 * When each of a block's targets runs within its spread.
 *
 * Invariant: a share depends on the names of block and target alone. Dividing the spread evenly by the number of targets
 * would move all of them when one is added, and what has moved is another run: the old one would be cancelled, and one
 * that ran a moment ago would run again. Only those that would share a second depend on each other: the later one in the
 * file gives way, by a second.
 */
import { createHash } from 'node:crypto';

/** For each target, in that order: whole seconds in [0, spread). All different, if there are enough of them. */
export function spreadOffsets(block: string, targets: readonly string[], spread: number): number[] {
  if (spread < 1) return targets.map(() => 0);
  const taken = new Set<number>();
  return targets.map((target) => {
    let offset = shareOf(block, target, spread);
    while (taken.has(offset) && taken.size < spread) offset = (offset + 1) % spread;
    taken.add(offset);
    return offset;
  });
}

/** What the target has while nobody is in its second. */
export function shareOf(block: string, target: string, spread: number): number {
  // JSON: no two pairs are the same text.
  const hash = createHash('sha256')
    .update(JSON.stringify([block, target]))
    .digest();
  // A fraction of it, not a remainder: with another spread, a target keeps its place among the others.
  return Math.floor((hash.readUIntBE(0, 6) / 2 ** 48) * spread);
}
