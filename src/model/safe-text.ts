/**
 * Untrusted text → text that can be shown on a terminal, in a log or in a message. Whatever came over the network
 * or out of a file passes through here before a person reads it.
 *
 * Invariant: the result holds no control character, no line break, nothing that turns or hides its neighbours
 * (bidirectional and zero-width controls), and no half of a surrogate pair.
 */

/** Line breaks and tabs: room between words, nothing to be alarmed about. */
const BREAKS = /\r\n|[\t\n\r\p{Zl}\p{Zp}]/gu;

/** C0, C1 and DEL (Cc); bidirectional, zero-width and other format controls (Cf); lone surrogates (Cs). */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/**
 * Shows what is unsafe as `\u{1b}`, line breaks and tabs as spaces. Longer than `maxLength` (in UTF-16 code units),
 * the text is cut, never inside a character or an escape, and ends in `…`.
 */
export function safeText(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  let safe = '';
  /** The longest beginning that still leaves room for the `…`. */
  let head = '';
  for (const char of beginning(text, maxLength).replace(BREAKS, ' ')) {
    safe += UNSAFE.test(char) ? escaped(char) : char;
    if (safe.length < maxLength) head = safe;
    if (safe.length > maxLength) return maxLength < 1 ? '' : `${head}…`;
  }
  return safe;
}

/** Enough of a text to know whether it is too long: each character shows as at least one; `\r\n` as one for two. */
function beginning(text: string, maxLength: number): string {
  return text.slice(0, 2 * maxLength + 2);
}

function escaped(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
