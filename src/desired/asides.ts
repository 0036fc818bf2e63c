/**
 * Keys of the root that say nothing of what is desired: `$schema`, which an editor reads, and `x-…`, where anchors have
 * room. Invariant: they end here; no step after parsing sees them, so none can report an error in them.
 */
import type { MapNode } from './source.ts';

export function isAside(key: string): boolean {
  return key === '$schema' || key.startsWith('x-');
}

export function withoutAsides(root: MapNode): MapNode {
  return { ...root, entries: root.entries.filter(({ key }) => !isAside(key.text)) };
}
