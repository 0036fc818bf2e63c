/**
 * Blanks in an indentation that are no spaces. YAML takes them for the beginning of a text, and so complains about the
 * line before or behind, where a reader finds nothing wrong.
 */
import { oddCharacters } from '../model/look-alikes.ts';
import type { Span } from './source.ts';

const BLANKS = /^[\t\p{Zs}\p{Cf}\u2800]*/u;
const NOTHING = /^[ \t\r]*(?:#|$)/;

/**
 * The indentation that may be to blame for what is wrong at `at`: of that line, the one above, or the next that says
 * anything.
 */
export function oddIndent(text: string, at: number): Span | undefined {
  const own = text.lastIndexOf('\n', at - 1) + 1;
  const candidates = [own, nextLine(text, own), text.lastIndexOf('\n', own - 2) + 1];
  for (const start of candidates) {
    if (start === undefined) continue;
    const indent = BLANKS.exec(lineAt(text, start))?.[0] ?? '';
    const first = oddCharacters(indent)[0];
    if (first !== undefined) return { start: start + first.index, end: start + indent.length };
  }
  return undefined;
}

/** The same text with spaces there: whether that cures it tells whether it was to blame. */
export function withSpaces(text: string, { start, end }: Span): string {
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
}

function nextLine(text: string, from: number): number | undefined {
  for (let end = text.indexOf('\n', from); end !== -1; end = text.indexOf('\n', end + 1)) {
    if (!NOTHING.test(lineAt(text, end + 1))) return end + 1;
  }
  return undefined;
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, Math.min(end === -1 ? text.length : end, start + 500));
}
