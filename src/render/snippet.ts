/**
 * The source line of a diagnostic with a marker under its range. The line is untrusted and may be a megabyte long:
 * only a window around the column is ever looked at.
 */
import type { SourceRange } from '../model/errors.ts';
import { safeCharacters } from '../model/safe-text.ts';
import type { Paint } from './color.ts';
import { displayWidth } from './display-width.ts';

/** The gutter and the line, the gutter and the marker: two lines. `width` is in columns. */
export function snippetLines(snippet: string, range: SourceRange, width: number, paint: Paint): string[] {
  const number = String(range.line);
  const room = Math.max(20, Math.min(width, WIDEST) - number.length - 5);
  const window = windowAround(snippet, range, room);
  const marked = markerOf(window);
  const bar = paint('dim', '|');
  return [
    ` ${paint('dim', number)} ${bar} ${window.map((cell) => cell.text).join('')}`.trimEnd(),
    ` ${' '.repeat(number.length)} ${bar} ${' '.repeat(marked.before)}${paint('red', '^'.repeat(marked.length))}`,
  ];
}

const WIDEST = 160;
const TAB = '    ';

interface WindowCell {
  /** What is shown of one character: itself, an escape, or a tab's spaces. */
  readonly text: string;
  readonly isMarked: boolean;
}

function windowAround(snippet: string, range: SourceRange, room: number): WindowCell[] {
  const start = Math.max(0, Math.min(range.column - 1, snippet.length));
  const end = range.endLine > range.line ? snippet.length : Math.max(start + 1, range.endColumn - 1);
  const from = beginOfWindow(snippet, start, room);
  const cells: WindowCell[] = [];
  let used = 0;
  let index = from;
  if (from > 0) {
    cells.push({ text: '…', isMarked: false });
    used = 1;
  }
  const window = Array.from(snippet.slice(from, from + room * 2));
  // As a whole: what makes a command, or a mark that stands alone, are its neighbours.
  const shown = safeCharacters(window.join(''));
  for (const [at, character] of window.entries()) {
    const text = character === '\t' ? TAB : /[\r\n]/.test(character) ? ' ' : (shown[at] ?? '');
    const columns = displayWidth(text);
    if (used + columns > room - 1 && index + character.length < snippet.length) {
      cells.push({ text: '…', isMarked: false });
      return cells;
    }
    cells.push({ text, isMarked: index >= start && index < end });
    used += columns;
    index += character.length;
  }
  return cells;
}

/** A short line is shown whole; of a long one, a third of the room is for what is before the column. */
function beginOfWindow(snippet: string, start: number, room: number): number {
  if (start <= Math.floor(room * 0.6)) return 0;
  const before = start - Math.floor(room / 3);
  const begin = snippet.length - before < room ? Math.max(0, snippet.length - room + 2) : before;
  const isHalfOfPair = /[\udc00-\udfff]/.test(snippet.charAt(begin));
  return isHalfOfPair ? begin + 1 : begin;
}

/** Columns before the marker and of the marker; a range at the line's end points behind it. */
function markerOf(cells: readonly WindowCell[]): { before: number; length: number } {
  const first = cells.findIndex((cell) => cell.isMarked);
  const widthOf = (some: readonly WindowCell[]) => displayWidth(some.map((cell) => cell.text).join(''));
  if (first === -1) return { before: widthOf(cells), length: 1 };
  return {
    before: widthOf(cells.slice(0, first)),
    length: Math.max(1, widthOf(cells.filter((cell) => cell.isMarked))),
  };
}
