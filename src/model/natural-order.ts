/** Names as people count them: `eu-2` before `eu-10`. */
import { compareText } from './ids.ts';

const PARTS = /\d+|\D+/g;

/** The same order on every machine. Names of which only the zeros in front differ are told apart as text. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [a.match(PARTS) ?? [], b.match(PARTS) ?? []];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareParts(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

function compareParts(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return compareText(a, b);
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  // Longer than a number can be, ids among them.
  return x.length - y.length || compareText(x, y);
}
