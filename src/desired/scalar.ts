/** What a plain (unquoted) YAML scalar means, by the core schema of YAML 1.2; the same for both YAML parsers. */
import type { ScalarNode } from './source.ts';

const SPECIAL = /^[-+.~0-9nNtTfF]/;
const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const WORDS: ReadonlyMap<string, number | boolean | null> = new Map<string, number | boolean | null>([
  ['', null],
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((w) => [w, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** Digits beyond a double are rounded in `value` only: `text` keeps them. */
export function plainNode(text: string, start: number, end: number): ScalarNode {
  return { kind: 'scalar', start, end, text, value: plainValue(text) };
}

function plainValue(text: string): string | number | boolean | null {
  if (text !== '' && !SPECIAL.test(text)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return INTEGER.test(text) || FLOAT.test(text) ? Number(text) : text;
}
