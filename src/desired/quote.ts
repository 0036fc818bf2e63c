/**
 * A file's text inside messages, and the characters that a file may not contain. Invariant: no message shows more than
 * some 80 characters of it, and none that moves a cursor, reorders a line or hides.
 *
 * Refused anywhere is what changes how a file reads (controls, bidirectional characters). What is merely invisible
 * (joiners of emoji, blanks of other languages) is refused in names, which stand for something; in the values of
 * params and variables and in the names of templates, which the API made, it may be meant: there it is shown.
 */

import { escapedText, hiddenCharacter } from '../model/safe-text.ts';
import { withoutPassword } from './masked.ts';

/** Control characters, bidirectional controls, line separators, a byte order mark inside, half a surrogate pair. */
const UNSAFE_RANGES =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff';
const UNSAFE = new RegExp(`[${UNSAFE_RANGES}]`, 'u');
const UNSAFE_BUT_BREAKS = new RegExp(`(?![\\t\\n])[${UNSAFE_RANGES}]`, 'u');
/** In a file as a whole, where a carriage return may stand before a line feed only. */
const UNSAFE_IN_FILE = new RegExp(`(?![\\t\\n]|\\r\\n)[${UNSAFE_RANGES}]`, 'gu');

/** What a string of the file is: of a `value`, line feeds and tabs are a part. */
export type TextKind = 'name' | 'template' | 'value';

/** The first character that has no place in such a string. */
export function unsafeCharacter(text: string, kind: TextKind): string | undefined {
  const found =
    kind === 'name' ? hiddenCharacter(text) : (kind === 'value' ? UNSAFE_BUT_BREAKS : UNSAFE).exec(text)?.[0];
  return found === undefined ? undefined : codePoint(found);
}

/** Where in a file's text such characters stand. */
export function unsafePlaces(text: string, most: number): { offset: number; name: string }[] {
  const places: { offset: number; name: string }[] = [];
  for (const match of text.matchAll(UNSAFE_IN_FILE)) {
    places.push({ offset: match.index, name: codePoint(match[0]) });
    if (places.length >= most) break;
  }
  return places;
}

/** The text for a message: cut, escaped, without quotes. */
export function shown(whole: string, most = 60): string {
  const text = withoutPassword(whole);
  const cut = text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
  return escapedText(cut);
}

/** The text for a message: cut, escaped, in quotes. */
export function quoted(text: string, most = 60): string {
  return `"${shown(text, most)}"`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}
