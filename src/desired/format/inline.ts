/** A value on one line: a scalar, an alias, or a flow collection (`{ a: b }`, `[a, b]`) with all that it holds. */
import { isAlias, isMap, isPair, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from '../words.ts';
import { inOrder } from './order.ts';
import { anchorText, type Context, scalarText } from './scalars.ts';

/** Empty where nothing is. */
export function inlineText(node: Node | null, path: Path, context: Context): string {
  if (node === null) return '';
  if (isAlias(node)) return `*${node.source}`;
  const text = isScalar(node)
    ? scalarText(node, path, context)
    : isMap(node)
      ? flowMap(node, path)
      : flowSeq(node as YAMLSeq, path);
  return [anchorText(node), text].filter((part) => part !== '').join(' ');
}

/** A key with its colon. */
export function keyText(key: Node | null, context: Context): string {
  // The colon would belong to the alias's name.
  if (isAlias(key)) return `*${key.source} :`;
  if (!isScalar(key)) return ':';
  const anchor = anchorText(key);
  return `${anchor === '' ? '' : `${anchor} `}${scalarText(key, [], context, true)}:`;
}

/** What a key is known by. */
export function keyName(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function flowMap(map: YAMLMap, path: Path): string {
  if (map.items.length === 0) return '{}';
  const parts = pairsOf(map, path).map(({ key, value }) => {
    const text = inlineText(value, [...path, keyName(key)], 'flow');
    // Nothing, said so: a comma or brace right behind the colon is easily overlooked.
    return `${keyText(key, 'flow')} ${text === '' ? 'null' : text}`;
  });
  return `{ ${parts.join(', ')} }`;
}

function flowSeq(seq: YAMLSeq, path: Path): string {
  const parts = seq.items.map((item, index) => inlineText(asNode(item), [...path, index], 'flow'));
  return `[${parts.join(', ')}]`;
}

function pairsOf(map: YAMLMap, path: Path): readonly Pair<Node | null, Node | null>[] {
  const pairs = map.items as Pair<Node | null, Node | null>[];
  return inOrder(
    pairs,
    path,
    ({ key }) => keyName(key),
    ({ key, value }) => [key, value],
  );
}

export function asNode(item: unknown): Node | null {
  if (isPair(item)) throw new TypeError('a pair stands where a value belongs');
  return (item ?? null) as Node | null;
}
