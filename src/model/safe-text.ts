/**
 * Untrusted text → text that can be shown on a terminal, in a log or in a message. Whatever came over the network
 * or out of a file passes through here before a person reads it; what is printed passes once more (`legible`).
 *
 * Invariant: the result holds nothing that a terminal obeys, nothing that a reader cannot see (invisible characters,
 * blanks other than the plain space, combining marks without a letter), no half of a surrogate pair, and nothing that
 * a runner of pipelines takes for a command, wherever the text is wrapped.
 */

import { lazy } from './lazy.ts';
import { MIXED_LETTER } from './look-alikes.ts';

/** Line breaks and tabs: room between words, nothing to be alarmed about. */
const BREAKS = /\r\n|[\t\n\r\p{Zl}\p{Zp}]/gu;

/** Where a font draws nothing, or nobody knows what it draws. */
const UNSEEN = [
  // Controls; bidirectional, zero-width and other format controls; lone surrogates; private and unassigned ones.
  String.raw`[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`,
  // Blanks that are no plain space, and letters, marks and symbols that look like one.
  String.raw`(?! )\p{Zs}|[\u2800\u2d7f\ufffc\u{1107f}\u{16fe4}\u{1d159}\u{13441}\u{13442}]`,
];

/** Marks have a letter that they belong to, and are not more than three on it. */
const MARK = String.raw`(?!\p{Default_Ignorable_Code_Point})\p{M}`;
const COMMON_MARK = String.raw`(?=\p{Script=Inherited})${MARK}`;
const EUROPEAN = String.raw`[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}]`;
const LETTER = String.raw`(?!\p{Default_Ignorable_Code_Point})\p{L}`;
const LONE_MARK = String.raw`\p{M}(?<!(?=${EUROPEAN})${LETTER}(?:${COMMON_MARK}){1,3}|(?!${EUROPEAN})${LETTER}(?:${MARK}){1,3})`;

/**
 * One character each of what runners obey: `::name::` at the start of a line (GitHub; any word may come to stand
 * there), `##[name]`, `##vso[`, `##teamcity[` anywhere (GitHub, Azure, TeamCity). What GitLab reads has escapes in it.
 */
const COMMANDS = [String.raw`(?<=(?:^|\s|\x1b\[[\d;]*m):):`, String.raw`(?<=#)#(?=[\p{L}\p{N}_.-]*\[)`];

// Most characters are none of these, and are told by the first look.
const unsafe = lazy(
  () => new RegExp(`(?=[^ -~]|[:#])(?:${[...UNSEEN, LONE_MARK, MIXED_LETTER, ...COMMANDS].join('|')})`, 'gu'),
);
const hidden = lazy(() => new RegExp([...UNSEEN, LONE_MARK].join('|'), 'u'));
/** Without one of these there is nothing to look for. */
const SUSPECT = /[^ -~]|::|##/;
const SUSPECT_LINES = /[^\n\t -~]|::|##/;

/**
 * Shows what is unsafe as `\u{1b}`, line breaks and tabs as spaces. Longer than `maxLength` (in UTF-16 code units),
 * the text is cut, never inside a character or an escape, and ends in `…`.
 */
export function safeText(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const plain = beginning(text, maxLength).replace(BREAKS, ' ');
  if (plain.length <= maxLength && !SUSPECT.test(plain)) return plain;
  if (maxLength === Number.POSITIVE_INFINITY) return plain.replace(unsafe(), escaped);
  let safe = '';
  /** The longest beginning that still leaves room for the `…`. */
  let head = '';
  for (const shown of safeCharacters(plain)) {
    safe += shown;
    if (safe.length < maxLength) head = safe;
    if (safe.length > maxLength) return maxLength < 1 ? '' : `${head}…`;
  }
  return safe;
}

/** For two texts that are drawn alike though they differ: an accent of its own, and a letter that has one. */
export function asciiText(text: string): string {
  return safeText(text).replace(/[^ -~]/gu, escaped);
}

/** What each character of a text is shown as: itself, or an escape. */
export function safeCharacters(text: string): string[] {
  if (!SUSPECT.test(text)) return [...text];
  const places = new Set([...text.matchAll(unsafe())].map((found) => found.index));
  let index = 0;
  return Array.from(text, (char) => {
    const shown = places.has(index) ? escaped(char) : char;
    index += char.length;
    return shown;
  });
}

/** Shows what is unsafe as an escape, line breaks and tabs, too. */
export function escapedText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(unsafe(), escaped);
}

/**
 * The last look at what is printed for people, in whole lines. Only line breaks and tabs stay, and our own colours
 * where there are any.
 */
export function legible(text: string, hasColour: boolean): string {
  if (!SUSPECT_LINES.test(text)) return text;
  return text.replace(unsafe(), (char, index: number) => {
    if (char === '\n' || char === '\t') return char;
    const isColour = hasColour && char === '\x1b' && COLOUR.test(text.slice(index, index + 16));
    return isColour ? char : escaped(char);
  });
}

/** JSON text that says the same, and holds nothing unsafe: what is, is written as JSON's own escapes. */
export function safeJson(json: string): string {
  if (!SUSPECT_LINES.test(json) && !json.includes('\t')) return json;
  // Between the values stand line breaks of ours; in them, there are none.
  return json.replace(unsafe(), (char) => (char === '\n' ? char : char.split('').map(unit).join('')));
}

/** The first character that a reader would not see, or could not tell. */
export function hiddenCharacter(text: string): string | undefined {
  return SUSPECT.test(text) ? hidden().exec(text)?.[0] : undefined;
}

const COLOUR = /^\x1b\[[\d;]{0,12}m/;

function unit(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Enough of a text to know whether it is too long: each character shows as at least one; `\r\n` as one for two. */
function beginning(text: string, maxLength: number): string {
  return text.slice(0, 2 * maxLength + 2);
}

function escaped(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
