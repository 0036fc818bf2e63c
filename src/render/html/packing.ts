/**
 * Where the items of a lane are placed: in the first row with room, so that none covers another. Pure.
 *
 * Invariant: two items of one row are at least a width apart, and every item is either placed or counted by a
 * cluster. A cluster counts several: it is as wide as an item, so a single one is drawn.
 */

export interface Packable {
  readonly at: number;
  readonly kind: PackedKind;
  /** The same for all of a day: what is counted at one place is of one day. */
  readonly day: number;
}

/** Changes stand above what stays, and get more rows; what is past is below all. */
export type PackedKind = 'change' | 'staying' | 'past';

export interface Packed {
  /** Item → its row; −1: it is counted by a cluster instead. */
  readonly rows: readonly number[];
  readonly clusters: readonly Cluster[];
  /** Rows that are used, those of clusters included. */
  readonly height: number;
  /** Without those of the past, which are the last. */
  readonly present: number;
}

export interface Cluster {
  /** The indexes of its items, two at least; it is where the first of them is. */
  readonly members: readonly number[];
  readonly row: number;
}

/** How many rows may be filled by what stays, by changes, and by the past below them, before the rest is counted. */
export interface Most {
  readonly staying: number;
  readonly changes: number;
  readonly past: number;
}

/** Items in the order of `at`; `width` in the same unit. What finds no row becomes clusters in rows below. */
export function pack(items: readonly Packable[], width: number, most: Most): Packed {
  const filled: number[][] = [];
  const rows = items.map(() => -1);
  const place = (kind: PackedKind, from: number, limit: number) => {
    for (const [index, item] of items.entries()) {
      if (item.kind !== kind) continue;
      const isFree = (row: number[]) => row.every((other) => Math.abs(other - item.at) >= width);
      const free = filled.findIndex((row, number) => number >= from && isFree(row));
      const row = free === -1 ? filled.length : free;
      if (row >= limit) continue;
      filled[row] = [...(filled[row] ?? []), item.at];
      rows[index] = row;
    }
  };
  place('change', 0, most.changes);
  place('staying', 0, most.staying);
  const isCounted = (isPast: boolean) => (item: Packable, index: number) =>
    rows[index] === -1 && (item.kind === 'past') === isPast;
  const counted = clustersOf(items, isCounted(false), width, filled.length);
  for (const { members, row } of counted) if (members.length === 1) rows[members[0]!] = row;
  const present = Math.max(filled.length, ...counted.map(({ row }) => row + 1));
  while (filled.length < present) filled.push([]);
  // Below all else, so that it can be folded.
  place('past', present, present + most.past);
  const past = clustersOf(items, isCounted(true), width, filled.length);
  for (const { members, row } of past) if (members.length === 1) rows[members[0]!] = row;
  return {
    rows,
    clusters: [...counted, ...past].filter(({ members }) => members.length > 1),
    present,
    height: Math.max(filled.length, ...past.map(({ row }) => row + 1)),
  };
}

/** Each ends at its day's end, and after a width; those that would cover each other stand in rows of their own. */
function clustersOf(
  items: readonly Packable[],
  isCounted: (item: Packable, index: number) => boolean,
  width: number,
  from: number,
): Cluster[] {
  const clusters: { members: number[]; row: number }[] = [];
  const ends: number[] = [];
  for (const [index, item] of items.entries()) {
    if (!isCounted(item, index)) continue;
    const { at, day } = item;
    const last = clusters.at(-1);
    const start = last === undefined ? undefined : items[last.members[0]!]!;
    if (last === undefined || start === undefined || at >= start.at + width || day !== start.day) {
      const free = ends.findIndex((end) => at - end >= width);
      const row = free === -1 ? ends.length : free;
      ends[row] = at;
      clusters.push({ members: [index], row: from + row });
    } else last.members.push(index);
  }
  return clusters;
}
