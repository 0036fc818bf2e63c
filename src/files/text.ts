/**
 * Bytes → text, and text as others hand it over → as it is meant. The one place that knows what text looks like:
 * UTF-8, with or without a byte order mark, which is no part of it.
 */
import { isUtf8 } from 'node:buffer';

/** Why a file is not read, as the end of a sentence: `is a device, not a file`. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile';
}

/** What bytes are as text, whatever they are. */
export interface Decoded {
  /** As messages call it. null: none that is known; `whole` then has U+FFFD for what is wrong in UTF-8. */
  readonly encoding: 'UTF-8' | WideEncoding | null;
  /** With a byte order mark, if there is one. */
  readonly whole: string;
}

type WideEncoding = 'UTF-16' | 'UTF-16 (big endian)' | 'UTF-16 (little endian)';

/** Lenient: it is for the caller to refuse what it has no use for, in its own words. */
export function decode(bytes: Buffer): Decoded {
  const wide = utf16(bytes);
  if (wide !== undefined) return { encoding: wide, whole: bytes.toString('utf16le') };
  return { encoding: isUtf8(bytes) ? 'UTF-8' : null, whole: bytes.toString('utf8') };
}

/** Throws a `RefusedFile`. */
export function textIn(bytes: Buffer): string {
  const { encoding, whole } = decode(bytes);
  if (encoding === 'UTF-8') return withoutMark(whole);
  throw new RefusedFile(
    encoding === null
      ? 'is not text in UTF-8'
      : `is ${encoding}, as PowerShell's > writes it: save it as UTF-8 (there: | Out-File -Encoding utf8 FILE)`,
  );
}

/** undefined: it does not look like it. */
function utf16(bytes: Buffer): WideEncoding | undefined {
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
