/**
 * How many columns text takes on a terminal, and cutting and wrapping by that. Text in here has been through
 * `safeText`; the only escape sequences are our own colours, which take no room.
 */

/** Columns of one line: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(COLOUR, '')) width += characterWidth(character);
  return width;
}

export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) || isEastAsianWide(code) ? 2 : 1;
}

/** Pads with spaces on the right to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** At most `width` columns, the last one `…` where something was cut. Not for coloured text. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    cut += character;
  }
  return width > 0 ? `${cut}…` : '';
}

/** Breaks at spaces; a word that is longer than `width` gets a line of its own and is not broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

const PLAIN = /^[\x20-\x7e]*$/;
const COLOUR = /\x1b\[[0-9;]*m/g;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE = /^\p{Emoji_Presentation}$/u;

/** The blocks of Unicode's EastAsianWidth W and F, gaps between them closed. */
const EAST_ASIAN_WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

function isEastAsianWide(code: number): boolean {
  return EAST_ASIAN_WIDE.some(([from, to]) => code >= from && code <= to);
}
