/**
 * Where addresses end up by the file's `moved` list. Moves follow each other: from a to b, and from there to c.
 * Where two moves take the same address, the first of the list does. The file has no circles; an address that runs
 * into one anyway stays where it is. The list names no times: an occurrence goes with the address that its time is of.
 *
 * Invariant: a chain of moves is never walked once per address: who can open a pull request can write the list.
 */
import { baseOf, blockOf, movesBlocks } from '../../model/addresses.ts';
import type { MovedAddress } from '../../model/desired.ts';
import { partitionPoint } from '../../model/partition-point.ts';

export interface Way {
  readonly to: string;
  /** The move that led there. */
  readonly last: MovedAddress | undefined;
}

/** Blocks that move on, one after the other: `blocks[i]` goes to `blocks[i + 1]` by `moves[i]`. */
interface Chain {
  readonly blocks: string[];
  readonly moves: MovedAddress[];
}

interface Place {
  readonly chain: Chain;
  readonly at: number;
}

export class Ways {
  /** By `from`: moves of one address that no move of its block comes before. */
  readonly #alone = new Map<string, MovedAddress>();
  readonly #places: ReadonlyMap<string, Place>;
  /** Where addresses leave a chain alone: what is behind the block's name (`[fleet:eu]`) → chain → where, sorted. */
  readonly #exits = new Map<string, Map<Chain, number[]>>();
  readonly #known = new Map<string, Way>();

  constructor(moved: readonly MovedAddress[]) {
    const ofBlocks = new Map<string, MovedAddress>();
    for (const move of moved) {
      if (move.from === move.to || ofBlocks.has(blockOf(move.from))) continue;
      const known = movesBlocks(move) ? ofBlocks : this.#alone;
      if (!known.has(move.from)) known.set(move.from, move);
    }
    this.#places = placesOf(ofBlocks);
    for (const address of this.#alone.keys()) this.#addExit(address);
    for (const chains of this.#exits.values()) {
      for (const exits of chains.values()) exits.sort((a, b) => a - b);
    }
  }

  #addExit(address: string): void {
    const place = this.#places.get(blockOf(address));
    if (place === undefined) return;
    const suffix = suffixOf(address);
    const chains = this.#exits.get(suffix) ?? new Map<Chain, number[]>();
    this.#exits.set(suffix, chains);
    const exits = chains.get(place.chain);
    if (exits === undefined) chains.set(place.chain, [place.at]);
    else exits.push(place.at);
  }

  from(start: string): Way {
    const base = baseOf(start);
    const way = this.#from(base);
    return base === start ? way : { to: way.to + start.slice(base.length), last: way.last };
  }

  /** All that is passed on the way is known from then on. */
  #from(start: string): Way {
    const passed = new Set<string>();
    let way: Way = { to: start, last: undefined };
    while (!passed.has(way.to)) {
      const known = this.#known.get(way.to);
      const next = known ?? this.#step(way.to);
      if (next === undefined) break;
      passed.add(way.to);
      way = { to: next.to, last: next.last ?? way.last };
      if (known !== undefined) break;
    }
    const isCircle = passed.has(way.to);
    for (const at of passed) this.#known.set(at, isCircle ? { to: at, last: undefined } : way);
    return isCircle ? { to: start, last: undefined } : way;
  }

  /** A move of the address alone; otherwise with its block, to where it leaves the chain or the chain ends. */
  #step(address: string): Way | undefined {
    const alone = this.#alone.get(address);
    if (alone !== undefined) return { to: alone.to, last: alone };
    const place = this.#places.get(blockOf(address));
    if (place === undefined) return undefined;
    const { chain, at } = place;
    const suffix = suffixOf(address);
    const exits = this.#exits.get(suffix)?.get(chain) ?? [];
    const exit = exits[partitionPoint(exits, (one) => one <= at)] ?? chain.moves.length;
    return { to: chain.blocks[exit] + suffix, last: chain.moves[exit - 1] };
  }
}

/** Of every block that moves, its place. A chain ends where another one goes on; circles have no places. */
function placesOf(moves: ReadonlyMap<string, MovedAddress>): Map<string, Place> {
  const reached = new Set([...moves.values()].map(({ to }) => to));
  const places = new Map<string, Place>();
  for (const head of moves.keys()) {
    if (reached.has(head)) continue;
    const chain: Chain = { blocks: [], moves: [] };
    let block = head;
    for (let move = moves.get(block); move !== undefined && !places.has(block); move = moves.get(block)) {
      places.set(block, { chain, at: chain.moves.length });
      chain.blocks.push(block);
      chain.moves.push(move);
      block = move.to;
    }
    chain.blocks.push(block);
  }
  return places;
}

function suffixOf(address: string): string {
  return address.slice(blockOf(address).length);
}
