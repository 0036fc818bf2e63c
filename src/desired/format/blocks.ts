/**
 * The `yaml` package's nodes → blocks: what is written over several lines, with room for the comments that belong
 * there. What fits on one line is a leaf. Invariant: entries stand in the order of the source.
 */
import { isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { partitionPoint } from '../../model/partition-point.ts';
import type { Span } from '../source.ts';
import type { Path } from '../words.ts';
import { asNode, inlineText, keyName, keyText } from './inline.ts';
import { STEP, WIDEST } from './layout.ts';
import type { TextPlaces } from './text-places.ts';

/** A comment on a line of its own. */
export interface Remark {
  readonly text: string;
  /** Whether a blank line is before it. */
  readonly isSpaced: boolean;
}

export interface Leaf {
  readonly kind: 'leaf';
  readonly node: Node | null;
}

export interface Block {
  readonly kind: 'block';
  readonly node: YAMLMap | YAMLSeq;
  readonly path: Path;
  readonly entries: Entry[];
  /** Comments behind the last entry. */
  readonly tail: Remark[];
  /** Of its first entry in the source. */
  readonly column: number;
  /** Where it is in the source, if it was flow there. */
  readonly flow: Span | undefined;
  /** undefined: the root. */
  readonly holder: Entry | undefined;
}

export interface Entry {
  readonly block: Block;
  /** undefined: an item of a list. */
  readonly key: Node | null | undefined;
  readonly path: Path;
  readonly span: Span;
  readonly column: number;
  value: Leaf | Block;
  /** Whether a blank line is before it (behind the comments before it). */
  isSpaced: boolean;
  readonly before: Remark[];
  trailing: string | undefined;
  /** Comments where the value of an empty entry would stand. */
  readonly after: Remark[];
}

export interface Source {
  readonly places: TextPlaces;
  /** Where comments begin, ascending. */
  readonly comments: readonly number[];
}

export function rootBlock(root: YAMLMap, source: Source): Block {
  return new Building(source).block(root, [], 0, undefined);
}

class Building {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  /** `indent`: of its entries, as they will be written. */
  block(node: YAMLMap | YAMLSeq, path: Path, indent: number, holder: Entry | undefined): Block {
    const [start, end] = node.range as [number, number, number];
    const entries: Entry[] = [];
    const starts = isMap(node) ? node.items.map(pairStart) : itemStarts(node);
    const first = starts[0] ?? start;
    const column = this.#source.places.column(first);
    const flow = node.flow === true ? { start, end } : undefined;
    const block: Block = { kind: 'block', node, path, entries, tail: [], column, flow, holder };
    for (const [index, item] of node.items.entries()) {
      const key = isMap(node) ? ((item as Pair).key as Node | null) : undefined;
      const value = asNode(isMap(node) ? (item as Pair).value : item);
      const step = isMap(node) ? keyName(key) : index;
      entries.push(this.#entry(block, key, value, [...path, step], starts[index] ?? start, indent));
    }
    return block;
  }

  #entry(
    block: Block,
    key: Node | null | undefined,
    value: Node | null,
    path: Path,
    start: number,
    indent: number,
  ): Entry {
    const { places } = this.#source;
    const end = value?.range?.[1] ?? key?.range?.[1] ?? start;
    if (isScalar(value) && value.type?.startsWith('BLOCK') === true) {
      places.addBlockScalar({ start, end }, /\n\n$/.test(String(value.value)));
    }
    const entry: Entry = {
      block,
      key,
      path,
      span: { start, end },
      column: places.column(start),
      value: { kind: 'leaf', node: value },
      isSpaced: places.isBlankBefore(start),
      before: [],
      trailing: undefined,
      after: [],
    };
    const head = indent + (key === undefined ? 1 : keyText(key, 'block').length) + 1;
    if (isCollection(value) && !this.#isInline(value as YAMLMap | YAMLSeq, path, head)) {
      entry.value = this.block(value as YAMLMap | YAMLSeq, path, indent + STEP, entry);
    }
    return entry;
  }

  /** Flow stays flow where it has room and holds no comment. */
  #isInline(node: YAMLMap | YAMLSeq, path: Path, head: number): boolean {
    if (node.items.length === 0) return true;
    if (node.flow !== true || this.#hasComment(node)) return false;
    return head + inlineText(node, path, 'block').length <= WIDEST;
  }

  #hasComment(node: Node): boolean {
    const [start, end] = node.range as [number, number, number];
    const { comments } = this.#source;
    return (comments[partitionPoint(comments, (one) => one <= start)] ?? end) < end;
  }
}

function pairStart(pair: Pair): number {
  const token = pair.srcToken?.start.find((one) => ['anchor', 'tag', 'explicit-key-ind'].includes(one.type));
  const key = pair.key as Node | null;
  return token?.offset ?? key?.range?.[0] ?? 0;
}

function itemStarts(seq: YAMLSeq): number[] {
  const token = seq.srcToken;
  if (token?.type !== 'block-seq') {
    return seq.items.map((item) => (item as Node | null)?.range?.[0] ?? 0);
  }
  return token.items.flatMap(({ start }) => {
    const dash = start.find((one) => one.type === 'seq-item-ind');
    return dash === undefined ? [] : [dash.offset];
  });
}
