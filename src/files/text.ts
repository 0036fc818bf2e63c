/**
 * Bytes → text, and text as others hand it over → as it is meant. The one place that knows what text looks like:
 * UTF-8, with or without a byte order mark, which is no part of it.
 */
import { isUtf8 } from 'node:buffer';

/** Why a file is not read, as the end of a sentence: `is a device, not a file`. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile';
}

/** Throws a `RefusedFile`. */
export function textIn(bytes: Buffer): string {
  const wide = utf16(bytes);
  if (wide !== undefined) {
    throw new RefusedFile(
      `is ${wide}, as PowerShell's > writes it: save it as UTF-8 (there: | Out-File -Encoding utf8 FILE)`,
    );
  }
  if (!isUtf8(bytes)) throw new RefusedFile('is not text in UTF-8');
  return withoutMark(bytes.toString('utf8'));
}

/** undefined: it does not look like it. */
export function utf16(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (bytes.length > 3 && bytes.length % 2 === 0) {
    if (first === 0 && bytes[2] === 0 && second !== 0) return 'UTF-16 (big endian)';
    if (second === 0 && bytes[3] === 0 && first !== 0) return 'UTF-16 (little endian)';
  }
  return undefined;
}

export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Of a value from a form or a file: lines end in LF, and the break that ends the last one is no part of the value. */
export function valueIn(given: string): string {
  return withoutMark(given).replaceAll('\r\n', '\n').replace(/\n$/, '');
}
