/**
 * The YAML that desired states are usually written in: block mappings and lists, one-line scalars, simple flow
 * collections, comments. It exists for speed: a file of 1,000 batches takes the `yaml` package some 200 ms from a cold
 * start, js-yaml 5.5 with positions (its `parseEvents`) 38 ms, and this 17; of 10,000 batches 124 ms and 72. It goes
 * when js-yaml takes less than half as long again. Invariant: it either reads a text exactly as the package
 * does (a property test compares the trees), or says that the text is not plain and leaves it to the package, together
 * with all explaining of errors.
 */
import { Cursor, NOT_PLAIN } from './plain-cursor.ts';
import { flowCollection } from './plain-flow.ts';
import { plainNode } from './scalar.ts';
import { type Entry, type ScalarNode, type SeqNode, type SourceNode, stringNode } from './source.ts';
import { DEEPEST, tooDeep } from './syntax.ts';

const KEY = /[A-Za-z0-9_$][\w.-]*(?: [\w.-]+)*(?=:(?:[ \n]|\r\n|$))/y;
const QUOTED_KEY = /(?:"[^"\\\n]*"|'[^'\n]*')(?=:(?:[ \n]|\r\n|$))/y;
const DASH = /- +(?![ \r\n#]|- )/y;
const SCALAR_START = /[A-Za-z0-9_$/(+~\u00a1-\ufefe]|[-.][A-Za-z0-9]/y;
const DOCUMENT_START = /---\r?\n/y;

/** undefined: not plain. Throws a `SyntaxProblem` where it nests too deep. */
export function parsePlain(text: string): SourceNode | undefined {
  try {
    return root(new Cursor(text));
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

function root(cursor: Cursor): SourceNode {
  cursor.toContent();
  if (cursor.isAtColumn(0) && cursor.match(DOCUMENT_START) !== undefined) cursor.toContent();
  if (!cursor.isAtColumn(0)) throw NOT_PLAIN;
  const node = isFlow(cursor) ? inline(cursor, -1, 0) : block(cursor, 0);
  if (!cursor.isAtColumn(-1)) throw NOT_PLAIN;
  return node;
}

function isFlow(cursor: Cursor): boolean {
  const c = cursor.text[cursor.at];
  return c === '{' || c === '[';
}

function isDash(cursor: Cursor): boolean {
  return cursor.text.startsWith('- ', cursor.at);
}

function block(cursor: Cursor, depth: number): SourceNode {
  return isDash(cursor) ? list(cursor, depth) : mapping(cursor, cursor.indent, depth);
}

/** Is at a key in the column `indent`; ends at the first content that is further left. */
function mapping(cursor: Cursor, indent: number, depth: number): SourceNode {
  if (depth >= DEEPEST) throw tooDeep(cursor.at);
  const start = cursor.at;
  const entries: Entry[] = [];
  do {
    const key = blockKey(cursor);
    if (key === undefined) throw NOT_PLAIN;
    cursor.at++;
    entries.push({ key, value: entryValue(cursor, indent, depth) });
  } while (cursor.indent === indent);
  if (cursor.indent > indent) throw NOT_PLAIN;
  return { kind: 'map', start, end: cursor.at, entries };
}

function blockKey(cursor: Cursor): ScalarNode | undefined {
  const start = cursor.at;
  const plain = cursor.match(KEY);
  if (plain !== undefined) return stringNode(plain, start, cursor.at);
  const quoted = cursor.match(QUOTED_KEY);
  return quoted === undefined ? undefined : stringNode(quoted.slice(1, -1), start, cursor.at);
}

/** Stands behind the colon. */
function entryValue(cursor: Cursor, indent: number, depth: number): SourceNode {
  const colon = cursor.at;
  cursor.skipSpaces();
  if (!cursor.isLineOver()) return inline(cursor, indent, depth + 1);
  cursor.at = colon;
  cursor.endLine();
  if (cursor.indent > indent) return block(cursor, depth + 1);
  if (cursor.indent === indent && isDash(cursor)) return list(cursor, depth + 1);
  return plainNode('', colon, colon);
}

/** A value in the line of its key or dash. */
function inline(cursor: Cursor, indent: number, depth: number): SourceNode {
  const c = cursor.text[cursor.at];
  let node: SourceNode;
  if (c === '"' || c === "'") node = cursor.quoted();
  else node = isFlow(cursor) ? flowCollection(cursor, indent, depth) : scalar(cursor);
  cursor.endLine();
  // Deeper content would continue a scalar.
  if (cursor.indent > indent) throw NOT_PLAIN;
  return node;
}

function list(cursor: Cursor, depth: number): SeqNode {
  if (depth >= DEEPEST) throw tooDeep(cursor.at);
  const { indent, at: start } = cursor;
  const items: SourceNode[] = [];
  while (cursor.indent === indent && isDash(cursor)) {
    const dash = cursor.at;
    if (cursor.match(DASH) === undefined) throw NOT_PLAIN;
    items.push(item(cursor, indent, indent + cursor.at - dash, depth + 1));
    if (cursor.indent > indent) throw NOT_PLAIN;
  }
  return { kind: 'seq', start, end: cursor.at, items };
}

/** `column`: of the item's content, where a mapping that begins behind the dash goes on. */
function item(cursor: Cursor, indent: number, column: number, depth: number): SourceNode {
  const start = cursor.at;
  const isEntry = blockKey(cursor) !== undefined;
  cursor.at = start;
  return isEntry ? mapping(cursor, column, depth) : inline(cursor, indent, depth);
}

/** A scalar without quotes that ends with its line, or with a comment. */
function scalar(cursor: Cursor): ScalarNode {
  const start = cursor.at;
  if (cursor.match(SCALAR_START) === undefined) throw NOT_PLAIN;
  const lineFeed = cursor.text.indexOf('\n', start);
  const line = cursor.text.slice(start, lineFeed === -1 ? cursor.text.length : lineFeed);
  const comment = line.indexOf(' #');
  let length = comment === -1 ? line.length : comment;
  while (line[length - 1] === ' ' || line[length - 1] === '\r') length--;
  const text = line.slice(0, length);
  if (text.includes(': ') || text.endsWith(':') || text.includes('\t')) throw NOT_PLAIN;
  cursor.at = start + length;
  return plainNode(text, start, cursor.at);
}
