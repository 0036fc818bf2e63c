/**
 * The one place that knows which credentials this process has, and takes them out of text: out of every answer before
 * it is parsed (`api/send.ts`), and out of everything that leaves, at the very edge (`cli/redacted-world.ts`).
 *
 * Found are a credential itself (in any case), in hex, in base64 and base64url as a whole or inside something longer
 * (`user:key`, at each of the three alignments), each of its characters as it is or escaped for JSON, a URL or HTML,
 * once or twice over, with line breaks, colours, tags, blanks or what cannot be seen between them; and its beginning or
 * end, where it is cut off by a `…`.
 *
 * Ids win: a JSON number stays as it is, and so does a JSON string of digits only, but for a key in hex (`redactJson`):
 * so a key of digits is not taken out where it poses as an id. In other text it is, where no more digits adjoin it.
 */

/** Takes all credentials out of a text. */
export type Redact = (text: string) => string;

export interface Redactor {
  readonly redact: Redact;
  /** From now on this one is taken out as well; null, or shorter than `SHORTEST_CREDENTIAL`: nothing. */
  know(credential: string | null | undefined): void;
}

/** Shorter ones are words and numbers that are everywhere: to take them out would tear up every text. */
export const SHORTEST_CREDENTIAL = 8;

const REPLACEMENT = '[key]';

export function createRedactor(credentials: readonly (string | null | undefined)[] = []): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | null = null;
  const know = (credential: string | null | undefined) => {
    if (!credential || credential.length < SHORTEST_CREDENTIAL || known.has(credential)) return;
    known.add(credential);
    // The longest first: one may be the beginning of another.
    const all = [...known].sort((a, b) => b.length - a.length).flatMap(patternsOf);
    pattern = new RegExp(all.join('|'), 'gi');
  };
  for (const credential of credentials) know(credential);
  return { know, redact: (text) => (pattern === null ? text : text.replace(pattern, REPLACEMENT)) };
}

/**
 * `redact`, of a text that may be JSON, or lines of it: what was valid stays valid, and no number and no id is touched.
 */
export function redactJson(text: string, redact: Redact): string {
  // Most hold nothing, and are not taken apart. An escape may end in digits, and seem to be one word with a key of
  // them.
  if (!text.includes('\\u') && redact(text) === text) return text;
  if (!isJson(text) && !text.trim().split('\n').every(isJson)) return redact(text);
  // Outside of strings, JSON has nothing but numbers and three words.
  return text.replace(JSON_STRING, (piece) => {
    const value = JSON.parse(piece) as string;
    // Between digits no key of digits is found; one in hex is.
    if (/^\d+$/.test(value))
      return redact(`0${value}0`) === `0${value}0` ? piece : JSON.stringify(REPLACEMENT);
    const safe = redact(value);
    return safe === value ? piece : JSON.stringify(safe);
  });
}

const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What may stand between two characters where a text was laid out: line breaks with margins, colours, tags. Here and
 * below, each repetition has a bound: who writes the text must not be able to make the search take for ever.
 */
const LAYOUT = String.raw`(?:\x1b\[[\d;]{0,20}[A-Za-z]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|<[^<>]{1,200}>|\r?\n[ \t│|>#]{0,80}|\\{1,15}[nrt]|[\0-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]){0,6}`;

/** Of all that is looked for, in order: what is longer first. */
function patternsOf(credential: string): string[] {
  const [utf8, latin1] = [Buffer.from(credential, 'utf8'), Buffer.from(credential, 'latin1')];
  const distinct = utf8.equals(latin1) ? [utf8] : [utf8, latin1];
  const plain = [...credential].map(charPattern);
  const whole = plain.join(LAYOUT);
  const cut = plain
    .slice(SHORTEST_CREDENTIAL)
    .reduceRight((rest, char) => `(?:${LAYOUT}${char}${rest})?`, '');
  const beginning = `${plain.slice(0, SHORTEST_CREDENTIAL).join(LAYOUT)}${cut}${LAYOUT}…`;
  const end = plain.slice(-SHORTEST_CREDENTIAL).join(LAYOUT);
  const cutBefore = plain
    .slice(1, -SHORTEST_CREDENTIAL)
    .reduce((rest, char) => `(?:${rest}${char}${LAYOUT})?`, '');
  return [
    /^\d+$/.test(credential) ? `(?<!\\d)${whole}(?!\\d)` : whole,
    beginning,
    `…${LAYOUT}${cutBefore}${end}`,
    ...distinct.flatMap((each) => [
      hexPattern(each),
      ...[0, 1, 2].map((before) => base64Pattern(each, before)),
    ]),
  ];
}

/** One character as it is, or escaped for JSON, a URL or HTML: once, or several times over. */
function charPattern(char: string): string {
  const code = char.codePointAt(0)!;
  const hex = code.toString(16);
  const percent = (encoding: 'utf8' | 'latin1') =>
    [...Buffer.from(char, encoding)]
      .map((byte) => `%(?:25){0,4}${byte.toString(16).padStart(2, '0')}`)
      .join('');
  const named = HTML_NAMES[char];
  const forms = new Set([
    `\\\\{0,15}${char.replace(/[^a-z0-9]/i, '\\$&')}`,
    String.raw`\\{1,15}u(?:${hex.padStart(4, '0')}|\{0{0,4}${hex}\})`,
    String.raw`\\{1,15}x${hex.padStart(2, '0')}`,
    percent('utf8'),
    percent('latin1'),
    `&(?:amp;){0,4}#(?:0{0,4}${code}|x0{0,4}${hex});`,
    ...(named === undefined ? [] : [`&(?:amp;){0,4}${named};`]),
  ]);
  return `(?:${[...forms].join('|')})`;
}

const HTML_NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

function hexPattern(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('[ :-]?');
}

/** In base64 with `before` bytes before it: what they and what comes after have a part in is any character there is. */
function base64Pattern(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = before === 0 ? 0 : before + 1;
  const isShared = (before + bytes.length) % 3 !== 0;
  const own = text.slice(first, isShared ? -1 : undefined);
  const chars = [...own].map((char) => {
    if (char === '+') return `(?:${charPattern('+')}|${charPattern('-')})`;
    if (char === '/') return `(?:${charPattern('/')}|${charPattern('_')})`;
    return char;
  });
  const shared = '[a-z0-9+/_-]';
  const lines = String.raw`(?:\\{1,15}[rn]|%0[ad]|\s){0,4}`;
  return `${before === 0 ? '' : `${shared}?`}${chars.join(lines)}${isShared ? `${shared}?` : ''}=*`;
}
