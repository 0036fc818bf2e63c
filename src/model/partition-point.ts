/** A binary search: the one way to find a place in what is sorted. */

/**
 * The index of the first item that `isBefore` does not hold for; their count, if it holds for all. Invariant for who
 * calls it: it holds for no item behind one that it does not hold for.
 */
export function partitionPoint<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
