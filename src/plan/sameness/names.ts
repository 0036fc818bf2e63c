/**
 * Names that shift, swap or take over. A run is identified by what it asks for, not by its name: an address that asks for
 * exactly what another one created, and no longer asks for, takes over its binding.
 *
 * One without a time has nothing but its name to be told by, so there it is a question, and nothing becomes of either
 * address until it is answered: whatever the selection leaves out, the record of what has run stays.
 */
import { groupBy } from '../../model/group.ts';
import type { Move } from '../../model/plan.ts';
import type { StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { isSameTime } from './times.ts';

export interface Names {
  /** A permutation of addresses: where each entry goes on. What stays is not in it. */
  readonly moves: readonly Move[];
  /** An address that asks for what another one has run → that other one. */
  readonly questions: ReadonlyMap<string, string>;
  /** An address whose record is in question → the one that asks for the same. */
  readonly held: ReadonlyMap<string, string>;
}

export const NO_NAMES: Names = { moves: [], questions: new Map(), held: new Map() };

/** `entries`: as `moved` in the file and what was found of interrupted applies have left them. */
export function followNames(entries: ReadonlyMap<string, StateEntry>, world: World): Names {
  const byAddress = new Map(world.runs.map((run) => [run.desired.address, run]));
  const isSettled = (address: string, { digest }: StateEntry) => byAddress.get(address)?.digest === digest;
  // An address whose template is unknown asks for something unknown: its entry stays.
  const released = [...entries].filter(
    ([address, entry]) => !isSettled(address, entry) && (byAddress.has(address) || !world.named.has(address)),
  );
  const byDigest = groupBy(released, ([, entry]) => entry.digest);
  const questions = new Map<string, string>();
  const held = new Map<string, string>();
  const wishes: { run: ResolvedBatch; sources: [string, StateEntry][] }[] = [];
  for (const run of world.runs) {
    const { address } = run.desired;
    const sources = byDigest.get(run.digest) ?? [];
    if (sources.length === 0 || entries.get(address)?.digest === run.digest) continue;
    if (run.spec.executeAt !== null) wishes.push({ run, sources });
    else {
      const [from] = sources[0]!;
      questions.set(address, from);
      for (const [source] of sources) held.set(source, address);
    }
  }
  const destinations = new Map<string, string>();
  const taken = new Set<string>();
  for (const { run, sources } of wishes) {
    const { address } = run.desired;
    // What is in question stays where it is, so nothing can move onto it.
    if (held.has(address)) continue;
    const source = best(
      sources.filter(([from]) => !destinations.has(from)),
      world,
    );
    if (source === undefined || taken.has(address)) continue;
    destinations.set(source, address);
    taken.add(address);
  }
  completeChains(destinations, taken, entries);
  return { moves: [...destinations].map(([from, to]) => ({ from, to })), questions, held };
}

/** Of several that made the very same: what has run or runs, before what is yet to run. */
function best(sources: readonly [string, StateEntry][], world: World): string | undefined {
  const rank = ([, entry]: [string, StateEntry]) => RANKS[world.bound(entry).phase] ?? 0;
  let chosen: [string, StateEntry] | undefined;
  for (const source of sources) if (chosen === undefined || rank(source) > rank(chosen)) chosen = source;
  return chosen?.[0];
}

const RANKS: Readonly<Record<string, number>> = { done: 5, failed: 5, stopped: 4, running: 3, scheduled: 2 };

/** An entry that is pushed out at the end of a chain goes to its start, which has been left: none gets lost. */
function completeChains(
  destinations: Map<string, string>,
  taken: ReadonlySet<string>,
  entries: ReadonlyMap<string, StateEntry>,
): void {
  for (const start of [...destinations.keys()]) {
    if (taken.has(start)) continue;
    let end = start;
    for (let next = destinations.get(end); next !== undefined; next = destinations.get(end)) end = next;
    if (entries.has(end)) destinations.set(end, start);
  }
}

/** The entries as they are once the names have been followed. */
export function renamed(
  entries: ReadonlyMap<string, StateEntry>,
  moves: readonly Move[],
): ReadonlyMap<string, StateEntry> {
  if (moves.length === 0) return entries;
  const names = new Map(moves.map(({ from, to }) => [from, to]));
  return new Map([...entries].map(([address, entry]) => [names.get(address) ?? address, entry]));
}

/** Both, one after the other, as one: from where an entry is in the state to where it goes on. */
export function composed(first: readonly Move[], then: readonly Move[]): Move[] {
  const next = new Map(then.map(({ from, to }) => [from, to]));
  const begun = new Set(first.map(({ to }) => to));
  return [
    ...first.map(({ from, to }) => ({ from, to: next.get(to) ?? to })),
    ...then.filter(({ from }) => !begun.has(from)),
  ].filter(({ from, to }) => from !== to);
}

/**
 * Blocks of which it is unknown what they ask for, because their template is unknown: one that the selection leaves
 * out may be the new name of what the file names no longer, or names for something else. By that address, the block's.
 */
export function heldByUntold(entries: ReadonlyMap<string, StateEntry>, world: World): Map<string, string> {
  const runs = new Map(world.runs.map((run) => [run.desired.address, run]));
  const untold = world.wanted.filter(({ address }) => !runs.has(address));
  const held = new Map<string, string>();
  if (untold.length === 0) return held;
  for (const [address, { spec, digest }] of entries) {
    const isNamed = world.named.has(address);
    if (isNamed && runs.get(address)?.digest === digest) continue;
    // One with a record of its own takes over what nobody names, and no more.
    const by = untold.find((one) => isSameTime(one, spec) && !(isNamed && entries.has(one.address)));
    if (by !== undefined) held.set(address, by.address);
  }
  return held;
}
