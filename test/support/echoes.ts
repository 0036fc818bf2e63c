/** A credential as a server may echo it: written independently of what takes it out again. */

const hex = (byte: number, digits = 2) => byte.toString(16).padStart(digits, '0');
const each = (text: string, form: (code: number, char: string) => string) =>
  [...text].map((char) => form(char.charCodeAt(0), char)).join('');

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Name → the encoding, of ASCII. */
export const ECHOES: Readonly<Record<string, (key: string) => string>> = {
  plain: (key) => key,
  'upper case': (key) => key.toUpperCase(),
  'in a sentence': (key) => `the key "${key}", it says`,
  base64: (key) => Buffer.from(key).toString('base64'),
  base64url: (key) => Buffer.from(key).toString('base64url'),
  'base64 behind one byte': (key) => Buffer.from(`:${key}`).toString('base64'),
  'base64 behind two bytes': (key) => Buffer.from(`u:${key}:x`).toString('base64'),
  'base64 behind a user': (key) => Buffer.from(`user:${key}`).toString('base64'),
  'base64url inside of more': (key) => Buffer.from(`{"alg":1}${key}???`).toString('base64url'),
  'base64 in a URL': (key) => encodeURIComponent(Buffer.from(`a:${key}>>>`).toString('base64')),
  hex: (key) => Buffer.from(key).toString('hex'),
  'hex in capitals': (key) => Buffer.from(key).toString('hex').toUpperCase(),
  'URL-encoded': encodeURIComponent,
  'URL-encoded to the last character': (key) => each(key, (code) => `%${hex(code).toUpperCase()}`),
  'URL-encoded twice': (key) => encodeURIComponent(each(key, (code) => `%${hex(code)}`)),
  'JSON in JSON': (key) => JSON.stringify(JSON.stringify({ key })),
  'escaped for JSON': (key) => each(key, (code) => `\\u${hex(code, 4)}`),
  'half of it escaped': (key) =>
    each(key, (code, char) => (code % 2 ? char : `\\u${hex(code, 4).toUpperCase()}`)),
  'escaped for HTML': (key) => each(key, (_code, char) => HTML[char] ?? char),
  'numbers of HTML': (key) => each(key, (code) => (code % 2 ? `&#${code};` : `&#x${hex(code)};`)),
};

/** What must not be in a text: the key in any encoding, cut down to what in base64 is its own. */
export function tracesOf(key: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + key).toString('base64');
    return text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + key.length) * 4) / 3) - 1);
  });
  const own = Object.entries(ECHOES)
    .filter(([name]) => !name.includes('base64') && name !== 'in a sentence' && name !== 'JSON in JSON')
    .map(([, echo]) => echo(key));
  const twoWays = inBase64.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
  return [...new Set([...own, ...own.map((text) => JSON.stringify(text).slice(1, -1)), ...twoWays])].map(
    (text) => text.toLowerCase(),
  );
}

/** The first trace of it, and what stands around; null: there is none. */
export function traceIn(text: string, key: string): string | null {
  const lower = text.toLowerCase();
  for (const trace of tracesOf(key)) {
    const at = lower.indexOf(trace);
    if (at !== -1) return `${trace} in: ${text.slice(Math.max(0, at - 80), at + trace.length + 40)}`;
  }
  return null;
}
