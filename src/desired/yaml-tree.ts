/**
 * The `yaml` package's nodes → our tree. Aliases become copies of what they stand for, within bounds; tags and keys
 * that are no text are refused.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { quoted } from './quote.ts';
import { plainNode } from './scalar.ts';
import { type Entry, type ScalarNode, type SourceNode, stringNode } from './source.ts';
import { DEEPEST, SyntaxProblem, tooDeep } from './syntax.ts';
import { quoteHint } from './yaml-signs.ts';

/** What aliases may add to the tree, in nodes: far more than a file needs, far less than a bomb makes. */
const MOST_ALIASED = 10_000;

/** Throws a `SyntaxProblem` where the tree gets too deep or too large. */
export function yamlTree(contents: Node, text: string): { root: SourceNode; problems: SyntaxProblem[] } {
  const conversion = new Conversion(text);
  return { root: conversion.node(contents, 0), problems: conversion.problems };
}

class Conversion {
  readonly problems: SyntaxProblem[] = [];
  readonly #text: string;
  readonly #anchors = new Map<string, Node>();
  /** What each alias stands for, wherever it is copied to: an anchor's name may come again. */
  readonly #targets = new Map<Alias, Node>();
  /** Collections that are being converted: an alias to one of them would have no end. */
  readonly #open = new Set<Node>();
  #aliased = 0;
  /** The outermost alias that is being copied. */
  #outermost: SyntaxProblem | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  node(node: Node, depth: number): SourceNode {
    const [start, end] = node.range as [number, number, number];
    if (this.#outermost !== undefined && ++this.#aliased > MOST_ALIASED) throw this.#outermost;
    if (isAlias(node)) return this.#alias(node, start, end, depth);
    if (node.tag !== undefined) this.#refuseTag(node.tag, start, end);
    const isCopy = this.#outermost !== undefined;
    if (!isCopy && (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
    if (isScalar(node)) return scalar(node, start, end);
    if (depth >= DEEPEST) throw tooDeep(start);
    this.#open.add(node);
    const collection: SourceNode = isMap(node)
      ? { kind: 'map', start, end, entries: this.#entries(node, depth + 1) }
      : { kind: 'seq', start, end, items: isSeq(node) ? this.#items(node.items as Node[], depth + 1) : [] };
    this.#open.delete(node);
    return collection;
  }

  #items(items: readonly Node[], depth: number): SourceNode[] {
    return items.map((item) => this.node(item, depth));
  }

  #entries(map: YAMLMap, depth: number): Entry[] {
    const entries: Entry[] = [];
    for (const pair of map.items) {
      const key = this.#key(this.node(pair.key as Node, depth));
      const value = pair.value as Node | null;
      entries.push({
        key,
        value: value === null ? plainNode('', key.end, key.end) : this.node(value, depth),
      });
    }
    return entries;
  }

  /** Any scalar is a key by its text: `12:` and `"12":` are the same. */
  #key(node: SourceNode): ScalarNode {
    if (node.kind === 'scalar') return stringNode(node.text, node.start, node.end);
    const hint = `A text that begins with { or [ must be in quotes; a variable is written \${var.NAME}.`;
    return this.#refused(node.start, node.end, 'a key must be a text, not a mapping or a list', hint);
  }

  #alias(node: Alias, start: number, end: number, depth: number): SourceNode {
    const target = this.#targets.get(node) ?? this.#anchors.get(node.source);
    const alias = quoted(`*${node.source}`);
    if (target === undefined) {
      const message = `the alias ${alias} has no anchor before it`;
      return this.#refused(
        start,
        end,
        message,
        quoteHint(this.#text, start, 'If it is a text, put it in quotes'),
      );
    }
    if (this.#open.has(target)) {
      return this.#refused(start, end, `the alias ${alias} is inside its own anchor`, 'Write the value out.');
    }
    this.#targets.set(node, target);
    const isOutermost = this.#outermost === undefined;
    if (isOutermost) {
      const message = `the aliases up to here stand for more than ${MOST_ALIASED.toLocaleString('en')} values`;
      this.#outermost = new SyntaxProblem({ start, end }, message, 'Write the values out.');
    }
    const copy = this.node(target, depth);
    if (isOutermost) this.#outermost = undefined;
    return copy;
  }

  /** A stand-in for what was refused; the problem is its own, so that nothing else is told about it. */
  #refused(start: number, end: number, message: string, hint?: string): ScalarNode {
    const node = stringNode('', start, end);
    this.problems.push(new SyntaxProblem(node, message, hint));
    return node;
  }

  #refuseTag(tag: string, start: number, end: number): void {
    const name = tag.replace('tag:yaml.org,2002:', '!!');
    const at = this.#text.lastIndexOf('!', start);
    const isBefore = at !== -1 && !this.#text.slice(at, start).includes('\n');
    const from = isBefore ? (this.#text[at - 1] === '!' ? at - 1 : at) : start;
    const hint = 'Write the value without a tag; quotes make a string of it.';
    this.problems.push(
      new SyntaxProblem(
        { start: from, end },
        `the tag ${quoted(name)} is not allowed; tags are not supported`,
        hint,
      ),
    );
  }
}

function scalar(node: Scalar, start: number, end: number): ScalarNode {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
  return node.type === 'PLAIN' ? plainNode(text, start, end) : stringNode(text, start, end);
}
