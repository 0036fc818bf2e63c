/**
 * A file as it was read: its text, and the tree of its content. Three parsers make such trees (JSON, plain
 * YAML, all of YAML), and nothing after them knows which. Invariant: each node knows its place in the text, and a
 * number keeps the digits that it was written with.
 */

import type { SourcePlace, SourceRange } from '../model/errors.ts';
import { partitionPoint } from '../model/partition-point.ts';
import { nearest } from '../model/suggest.ts';
import { masked } from './masked.ts';

/** Offsets into the text, in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  /** A string's value; of anything else its text as written. Variables are put in here. */
  text: string;
  value: string | number | boolean | null;
  /** The variable that the whole value came from: its name, and who gave the value (`--var`, `fleetform.yaml:3:9`). */
  variable?: { readonly name: string; readonly from: string };
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: SourceNode;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly entries: Entry[];
}

export interface SeqNode extends Span {
  readonly kind: 'seq';
  readonly items: SourceNode[];
}

export type SourceNode = ScalarNode | MapNode | SeqNode;

export function stringNode(text: string, start: number, end: number): ScalarNode {
  return { kind: 'scalar', start, end, text, value: text };
}

/** The entry of that key; the first one, if it is there twice. */
export function entryOf(node: SourceNode | undefined, key: string): Entry | undefined {
  if (node?.kind !== 'map') return undefined;
  for (const entry of node.entries) if (entry.key.text === key) return entry;
  return undefined;
}

/** Is that key there, or misspelt, or may a merge key bring it? The last two are told elsewhere. */
export function isMeant(node: MapNode, key: string, known: readonly string[]): boolean {
  return node.entries.some((entry) => entry.key.text === '<<' || nearest(entry.key.text, known) === key);
}

const SNIPPET = 160;
/** Characters beside a snippet that are looked at. */
const AROUND = 2000;
/** Where the marked column is in a snippet that was cut on its left (such a snippet begins with `…`). */
export const CUT_SNIPPET_COLUMN = 81;

/** Where a value of the caller's object begins in the text that was made of it: a JSON pointer. */
export interface Pointer {
  readonly start: number;
  readonly pointer: string;
}

/** Number, start and end (without its break) of a line. */
type Line = readonly [number, number, number];

export class SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As messages name it: relative to the folder that the command runs in. */
  readonly name: string;
  readonly text: string;
  readonly #pointers: readonly Pointer[] | null;
  #lineStarts: number[] | undefined;

  /** `pointers`: in the order of the text; null: it is the text of a file. */
  constructor(path: string, name: string, text: string, pointers: readonly Pointer[] | null = null) {
    this.path = path;
    this.name = name;
    this.text = text;
    this.#pointers = pointers;
  }

  /** The JSON pointer of what is there; undefined: this is the text of a file. */
  pointer(span: Span): string | undefined {
    if (this.#pointers === null) return undefined;
    return this.#pointers[partitionPoint(this.#pointers, ({ start }) => start <= span.start) - 1]?.pointer;
  }

  /** The place of a span; of one that goes over several lines, the part on its first line. */
  range(span: Span): SourceRange {
    return this.#range(span, this.#lineAt(span.start));
  }

  #range(span: Span, [line, lineStart, lineEnd]: Line): SourceRange {
    const end = Math.max(Math.min(span.end, lineEnd), span.start);
    const column = span.start - lineStart + 1;
    return {
      file: this.name,
      line,
      column,
      endLine: line,
      endColumn: Math.max(end - lineStart + 1, column + 1),
    };
  }

  /**
   * The line that the span starts in, at most 160 characters of it. If its left part had to go, it begins with
   * `…` and the span's first character is in column `CUT_SNIPPET_COLUMN`. Without credentials.
   */
  snippet(span: Span): string {
    return this.#snippet(span, this.#lineAt(span.start));
  }

  #snippet(span: Span, [, lineStart, lineEnd]: Line): string {
    const length = lineEnd - lineStart;
    const part = (from: number, to: number) => this.#masked(lineStart, lineEnd, from, to);
    if (length <= SNIPPET) return part(0, length);
    const index = span.start - lineStart;
    if (index < SNIPPET - 40) return `${part(0, SNIPPET - 1)}…`;
    const from = index - CUT_SNIPPET_COLUMN + 2;
    const rest = part(from, Math.min(from + SNIPPET - 2, length));
    return `…${rest}${from + SNIPPET - 2 < length ? '…' : ''}`;
  }

  /** Part of a line; what tells that something in it is a credential may stand in front of it, or behind. */
  #masked(lineStart: number, lineEnd: number, from: number, to: number): string {
    const start = Math.max(lineStart, lineStart + from - AROUND);
    const text = masked(this.text.slice(start, Math.min(lineEnd, lineStart + to + AROUND)));
    return text.slice(lineStart + from - start, lineStart + to - start);
  }

  at(span: Span): SourcePlace {
    const line = this.#lineAt(span.start);
    return { range: this.#range(span, line), snippet: this.#snippet(span, line) };
  }

  /** `fleetform.yaml:12:3`; of an object `name#/batches/hotfix`. */
  place(span: Span): string {
    const pointer = this.pointer(span);
    if (pointer !== undefined) return `${this.name}#${pointer}`;
    const { line, column } = this.range(span);
    return `${this.name}:${line}:${column}`;
  }

  #lineAt(offset: number): Line {
    const starts = this.#starts();
    const line = partitionPoint(starts, (start) => start <= offset);
    const start = starts[line - 1] as number;
    let end = line < starts.length ? (starts[line] as number) - 1 : this.text.length;
    if (end > start && this.text.charCodeAt(end - 1) === 13) end--;
    return [line, start, end];
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let i = this.text.indexOf('\n'); i !== -1; i = this.text.indexOf('\n', i + 1)) starts.push(i + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}
