/** Flow style (`{ fleet: eu }`, `["1", "2"]`, JSON) of plain YAML; it may go over several lines. */
import { type Cursor, NOT_PLAIN } from './plain-cursor.ts';
import { plainNode } from './scalar.ts';
import { type Entry, type ScalarNode, type SourceNode, stringNode } from './source.ts';
import { DEEPEST, tooDeep } from './syntax.ts';

const KEY = /[A-Za-z0-9_][\w.-]*(?=:[ \r\n])/y;
const SCALAR =
  /(?:[A-Za-z0-9_$/+~]|[-.](?=[A-Za-z0-9]))(?:[^\s,[\]{}:#"'\\&*!|>%@`]|:(?=[^\s,[\]{}])| +(?=[^\s,[\]{}:#"'\\&*!|>%@`]))*/y;

/** `indent`: of the block around it; the lines of the collection must stand deeper. */
export function flowCollection(cursor: Cursor, indent: number, depth: number): SourceNode {
  const start = cursor.at;
  if (depth >= DEEPEST) throw tooDeep(start);
  const isMap = cursor.text[start] === '{';
  const close = isMap ? '}' : ']';
  const entries: Entry[] = [];
  const items: SourceNode[] = [];
  cursor.at++;
  skipSpace(cursor, indent);
  while (cursor.text[cursor.at] !== close) {
    if (isMap) entries.push(entry(cursor, indent, depth));
    else items.push(value(cursor, indent, depth));
    skipSpace(cursor, indent);
    if (cursor.text[cursor.at] === ',') {
      cursor.at++;
      skipSpace(cursor, indent);
    } else if (cursor.text[cursor.at] !== close) throw NOT_PLAIN;
  }
  const end = ++cursor.at;
  return isMap ? { kind: 'map', start, end, entries } : { kind: 'seq', start, end, items };
}

function entry(cursor: Cursor, indent: number, depth: number): Entry {
  const key = flowKey(cursor);
  if (cursor.text[cursor.at] !== ':') throw NOT_PLAIN;
  cursor.at++;
  skipSpace(cursor, indent);
  return { key, value: value(cursor, indent, depth) };
}

function flowKey(cursor: Cursor): ScalarNode {
  const start = cursor.at;
  const c = cursor.text[start];
  if (c === '"' || c === "'") return cursor.quoted();
  const found = cursor.match(KEY);
  if (found === undefined) throw NOT_PLAIN;
  return stringNode(found, start, cursor.at);
}

function value(cursor: Cursor, indent: number, depth: number): SourceNode {
  const start = cursor.at;
  const c = cursor.text[start];
  if (c === '{' || c === '[') return flowCollection(cursor, indent, depth + 1);
  if (c === '"' || c === "'") return cursor.quoted();
  const found = cursor.match(SCALAR);
  if (found === undefined) throw NOT_PLAIN;
  return plainNode(found, start, cursor.at);
}

/** Spaces, comments and line breaks. */
function skipSpace(cursor: Cursor, indent: number): void {
  cursor.skipSpaces();
  if (!cursor.isLineOver()) return;
  const isGlued = cursor.text[cursor.at] === '#' && cursor.text[cursor.at - 1] !== ' ';
  if (isGlued) throw NOT_PLAIN;
  cursor.endLine();
  if (cursor.indent <= indent) throw NOT_PLAIN;
}
