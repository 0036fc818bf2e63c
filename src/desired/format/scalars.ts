/**
 * How one value is written. A string loses its quotes where YAML 1.2 (its core schema) and 1.1 read it back as the
 * same string, otherwise double ones; a value without quotes is not quoted. Anything else keeps
 * the text that it was written with. Block scalars stay what they are.
 */
import { isAlias, type Node, type Scalar } from 'yaml';
import { plainNode } from '../scalar.ts';
import type { Path } from '../words.ts';
import { isQuotedId, STEP } from './layout.ts';
import { isAmbiguousIn11 } from './yaml-1-1.ts';

/** Control characters, line separators, a byte order mark inside, half a pair: never bare. */
const NOT_BARE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]/u;
const INDICATOR_FIRST = /^[,[\]{}#&*!|>'"%@`]|^[-?:](?:[\s,[\]{}]|$)|^(?:---|\.\.\.)/;
const ENDS_BARE = /:(?:\s|$)|\s#/;
const FLOW_ENDS_BARE = /[,[\]{}]/;

export type Context = 'block' | 'flow';

/** Whether YAML 1.2 reads the string back where it is without quotes. */
function isBare(text: string, context: Context): boolean {
  if (text === '' || text.trim() !== text || NOT_BARE.test(text)) return false;
  if (INDICATOR_FIRST.test(text) || ENDS_BARE.test(text)) return false;
  if (context === 'flow' && FLOW_ENDS_BARE.test(text)) return false;
  return typeof plainNode(text, 0, 0).value === 'string';
}

/** `isPlain`: it was written without quotes, so they are not missing. */
function stringText(text: string, context: Context, isPlain: boolean): string {
  const isKept = !isPlain && isAmbiguousIn11(text);
  return isBare(text, context) && !isKept ? text : doubleQuoted(text);
}

/** JSON's escapes are YAML's; what JSON leaves bare and no reader can see is escaped as well. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The text of a scalar on one line; empty where nothing is. `isKey`: a key is known by its text alone. */
export function scalarText(node: Scalar, path: Path, context: Context, isKey = false): string {
  const text = String(node.value);
  if (node.type !== 'PLAIN') return stringText(text, context, false);
  if (text === '') return '';
  if (typeof plainNode(text, 0, 0).value === 'string') return stringText(text, context, true);
  // An alias may carry an anchored integer to a place where it must stay one.
  const isId = !isKey && node.anchor === undefined && isQuotedId(path, text);
  return isId ? doubleQuoted(text) : text;
}

/** `&name `, or nothing. */
export function anchorText(node: Node | null): string {
  if (node === null || isAlias(node)) return '';
  const { anchor } = node as { anchor?: string };
  return anchor === undefined ? '' : `&${anchor}`;
}

export interface BlockText {
  /** `|`, `>-`, `|2+`, … */
  readonly header: string;
  /** Indented; the empty ones are empty. */
  readonly lines: readonly string[];
}

/** Blanks at both ends: of lines that are indented by a number, readers do not agree whether the last are text. */
const BLANK_ENDED = /^\n* .*\n +\n*$/s;

/** undefined: it is no block scalar, or none that is safe as one. `indent`: spaces before its lines. */
export function blockText(node: Scalar, indent: number): BlockText | undefined {
  if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return undefined;
  const value = String(node.value);
  if (value.trim() === '' || BLANK_ENDED.test(value)) return undefined;
  return (node.type === 'BLOCK_FOLDED' ? folded(node, indent) : undefined) ?? literal(value, indent);
}

function literal(value: string, indent: number): BlockText {
  const content = value.replace(/\n+$/, '');
  const breaks = value.length - content.length;
  const lines = [...content.split('\n'), ...Array<string>(Math.max(0, breaks - 1)).fill('')];
  const isExplicit = /^\n* /.test(content);
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : '+';
  return { header: `|${isExplicit ? STEP : ''}${chomping}`, lines: indented(lines, indent) };
}

/** The author's own line breaks. undefined: its lines' indentation was given by a number. */
function folded(node: Scalar, indent: number): BlockText | undefined {
  const token = node.srcToken;
  if (token?.type !== 'block-scalar') return undefined;
  const header = token.props.find((prop) => prop.type === 'block-scalar-header');
  const written = header !== undefined && 'source' in header ? header.source : '';
  if (/\d/.test(written)) return undefined;
  const lines = token.source.split('\n');
  // What follows the last line break is no line.
  lines.pop();
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const own = first.length - first.trimStart().length;
  // Blanks deeper than that are text.
  const isBlank = (line: string) => line.trim() === '' && line.length <= own;
  while (!written.includes('+') && isBlank(lines.at(-1) ?? 'none')) lines.pop();
  return {
    header: written,
    lines: indented(
      lines.map((line) => line.slice(own)),
      indent,
    ),
  };
}

function indented(lines: readonly string[], indent: number): string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`));
}
