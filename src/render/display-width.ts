/**
 * How many columns text takes on a terminal, and cutting and wrapping by that. Text in here has been through
 * `safeText`; the only escape sequences are our own colours, which take no room.
 */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Columns: a screen below is too narrow for columns that give way. */
export const NARROW = 60;

/** Columns of one line: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Nearly all that is drawn: a column for each character, which needs no table of widths. */
const PLAIN = /^[ -~]*$/;

/** Pads with spaces on the right to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * At most `width` columns, the last one `…` where something was cut; what is seen as one character stays whole. Not
 * for coloured text. (cli-truncate lets a wide character reach over the edge.)
 */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  let cut = '';
  let room = width - 1;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) {
    room -= displayWidth(segment);
    if (room < 0) break;
    cut += segment;
  }
  return `${cut}…`;
}

let segmenter: Intl.Segmenter | undefined;

/** At most `width` columns; what is cut is cut in the middle: what tells two targets of a block apart is at the end. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 8) return truncate(text, width);
  const characters = [...text];
  let tail = '';
  while (displayWidth(characters.at(-1)! + tail) <= Math.floor((width - 1) / 2))
    tail = characters.pop()! + tail;
  return truncate(text, width - displayWidth(tail)) + tail;
}

/**
 * Breaks at spaces, but not between a number and its unit of time; a word that is longer than `width` gets a line of its
 * own and is not broken.
 */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width && PLAIN_WORDS.test(text)) return [text];
  const bound = text.replace(BEFORE_UNIT, BOND);
  const lines = PLAIN_WORDS.test(text) ? wrapPlain(bound, width) : wrapAnsi(bound, width).split('\n');
  return bound === text ? lines : lines.map((line) => line.replaceAll(BOND, ' '));
}

const BEFORE_UNIT = /(?<=(?<!\S)[([]?\d+) (?=(?:s|min|h|d)(?![\w-]))/g;

/** For private use, and a column wide. */
const BOND = '\ue000';

/** No blanks at its ends, nor several in a row: those are the library's to decide on. */
const PLAIN_WORDS = /^[!-~]+(?: [!-~]+)*$/;

function wrapPlain(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const last = rest.lastIndexOf(' ', width);
    const at = last === -1 ? rest.indexOf(' ', width) : last;
    if (at === -1) break;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}
