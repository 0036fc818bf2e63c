/**
 * Keys of the root that say nothing of what is desired: `$schema`, which an editor reads, and `x-…`, where anchors have
 * room. Invariant: they end here; no step after the parsing sees one, so that none can find a fault in it.
 */
import type { MapNode } from './source.ts';

export function isAside(key: string): boolean {
  return key === '$schema' || key.startsWith('x-');
}

export function withoutAsides(root: MapNode): MapNode {
  return { ...root, entries: root.entries.filter(({ key }) => !isAside(key.text)) };
}
