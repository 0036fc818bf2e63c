/** Whether two trees say the same: what a formatter may not change. */
import type { MapNode, ScalarNode, SourceNode } from '../source.ts';
import type { Path } from '../words.ts';
import { hasKeyOrder, isQuotedId } from './layout.ts';

/** `path`: the place of both in the file. An id with quotes is the same id. */
export function isSame(before: SourceNode, after: SourceNode, path: Path = []): boolean {
  if (before.kind === 'map') return after.kind === 'map' && isSameMap(before, after, path);
  if (before.kind === 'seq') {
    if (after.kind !== 'seq' || before.items.length !== after.items.length) return false;
    return before.items.every((item, index) =>
      isSame(item, after.items[index] as SourceNode, [...path, index]),
    );
  }
  return after.kind === 'scalar' && isSameScalar(before, after, path);
}

function isSameMap(before: MapNode, after: MapNode, path: Path): boolean {
  if (before.entries.length !== after.entries.length) return false;
  const others = new Map(after.entries.map((entry) => [entry.key.text, entry]));
  return before.entries.every(({ key, value }, index) => {
    const other = hasKeyOrder(path) ? others.get(key.text) : after.entries[index];
    return other?.key.text === key.text && isSame(value, other.value, [...path, key.text]);
  });
}

function isSameScalar(before: ScalarNode, after: ScalarNode, path: Path): boolean {
  if (before.value === null) return after.value === null;
  if (before.text !== after.text) return false;
  if (typeof before.value === typeof after.value) return true;
  return typeof after.value === 'string' && isQuotedId(path, before.text);
}
