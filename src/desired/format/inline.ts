/** A value on one line: a scalar, an alias, or a flow collection (`{ a: b }`, `[a, b]`) with all that it holds. */
import { isAlias, isMap, isPair, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from '../words.ts';
import { inKeyOrder } from './layout.ts';
import { anchorText, type Context, scalarText } from './scalars.ts';

/** What the text of a file is written by. */
export interface Style {
  /** Whether keys are put in order. */
  readonly isOrdered: boolean;
}

/** Empty where nothing stands. */
export function inlineText(node: Node | null, path: Path, context: Context, style: Style): string {
  if (node === null) return '';
  if (isAlias(node)) return `*${node.source}`;
  const text = isScalar(node)
    ? scalarText(node, path, context)
    : isMap(node)
      ? flowMap(node, path, style)
      : flowSeq(node as YAMLSeq, path, style);
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

function flowMap(map: YAMLMap, path: Path, style: Style): string {
  if (map.items.length === 0) return '{}';
  const parts = pairsOf(map, path, style).map(({ key, value }) => {
    const text = inlineText(value, [...path, keyName(key)], 'flow', style);
    // Nothing, said so: a comma or brace right behind the colon is easily overlooked.
    return `${keyText(key, 'flow')} ${text === '' ? 'null' : text}`;
  });
  return `{ ${parts.join(', ')} }`;
}

function flowSeq(seq: YAMLSeq, path: Path, style: Style): string {
  const parts = seq.items.map((item, index) => inlineText(asNode(item), [...path, index], 'flow', style));
  return `[${parts.join(', ')}]`;
}

export function pairsOf(map: YAMLMap, path: Path, style: Style): Pair<Node | null, Node | null>[] {
  const pairs = map.items as Pair<Node | null, Node | null>[];
  return style.isOrdered ? inKeyOrder(pairs, path, ({ key }) => keyName(key)) : pairs;
}

export function asNode(item: unknown): Node | null {
  if (isPair(item)) throw new TypeError('a pair stands where a value belongs');
  return (item ?? null) as Node | null;
}
