/**
 * How much one answer may be: measured on its text, in one pass, before anything is built of it.
 *
 * The bounds are what an honest account can need, and some more. The largest answer is the list of the last 100
 * batches, where each runs on all of 10,000 game servers: a million task ids, 10 to 12 MB. A page of the inventory has
 * 1,000 game servers of 1 to 2 KB and some 10 objects each.
 */

const MB = 1024 * 1024;

/** Bytes, decompressed. */
export const LARGEST_ANSWER = 16 * MB;
/** Bytes, of an answer that refuses: it holds a reason and no list. */
export const LARGEST_REFUSAL = 256 * 1024;

const MOST_VALUES = 1_250_000;
const MOST_OBJECTS = 100_000;
/** In the outermost list. */
const MOST_ROWS = 10_000;
/** Of one object. */
const MOST_KEYS = 1_000;
const DEEPEST = 32;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What of it is too much, with the bound; null: nothing. Says nothing of whether it is JSON. */
export function excessOf(text: string): string | null {
  if (text.length > LARGEST_ANSWER) return tooLarge(LARGEST_ANSWER);
  /** The keys so far of each object that is open; a list has none. */
  const open: number[] = [];
  let values = 1;
  let objects = 0;
  let rows = 1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      open.push(0);
      values += 1;
      if (char === OPEN_OBJECT) objects += 1;
      if (open.length > DEEPEST) return `lists and objects nested more than ${DEEPEST} deep`;
      if (objects > MOST_OBJECTS) return moreThan(MOST_OBJECTS, 'objects');
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
    } else if (char === COMMA) {
      values += 1;
      if (open.length === 1) rows += 1;
      if (rows > MOST_ROWS) return moreThan(MOST_ROWS, 'rows');
    } else if (char === COLON && open.length > 0) {
      const keys = open.pop()! + 1;
      open.push(keys);
      if (keys > MOST_KEYS) return `an object with ${moreThan(MOST_KEYS, 'keys')}`;
    }
    if (values > MOST_VALUES) return moreThan(MOST_VALUES, 'values');
  }
  return null;
}

export function tooLarge(bytes: number): string {
  const size = bytes >= MB ? `${bytes / MB} MB` : `${bytes / 1024} KB`;
  return `more than ${size}, the most that is read of one answer`;
}

function moreThan(bound: number, what: string): string {
  return `more than ${bound.toLocaleString('en')} ${what}`;
}

/** Where its closing quote is, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
