/**
 * One value of a param, or one line of it, as text; and two of them side by side. Invariant: two that differ never
 * look the same, and what is left out of a long one is counted.
 */
import { type Change, diffChars } from 'diff';
import { asciiText, safeText } from '../model/safe-text.ts';
import { MAX_EDITS } from './diff-bound.ts';

/** Characters of one value, or of one line of it. */
export const LONGEST = 4000;
/** Two values that are no longer than this together are shown whole. */
const WHOLE = 400;
/** Characters on either side of a difference in longer ones. */
const CONTEXT = 24;

/** A line as it is, unless something in it would not be seen. */
export function bare(text: string, isWhole: boolean): string {
  return /^"|[^\S ]|\s$/u.test(text) ? quoted(text, isWhole) : bounded(safeText(text), isWhole);
}

export function quoted(text: string, isWhole: boolean): string {
  return `"${bounded(escaped(text), isWhole)}"`;
}

/** Both sides, in quotes; what they have in common is left out where it is long, up to the differences. */
export function oneLineDiff(before: string, after: string, isWhole: boolean): [string, string] {
  // An accent of its own and a letter that has one are drawn alike.
  if (before.normalize() === after.normalize()) return [plain(before, isWhole), plain(after, isWhole)];
  if (isWhole || before.length + after.length <= WHOLE) {
    return [quoted(before, isWhole), quoted(after, isWhole)];
  }
  const parts = diffChars(before, after, { maxEditLength: MAX_EDITS }) ?? differingMiddle(before, after);
  const side = (hidden: 'added' | 'removed') => {
    const own = parts.filter((part) => !part[hidden]);
    const texts = own.map(({ value, added, removed }, index) =>
      added || removed ? escaped(value) : around(value, index === 0, index === own.length - 1),
    );
    // Once more as a whole: pieces that were harmless can be a command together.
    return `"${bounded(safeText(texts.join('')), isWhole)}"`;
  };
  return [side('added'), side('removed')];
}

/** The parts of two lists that stand between a beginning and an end which they share. */
export function middleOf<T>(before: ArrayLike<T>, after: ArrayLike<T>): { start: number; end: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { start, end };
}

/** Text that both sides have: only as much of it as is next to a difference. */
function around(text: string, isFirst: boolean, isLast: boolean): string {
  const head = isFirst ? '' : text.slice(0, CONTEXT).replace(/[\ud800-\udbff]$/, '');
  const tail = isLast ? '' : text.slice(-CONTEXT).replace(/^[\udc00-\udfff]/, '');
  return text.length <= 3 * CONTEXT ? escaped(text) : `${escaped(head)}…${escaped(tail)}`;
}

/** For values that differ too much for a diff. */
function differingMiddle(before: string, after: string): Pick<Change, 'value' | 'added' | 'removed'>[] {
  const { start, end } = middleOf(before, after);
  const part = (value: string, added = false, removed = false) => ({ value, added, removed });
  return [
    part(before.slice(0, start)),
    part(before.slice(start, before.length - end), false, true),
    part(after.slice(start, after.length - end), true, false),
    part(before.slice(before.length - end)),
  ].filter(({ value }) => value !== '');
}

/** What is no plain space is an escape, and so are the quotes around it. */
function escaped(text: string): string {
  const visible = text.replace(/["\\]/g, '\\$&').replace(/[^\S ]/gu, (space) => {
    const name = ({ '\t': 't', '\n': 'n', '\r': 'r' } as const)[space];
    return name === undefined ? codePoint(space) : `\\${name}`;
  });
  return safeText(visible);
}

function plain(text: string, isWhole: boolean): string {
  return `"${bounded(asciiText(escaped(text)), isWhole)}"`;
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function bounded(text: string, isWhole: boolean): string {
  return isWhole || text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}… and ${text.length - LONGEST} more characters`;
}
