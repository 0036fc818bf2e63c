/**
 * When each of a block's targets runs within its spread.
 *
 * Invariant: a share depends on what the target is alone (its ids, not its alias, nor the name of its block, nor what
 * else is in the list). What has moved is another run: the old one would be cancelled, and one that ran a moment ago
 * would run again. So two targets may share a second; neither gives way.
 */
import { createHash } from 'node:crypto';

/** For each target (the JSON of its ids), in that order: whole seconds in [0, spread). */
export function spreadOffsets(targets: readonly string[], spread: number): number[] {
  if (spread === 0) return targets.map(() => 0);
  return targets.map((target) => {
    const hash = createHash('sha256').update(target).digest();
    // A fraction of it, not a remainder: with another spread, a target keeps its place among the others.
    return Math.floor((hash.readUIntBE(0, 6) / 2 ** 48) * spread);
  });
}
