/**
 * A text that was written without quotes and begins with a sign of YAML's own, as `cron: * 4 * * *` does. What the
 * parser says of it then is about the sign (an alias, an anchor, …), wherever it notices; what helps is quotes, where
 * the value begins.
 */
import { shown } from './quote.ts';
import type { Span } from './source.ts';
import { SyntaxProblem } from './syntax.ts';

/** What a plain value cannot begin with. */
const SIGNS = '*&!|>%@`}],?:';

/** What stands before the value of a line, and before one inside { } or [ ]. */
const BEFORE_VALUE = /^[ \t]*(?:-[ \t]+)*(?:(?:"[^"]*"|'[^']*'|[^\s:"'{[][^:]*):[ \t]+)?/;
const IN_FLOW = /(?<=[:?][ \t]+|[{[,][ \t]*)[^ \t{[]/g;

/** The problem, where the value in which the parser stumbled at `at` begins with such a sign. */
export function signProblem(text: string, at: number): SyntaxProblem | undefined {
  const start = beginning(text, at);
  if (start === undefined) return undefined;
  const sign = text[start] as string;
  const message = `a value cannot begin with "${sign}" unless it is quoted${MEANINGS[sign] ?? ''}`;
  return new SyntaxProblem(spanAt(text, start), message, quoteHint(text, start));
}

const MEANINGS: Readonly<Record<string, string>> = {
  '*': ': to YAML that is an alias',
  '&': ': to YAML that is an anchor',
  '!': ': to YAML that is a tag',
  '|': ': to YAML that begins a text of several lines',
  '>': ': to YAML that begins a text of several lines',
};

/** With the value, where it can be shown as it is to be written. */
export function quoteHint(text: string, start: number, put = 'Put the value in quotes'): string {
  const { end } = spanAt(text, start);
  const value = text.slice(start, end);
  const isPlain = value !== '' && !/["\\]/.test(value) && shown(value) === value;
  return isPlain ? `${put}: "${value}".` : `${put}.`;
}

function beginning(text: string, at: number): number | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart, Math.min(lineEndOf(text, at), at + 1));
  const first = BEFORE_VALUE.exec(line)?.[0].length ?? 0;
  const isFlow = '{['.includes(line[first] ?? ' ');
  const index = isFlow ? [...line.matchAll(IN_FLOW)].at(-1)?.index : first;
  return index === undefined || !SIGNS.includes(line[index] ?? ' ') ? undefined : lineStart + index;
}

/** To the end of the line, to a comment, or to what ends it inside { } or [ ]. */
function spanAt(text: string, start: number): Span {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = /[{[]/.test(before) ? /[ \t]*(?:,(?=[ \t])|[}\]]|[ \t]#|$)/ : /[ \t]*(?:[ \t]#|,?[ \t]*$)/;
  const rest = text.slice(start, lineEndOf(text, start));
  return { start, end: start + Math.max(1, end.exec(rest)?.index ?? rest.length) };
}

function lineEndOf(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const line = end === -1 ? text.length : end;
  return text[line - 1] === '\r' && line > at ? line - 1 : line;
}
