/**
 * An answer's text → JSON, with every number kept as its text (`LosslessNumber`): ids of 19 digits never become a
 * double. Also: what to say of a body that is something else. All of it is untrusted.
 */
import { type LosslessNumber, parse } from 'lossless-json';
import { safeText } from '../model/safe-text.ts';
import { excessOf } from './bounds.ts';

export type Lossless =
  | string
  | boolean
  | null
  | LosslessNumber
  | readonly Lossless[]
  | { readonly [key: string]: Lossless };

/** A 2xx answer that is not what the endpoint promises. The message says what was found, and where. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** Throws `UnreadableAnswer`, for one that is beyond the bounds before it is parsed. */
export function parseAnswer(text: string): Lossless {
  const excess = excessOf(text);
  if (excess !== null) throw new UnreadableAnswer(excess);
  try {
    return parse(text) as Lossless;
  } catch {
    throw new UnreadableAnswer(describeBody(text));
  }
}

/** In a few words, never the whole of it: `an HTML page titled "502 Bad Gateway"`. */
export function describeBody(text: string): string {
  const start = text.slice(0, 65_536).trim();
  if (start === '') return 'an empty body';
  if (/^<(?:!doctype html|html|head|body)\b/i.test(start)) {
    const title = /<title[^>]{0,200}>([^<]{1,500})/i.exec(start)?.[1]?.trim();
    return title === undefined ? 'an HTML page' : `an HTML page titled "${safeText(title, 120)}"`;
  }
  return `${/^[[{]/.test(start) ? 'broken JSON' : 'text that is not JSON'} ("${safeText(start, 80)}")`;
}

/** `application/json`, `application/problem+json; charset=utf-8`, … or none at all. */
export function mayBeJson(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || /^[^/]+\/(?:[^/]+\+)?json$/.test(type);
}
