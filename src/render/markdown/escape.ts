/**
 * Untrusted text → GitHub-flavoured Markdown. The only place of `markdown/` that escapes: one function per context.
 *
 * Invariant: what comes from a file or from the API is in code (a span or a fence), where neither GitHub nor
 * GitLab looks for mentions, references, links, HTML, emoji or mathematics. Entities and backslashes would not do:
 * both platforms look for mentions in the finished HTML, where those are gone. Only plain words and small numbers
 * ever stand outside code, and no untrusted text is in HTML.
 */
import { safeText } from '../../model/safe-text.ts';

/** UTF-16 code units of an address, a template or a target. */
export const LONGEST_NAME = 100;

/** A code span, for paragraphs and lists. */
export function code(text: string, maxLength = LONGEST_NAME): string {
  return span(disarmed(safeText(text, maxLength)));
}

/** A code span for a cell of a table, where a pipe needs a backslash also inside code. */
export function cellCode(text: string, maxLength = LONGEST_NAME): string {
  // Parsers differ in how they read a pipe behind two backslashes.
  const safe = disarmed(safeText(text, maxLength)).replace(/(?<=\\)\|/g, '\\u{7c}');
  return span(safe.replaceAll('|', '\\|'));
}

/** A fenced block; its fence is longer than any run of backticks in the lines. */
export function fence(language: 'diff' | 'text', lines: readonly string[]): string {
  const body = lines.map((line) => disarmed(safeText(line)).trimEnd());
  const ticks = '`'.repeat(Math.max(3, longestRun(body.join('\n')) + 1));
  return [`${ticks}${language}`, ...body, ticks].join('\n');
}

/**
 * A sentence that may quote anything, for a place inside a paragraph (not at its start, not in a table). Its
 * plain words stay words; the rest, and what it quotes in backticks, becomes code.
 */
export function prose(text: string, maxLength: number): string {
  const pieces: Piece[] = [];
  for (const found of safeText(text.trim(), maxLength).matchAll(/`([^`]+)`|( +)|([^ `]+|`)/g)) {
    const [, quoted, space, word = ''] = found;
    if (quoted !== undefined) addCode(pieces, quoted, 'quoted');
    else if (space !== undefined) pieces.push({ text: ' ', kind: 'plain' });
    else if (isPlain(word)) pieces.push({ text: word, kind: 'plain' });
    else {
      // A bracket of the sentence belongs to the sentence, unless it could be one of a link.
      const ends = /[[\]<>]/.test(word) ? PUNCTUATED : BRACKETED;
      const [, opening = '', core = '', closing = ''] = ends.exec(word)!;
      if (opening !== '') pieces.push({ text: opening, kind: 'plain' });
      addCode(pieces, core, 'odd');
      if (closing !== '') pieces.push({ text: closing, kind: 'plain' });
    }
  }
  return pieces
    .map((piece) => (piece.kind === 'plain' ? piece.text : code(piece.text, 2 * maxLength)))
    .join('');
}

/** Quoted in the text itself, or put into code because it is no plain word. */
interface Piece {
  text: string;
  readonly kind: 'plain' | 'quoted' | 'odd';
}

/** Two code spans that touch would be read as one: they are made one. Odd words in a row are one for the eye. */
function addCode(pieces: Piece[], text: string, kind: 'quoted' | 'odd'): void {
  if (text === '') return;
  const [before, last] = [pieces.at(-2), pieces.at(-1)];
  if (last !== undefined && last.kind !== 'plain') last.text += text;
  else if (kind === 'odd' && before?.kind === 'odd' && last?.text === ' ') {
    pieces.pop();
    before.text += ` ${text}`;
  } else pieces.push({ text, kind });
}

const PUNCTUATED = /^()(.*?)([.,;:!?]*)$/;
const BRACKETED = /^(\(*)(.*?)([.,;:!?)]*)$/;
const WORD = /^[("']*[A-Za-z]+(?:['-][A-Za-z]+)*[)"']*[.,;:!?]*[)"']*$/;
const NUMBER = /^(?:\(?[0-9]{1,6}|%)\)?[.,;:!?]*$/;
const DATE_OR_TIME = /^\(?(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)\)?[.,;:]?$/;
/** The beginning of an address of the web, and what may be the name of a commit. */
const TELLING = /http|www|ftp|mailto|xmpp|[0-9a-f]{7}/i;

function isPlain(word: string): boolean {
  return (WORD.test(word) || NUMBER.test(word) || DATE_OR_TIME.test(word)) && !TELLING.test(word);
}

function span(text: string): string {
  if (text.trim() === '') return '`""`';
  const ticks = '`'.repeat(longestRun(text) + 1);
  // One space at both ends is taken off again by the reader.
  const pad = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Code shows HTML as it is, but a bot that looks for its marker reads the source. */
function disarmed(text: string): string {
  return text.replaceAll('<!--', '\\u{3c}!--');
}
