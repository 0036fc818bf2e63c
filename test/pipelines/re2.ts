/** What GitLab's pattern library, RE2, refuses, though JavaScript takes it. github.com/google/re2/wiki/Syntax */

/** The most that a repeat may ask for, and repeats within each other together. */
const MOST = 1000;

/** null: RE2 takes it. */
export function whyNotRe2(pattern: string): string | null {
  /** Of each open group, the greatest product of repeats in it; the first is the pattern itself. */
  const groups = [1];
  /** Of what a repeat that follows would repeat. */
  let last = 1;
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    if (/^\\(?:[1-9]|k<)/.test(rest)) return 'a back reference';
    if (/^\(\?<?[=!]/.test(rest)) return 'a look around';
    if (/^\(\?>/.test(rest)) return 'an atomic group';
    const [repeat, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(rest) ?? [];
    const [whole] = /^(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?::|P?<\w+>))?|[\s\S])/u.exec(rest)!;
    if (repeat !== undefined) {
      last *= Math.max(Number(least), comma === '' ? 0 : Number(most || least), 1);
      groups.push(Math.max(groups.pop()!, last));
      if (last > MOST) return `repeats of ${last}`;
      at += repeat.length;
      if (/^[+*?{]/.test(pattern.slice(at)) && pattern[at] !== '?') return 'a repeat of a repeat';
      continue;
    }
    if (whole.startsWith('(')) groups.push(1);
    else if (whole === ')') {
      last = groups.pop()!;
      groups.push(Math.max(groups.pop() ?? 1, last));
    } else if (!/^[*+?]$/.test(whole)) last = 1;
    at += whole.length;
  }
  return null;
}
