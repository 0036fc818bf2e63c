/** What is bound has run, and the file describes the same run differently. */
import type { StateEntry } from '../../model/state.ts';
import { mayHaveRun } from '../world/begun.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { compare } from './evidence.ts';
import { isSameRunBySpec, type Released } from './released.ts';

/**
 * Of an occurrence its address tells which run it is: one that has begun is that run, whatever the file says of it by
 * now. What a new template, other params or another spread ask for begins with the next one.
 */
export function hasBegun(run: ResolvedBatch, entry: StateEntry, world: World): boolean {
  if (run.desired.occurrence === null || world.isToReplace(run.desired.address)) return false;
  return mayHaveRun(entry, world.bound(entry), world.now);
}

/**
 * The same template at the same time (or once, with the same revision and params) on mostly the same game servers, by
 * what was asked for or by what is seen, and it has run, or is running, as far as anybody knows: that is the same run,
 * whatever words its targets are given in.
 */
export function restated(
  run: ResolvedBatch,
  entry: StateEntry,
  world: World,
  released: Released,
): 'yes' | 'maybe' | 'no' {
  if (entry.digest === run.digest || world.isToReplace(run.desired.address)) return 'no';
  if (!isSameRunBySpec(run.spec, entry.spec)) return 'no';
  const bound = world.bound(entry);
  if (!mayHaveRun(entry, bound, world.now)) return 'no';
  const byWords = released.isMostlySame(run.spec, entry.spec);
  if (byWords === 'yes') return 'yes';
  const seen = bound.batches.map((batch) => {
    world.wantTasks(batch, 'sample');
    return compare(run.spec, batch, world).verdict;
  });
  if (seen.length > 0 && seen.every((verdict) => verdict === 'yes')) return 'yes';
  return byWords === 'no' || seen.includes('no') ? 'no' : 'maybe';
}
