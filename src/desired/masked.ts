/**
 * What a file holds and no message may show: the password of a URL, and the value of a key that is named like a
 * credential. Neither belongs into a file, and the error that says so goes to a log. (The key that the process knows is
 * taken out at the edge as well; these are the ones that nobody knows.) Rather too much is hidden than too little.
 */

const SCHEME =
  /https?:[/\\]*|[a-z][a-z0-9+.-]{0,30}:[/\\]{1,3}|\burl["']?:[ \t]+["']?(?:[a-z][a-z0-9+.-]{0,30}:[/\\]{1,3})?/i;
const CREDENTIAL =
  /(?:token|passw(?:or)?d|passphrase|pwd|secret|(?:api|access|private)[-_ ]?key|credential|authorization|bearer)[\w.-]{0,40}["']?[ \t]*:[ \t]*/gi;
/** A quoted text; what hides nothing; a plain text inside of brackets, and one that goes on to the end of its line. */
const QUOTED = /^(["'])((?:(?!\1)[^\\]|\\.)*)/;
const HARMLESS = /^["']?(?:\$\{var\.[^{}]*\}["']?|null|~|[|>][-+0-9]{0,2})?[ \t]*(?:$|[,}\]#])/;
const IN_BRACKETS = /^[^,}\]]+/;

/** A part of a line of a file, as long as before: places in it stay what they are. */
export function masked(line: string): string {
  return hide(maskedUrl(line));
}

/** A value of a file, for a message. */
export function withoutPassword(text: string): string {
  const user = userOf(text);
  return user === undefined ? text : `${text.slice(0, user.start)}…${text.slice(user.end)}`;
}

function maskedUrl(line: string): string {
  const user = userOf(line);
  return user === undefined ? line : cover(line, user.start, user.end);
}

/** Behind the first scheme, up to the last `@`: a password may hold anything, also what ends one. */
function userOf(text: string): { start: number; end: number } | undefined {
  const end = text.lastIndexOf('@');
  const scheme = end === -1 ? null : SCHEME.exec(text.slice(0, end));
  return scheme === null ? undefined : { start: scheme.index + scheme[0].length, end };
}

function hide(line: string): string {
  if (line.search(CREDENTIAL) === -1) return line;
  let safe = line;
  for (const { 0: key, index } of line.matchAll(CREDENTIAL)) {
    const from = index + key.length;
    const value = line.slice(from);
    if (HARMLESS.test(value)) continue;
    const quoted = QUOTED.exec(value);
    if (quoted !== null) safe = cover(safe, from + 1, from + 1 + (quoted[2] as string).length);
    else {
      const isInBrackets = /[{[]/.test(line.slice(0, index)) && !/^[{[]/.test(value);
      const length = isInBrackets ? (IN_BRACKETS.exec(value)?.[0].trimEnd().length ?? 0) : value.length;
      safe = cover(safe, from, from + length);
    }
  }
  return safe;
}

function cover(text: string, start: number, end: number): string {
  return text.slice(0, start) + '*'.repeat(Math.max(0, end - start)) + text.slice(end);
}
