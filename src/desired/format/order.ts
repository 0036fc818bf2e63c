/**
 * The order that the entries of a mapping are written in: that of the layout, but for anchors and aliases. Invariant:
 * entries that speak of the same anchor, one of which sets it, stay in the author's order; so each alias finds the
 * anchor that it found before, even one that is set several times.
 */
import { isAlias, type Node, visit } from 'yaml';
import type { Path } from '../words.ts';
import { keyRank } from './layout.ts';

/** Known keys in their order, then unknown ones in theirs; each behind what it must not come before. */
export function inOrder<T>(
  entries: readonly T[],
  path: Path,
  keyOf: (entry: T) => string,
  nodesOf: (entry: T) => readonly (Node | null | undefined)[],
): readonly T[] {
  const rank = keyRank(path);
  if (rank === undefined) return entries;
  const ranks = entries.map((entry) => rank(keyOf(entry)));
  const byRank = entries.map((_, index) => index).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  if (byRank.every((index, position) => index === position)) return entries;
  return drawn(byRank, earlier(entries.map(nodesOf))).map((index) => entries[index] as T);
}

/** In that order, but each after the ones that it needs before it. `needs` point to smaller indexes only. */
function drawn(order: readonly number[], needs: readonly ReadonlySet<number>[]): number[] {
  const out = new Set<number>();
  const position = new Map(order.map((index, at) => [index, at]));
  const sorted = needs.map((few) =>
    [...few].sort((a, b) => Number(position.get(a)) - Number(position.get(b))),
  );
  for (const wanted of order) {
    const stack = [wanted];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = sorted[top]?.find((index) => !out.has(index));
      if (next !== undefined) stack.push(next);
      else out.add(stack.pop() as number);
    }
  }
  return [...out];
}

/** For each entry, the earlier ones that must stay before it. */
function earlier(entries: readonly (readonly (Node | null | undefined)[])[]): Set<number>[] {
  const anchors = new Map<string, { setter: number | undefined; users: number[] }>();
  return entries.map((nodes, index) => {
    const before = new Set<number>();
    for (const [name, isSet] of mentioned(nodes)) {
      const known = anchors.get(name) ?? { setter: undefined, users: [] };
      if (known.setter !== undefined) before.add(known.setter);
      if (isSet) for (const user of known.users) before.add(user);
      if (isSet) anchors.set(name, { setter: index, users: [] });
      else anchors.set(name, { setter: known.setter, users: known.users.concat(index) });
    }
    return before;
  });
}

/** The anchors that the nodes speak of, and whether they set them. */
function mentioned(nodes: readonly (Node | null | undefined)[]): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const node of nodes) {
    if (node == null) continue;
    visit(node, {
      Node(_, inner) {
        const { anchor } = inner as { anchor?: string };
        if (isAlias(inner)) names.set(inner.source, names.get(inner.source) ?? false);
        else if (anchor !== undefined) names.set(anchor, true);
      },
    });
  }
  return names;
}
