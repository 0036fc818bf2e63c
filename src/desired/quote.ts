/**
 * A file's text inside of messages. Invariant: no message shows more than some 80 characters of it, and none of
 * the characters that move a cursor, reorder a line or hide.
 */

/** Control characters, bidirectional controls, line separators, a byte order mark inside, half a surrogate pair. */
const UNSAFE_RANGES =
  '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff';
const UNSAFE = new RegExp(`[${UNSAFE_RANGES}]`, 'u');
const UNSAFE_ALL = new RegExp(`[${UNSAFE_RANGES}]`, 'gu');
const UNSAFE_BUT_BREAKS = new RegExp(`(?![\\t\\n])[${UNSAFE_RANGES}]`, 'u');
/** In a file as a whole, where a carriage return may stand before a line feed only. */
const UNSAFE_IN_FILE = new RegExp(`(?![\\t\\n]|\\r\\n)[${UNSAFE_RANGES}]`, 'gu');

/** The first character that has no place in a string of the file; `breaks`: line feeds and tabs are fine. */
export function unsafeCharacter(text: string, breaks: boolean): string | undefined {
  const found = (breaks ? UNSAFE_BUT_BREAKS : UNSAFE).exec(text)?.[0];
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
export function shown(text: string, most = 60): string {
  const cut = text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
  return cut.replace(UNSAFE_ALL, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`);
}

/** The text for a message: cut, escaped, in quotes. */
export function quoted(text: string, most = 60): string {
  return `"${shown(text, most)}"`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}
