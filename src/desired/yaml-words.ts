/** The `yaml` package's errors in our words, at the place that a person has to look at. */
import type { YAMLParseError } from 'yaml';
import { quoted, shown } from './quote.ts';
import { SyntaxProblem } from './syntax.ts';
import { quoteHint, signProblem } from './yaml-signs.ts';

/** Wrong in itself: what follows it can still be read. */
const LOCAL: ReadonlySet<string> = new Set([
  'BAD_DQ_ESCAPE',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
]);

/** A quoted string that goes over several lines: often one whose closing quote was forgotten. */
export interface LongString {
  readonly start: number;
  readonly end: number;
}

/** One problem per mistake, in the order of the text; after a broken structure the rest would be noise. */
export function yamlProblems(
  errors: readonly YAMLParseError[],
  text: string,
  longStrings: readonly LongString[],
): SyntaxProblem[] {
  const sorted = [...errors].sort((a, b) => a.pos[0] - b.pos[0] || rank(a) - rank(b));
  const broken = sorted.findIndex((error) => !LOCAL.has(error.code));
  const told = broken === -1 ? sorted : sorted.slice(0, broken + 1);
  return told.slice(0, 20).map((error) => unclosed(error, text, longStrings) ?? inOurWords(error, text));
}

/** Of two errors at one place, the one that tells more goes first. */
function rank(error: YAMLParseError): number {
  return error.code === 'MULTILINE_IMPLICIT_KEY' ? 0 : 1;
}

function unclosed(
  error: YAMLParseError,
  text: string,
  longStrings: readonly LongString[],
): SyntaxProblem | undefined {
  const at = error.pos[0];
  const begun = longStrings.findLast(({ start, end }) => {
    const lineEnd = text.indexOf('\n', end);
    return start <= at && at <= (lineEnd === -1 ? text.length : lineEnd);
  });
  if (begun === undefined || LOCAL.has(error.code)) return undefined;
  const hint = `Close it with ${text[begun.start]} on the same line.`;
  return new SyntaxProblem(
    { start: begun.start, end: begun.end },
    'the string that begins here is not closed on its line',
    hint,
  );
}

function inOurWords(error: YAMLParseError, text: string): SyntaxProblem {
  const [from, end] = error.pos;
  const start = error.code === 'BAD_INDENT' ? afterSpaces(text, from) : from;
  const at = (message: string, hint?: string) =>
    new SyntaxProblem({ start, end: Math.max(end, start + 1) }, message, hint ?? variableHint(text, start));
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return at('there is a tab in the indentation; YAML allows spaces only', 'Indent with spaces.');
    case 'MULTILINE_IMPLICIT_KEY':
      return joinedLines(text, start, end);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return (
        signProblem(text, start) ??
        at('a mapping cannot begin inside a value', 'Quote a text that has ": " in it, or begin a new line.')
      );
    case 'BAD_INDENT':
      if (error.message.startsWith('Flow')) {
        const open = error.message.includes('map') ? '{ … }' : '[ … ]';
        return at(
          `the ${open} before this line is not closed, or this line is not indented deeper than its key`,
          `Close it with ${open.at(-1)}; if it is a text, put it in quotes.`,
        );
      }
      return at(
        `the indentation does not fit: ${lower(error.message)}`,
        'Indent all entries of a block equally.',
      );
    case 'BAD_DQ_ESCAPE':
      return at(
        `${quoted(text.slice(start - 1, start + 1))} is not an escape`,
        'Write \\\\ for a backslash, or use single quotes.',
      );
    case 'BAD_SCALAR_START':
      return at(
        `a value cannot begin with ${quoted(text[start] ?? '')} unless it is quoted`,
        quoteHint(text, start),
      );
    case 'KEY_OVER_1024_CHARS':
      return at('a key is longer than 1,024 characters; names have at most 64');
    case 'MULTIPLE_DOCS':
      return at('a second document begins here; a file holds one', 'Put it in its own file.');
    case 'MISSING_CHAR':
      if (error.message.startsWith('Implicit map keys')) {
        return at('expected "key: value", but there is no ":" after this text', 'Write `key: value`.');
      }
      return unfitToken(error, text, at);
    default:
      return unfitToken(error, text, at);
  }
}

/** What the parser did not expect there is mostly a text that should be in quotes. */
function unfitToken(
  error: YAMLParseError,
  text: string,
  at: (message: string, hint?: string) => SyntaxProblem,
): SyntaxProblem {
  const [start] = error.pos;
  const sign = signProblem(text, start);
  if (sign !== undefined) return sign;
  if (error.message.includes('block-seq-ind')) {
    return at(
      'a list cannot begin on the line of its key',
      'Begin it on a new line, indented; if it is a text, put it in quotes.',
    );
  }
  if (/^Unexpected flow-(?:map|seq)-end/.test(error.message)) {
    return at(`this ${quoted(text[start] ?? '')} closes nothing`, 'Remove it, or put the value in quotes.');
  }
  if (/["'][ \t]*$/.test(text.slice(0, start)) && error.message.endsWith('at node end')) {
    return at(
      'there is more behind a text in quotes',
      `Put the whole value in one pair of quotes; inside "…" a quote is written \\", inside '…' it is ''.`,
    );
  }
  return at(`not valid YAML: ${lower(error.message)}`, variableHint(text, start) ?? QUOTES);
}

const QUOTES = 'A text that has signs of YAML in it (such as * & ! { [ > | or ": ") must be in quotes.';

/**
 * Two lines that YAML joins to one key. Either the second is indented too deep, and so continues the value above it
 * (the package then blames that value), or the first has no colon.
 */
function joinedLines(text: string, start: number, end: number): SyntaxProblem {
  const first = contentOfLine(text, start);
  const last = contentOfLine(text, end - 1);
  if (last.start - last.lineStart > first.start - first.lineStart) {
    const message = 'this line is indented deeper than the line above it allows';
    return new SyntaxProblem(last, message, 'Indent all entries of a block equally.');
  }
  const span = { start, end: Math.max(first.end, start + 1) };
  return new SyntaxProblem(
    span,
    'expected "key: value", but there is no ":" after this text',
    'Write `key: value`.',
  );
}

function contentOfLine(text: string, at: number): { lineStart: number; start: number; end: number } {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const start = lineStart + (/^[ \t]*/.exec(text.slice(lineStart, at))?.[0].length ?? 0);
  return { lineStart, start, end: lineEnd === -1 ? text.length : lineEnd };
}

function afterSpaces(text: string, at: number): number {
  while (text[at] === ' ') at++;
  return at;
}

/** `{ build: ${var.build} }` is the usual reason why a line with a variable is no YAML. */
function variableHint(text: string, at: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd);
  return /[:,[{]\s*\$\{/.test(line)
    ? `Inside { } or [ ] a variable must be quoted: "\${var.NAME}".`
    : undefined;
}

function lower(message: string): string {
  const line = shown(message.split('\n')[0] ?? '', 80);
  return line.charAt(0).toLowerCase() + line.slice(1);
}
