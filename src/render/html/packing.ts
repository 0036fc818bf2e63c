/**
 * Where the items of a lane stand: in the first row that has room, so that none covers another. Pure.
 *
 * Invariant: two items of one row are at least a width apart, and every item is either placed or counted by a
 * cluster.
 */

export interface Packed {
  /** Item → its row; −1: it is counted by a cluster instead. */
  readonly rows: readonly number[];
  readonly clusters: readonly Cluster[];
  /** Rows that are used, those of clusters included. */
  readonly height: number;
}

export interface Cluster {
  /** The index of its first item, where it stands. */
  readonly first: number;
  readonly row: number;
  readonly count: number;
}

/** `at` ascending; `width` in the same unit. More than `most` rows become clusters in one row below. */
export function pack(at: readonly number[], width: number, most: number): Packed {
  const ends: number[] = [];
  const rows: number[] = [];
  const clusters: { first: number; row: number; count: number }[] = [];
  for (const [index, moment] of at.entries()) {
    const free = ends.findIndex((end) => end <= moment);
    const row = free === -1 ? ends.length : free;
    if (row < most) {
      ends[row] = moment + width;
      rows.push(row);
      continue;
    }
    const last = clusters.at(-1);
    if (last !== undefined && moment < at[last.first]! + width) last.count += 1;
    else clusters.push({ first: index, row: most, count: 1 });
    rows.push(-1);
  }
  return { rows, clusters, height: clusters.length > 0 ? most + 1 : ends.length };
}
