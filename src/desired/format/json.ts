/** JSON in its one layout: two spaces, one entry a line, keys in the author's order, every literal as written. */
import type { SourceNode } from '../source.ts';
import { STEP } from './layout.ts';

/** `text`: what the tree was read from. */
export function formatJson(root: SourceNode, text: string): string {
  return `${lines(root, text, 0)}\n`;
}

function lines(node: SourceNode, text: string, indent: number): string {
  const literal = (one: SourceNode) => text.slice(one.start, one.end);
  if (node.kind === 'scalar') return literal(node);
  const inner = indent + STEP;
  const isMap = node.kind === 'map';
  const parts = isMap
    ? node.entries.map(({ key, value }) => `${literal(key)}: ${lines(value, text, inner)}`)
    : node.items.map((item) => lines(item, text, inner));
  const [open, close] = isMap ? ['{', '}'] : ['[', ']'];
  if (parts.length === 0) return `${open}${close}`;
  const body = parts.map((part) => `${' '.repeat(inner)}${part}`).join(',\n');
  return `${open}\n${body}\n${' '.repeat(indent)}${close}`;
}
