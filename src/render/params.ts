/**
 * The params of a batch, as they are and as a diff. A param may be a build id or a script of many lines; what it says
 * is what runs on the game servers. Invariant: whatever differs is to be seen: long values are shown around their
 * differences, white space that the eye would miss is written as an escape, and what is too much is counted.
 */
import { type Change, diffChars, diffLines } from 'diff';
import type { Param } from '../model/desired.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import { displayWidth } from './display-width.ts';
import { counted } from './phrases.ts';
import { indented, type Line, line } from './spans.ts';

/** Params of one batch; lines of one param, and of them, lines in a row that all come or all go. */
const SHOWN = 100;
const SHOWN_LINES = 400;
const SHOWN_RUN = 100;
/** Characters of one value, or of one line of it. */
const LONGEST = 4000;
/** Two values that are no longer than this together are shown whole. */
const WHOLE = 400;
/** Characters on either side of a difference in longer ones. */
const CONTEXT = 24;
/** Edits after which a diff gives up: the cost grows with its square. */
const MAX_EDITS = 400;

/** One line each, or several. */
export function givenParams(params: readonly Param[]): Line[] {
  const lines = params.slice(0, SHOWN).flatMap(({ name, value }) => givenParam(safeText(name, 80), value));
  if (params.length > SHOWN) lines.push(line(`… and ${counted(params.length - SHOWN, 'more param')}`));
  return lines;
}

/** `room`: columns. Empty: they say the same. */
export function changedParams(before: Spec, after: Spec, room: number): Line[] {
  const old = new Map(before.params.map(({ name, value }) => [name, value]));
  const now = new Map(after.params.map(({ name, value }) => [name, value]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed = names.filter((name) => old.get(name) !== now.get(name));
  const lines = changed
    .slice(0, SHOWN)
    .flatMap((name) => changedParam(safeText(name, 80), old.get(name), now.get(name), room));
  if (changed.length > SHOWN) lines.push(line(`… and ${counted(changed.length - SHOWN, 'more param')}`));
  return lines;
}

function givenParam(name: string, value: string): Line[] {
  if (!value.includes('\n')) return [line(`${name} = ${quoted(value)}`)];
  const all = linesOf(value).map((text) => line(`  ${bare(text)}`));
  return [line(`${name}:`), ...firstOf([...all, ...endOf(value)], SHOWN_LINES)];
}

function changedParam(
  name: string,
  before: string | undefined,
  after: string | undefined,
  room: number,
): Line[] {
  const hasLines = before?.includes('\n') || after?.includes('\n');
  if (before === undefined || after === undefined) {
    const [mark, style] = before === undefined ? (['+', 'green'] as const) : (['-', 'red'] as const);
    const value = before ?? after ?? '';
    if (!hasLines) return [line(`${mark} ${name} = ${quoted(value)}`, style)];
    return [line(`${mark} ${name}:`, style), ...run(value, mark, style).map((spans) => indented(spans))];
  }
  if (hasLines) return [line(`~ ${name}:`), ...multiLineDiff(before, after).map((spans) => indented(spans))];
  const [from, to] = oneLineDiff(before, after);
  const arrow = { text: '->', style: 'yellow' } as const;
  const old = { text: from, style: 'red' } as const;
  const fresh = { text: to, style: 'green' } as const;
  if (displayWidth(name) + 9 + displayWidth(from) + displayWidth(to) <= room) {
    return [[{ text: `~ ${name} = ` }, old, { text: ' ' }, arrow, { text: ' ' }, fresh]];
  }
  return [line(`~ ${name}:`), indented([{ text: '   ' }, old]), indented([arrow, { text: ' ' }, fresh])];
}

/** Both sides, in quotes; what they have in common is left out where it is long, up to the differences. */
function oneLineDiff(before: string, after: string): [string, string] {
  if (before.length + after.length <= WHOLE) return [quoted(before), quoted(after)];
  const parts = diffChars(before, after, { maxEditLength: MAX_EDITS }) ?? differingMiddle(before, after);
  const side = (hidden: 'added' | 'removed') => {
    const own = parts.filter((part) => !part[hidden]);
    const texts = own.map(({ value, added, removed }, index) =>
      added || removed ? escaped(value) : around(value, index === 0, index === own.length - 1),
    );
    return `"${bounded(texts.join(''))}"`;
  };
  return [side('added'), side('removed')];
}

/** Text that both sides have: only as much of it as stands next to a difference. */
function around(text: string, isFirst: boolean, isLast: boolean): string {
  const head = isFirst ? '' : text.slice(0, CONTEXT).replace(/[\ud800-\udbff]$/, '');
  const tail = isLast ? '' : text.slice(-CONTEXT).replace(/^[\udc00-\udfff]/, '');
  return text.length <= 3 * CONTEXT ? escaped(text) : `${escaped(head)}…${escaped(tail)}`;
}

/** For values that differ too much for a diff: what they begin and end with is the same. */
function differingMiddle(before: string, after: string): Pick<Change, 'value' | 'added' | 'removed'>[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const part = (value: string, added = false, removed = false) => ({ value, added, removed });
  return [
    part(before.slice(0, start)),
    part(before.slice(start, before.length - end), false, true),
    part(after.slice(start, after.length - end), true, false),
    part(before.slice(before.length - end)),
  ].filter(({ value }) => value !== '');
}

function multiLineDiff(before: string, after: string): Line[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  const lines = parts.flatMap(({ value, added, removed }, index): Line[] => {
    const other = parts[removed ? index + 1 : index - 1];
    if (removed) return run(value, '-', 'red', other?.added ? other.value : '');
    if (added) return run(value, '+', 'green', other?.removed ? other.value : '');
    const own = linesOf(value);
    return own.length <= 2
      ? own.map((text) => line(`  ${bare(text)}`))
      : [line(`  (${own.length} lines unchanged)`, 'dim')];
  });
  return firstOf(lines, SHOWN_LINES);
}

/** Lines that come or go. `other`: what stands in their place on the other side; a long line is shown around that. */
function run(value: string, mark: '+' | '-', style: 'green' | 'red', other = ''): Line[] {
  const counterparts = linesOf(other);
  const lines = linesOf(value)
    .slice(0, SHOWN_RUN + 1)
    .map((text, index) => {
      const isLong = text.length > LONGEST;
      return line(`${mark} ${isLong ? oneLineDiff(text, counterparts[index] ?? '')[0] : bare(text)}`, style);
    });
  const rest = linesOf(value).length - lines.length;
  return [...firstOf(lines, SHOWN_RUN, rest), ...endOf(value)];
}

function endOf(value: string): Line[] {
  return value.endsWith('\n') ? [] : [line('  (no line break at its end)', 'dim')];
}

/** `rest`: how many more there are beyond `lines`. */
function firstOf(lines: readonly Line[], most: number, rest = 0): Line[] {
  if (lines.length + rest <= most) return [...lines];
  return [...lines.slice(0, most - 1), line(`  … ${lines.length + rest - most + 1} more lines`, 'dim')];
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** A line as it is, unless something in it would not be seen. */
function bare(text: string): string {
  return /^"|[^\S ]|\s$/u.test(text) ? quoted(text) : bounded(safeText(text));
}

function quoted(text: string): string {
  return `"${bounded(escaped(text))}"`;
}

/** What is no plain space is an escape, and so are the quotes around it. */
function escaped(text: string): string {
  const visible = text.replace(/["\\]/g, '\\$&').replace(/[^\S ]/gu, (space) => {
    const name = ({ '\t': 't', '\n': 'n', '\r': 'r' } as const)[space];
    return name === undefined ? `\\u{${space.codePointAt(0)?.toString(16)}}` : `\\${name}`;
  });
  return safeText(visible);
}

function bounded(text: string): string {
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}… and ${text.length - LONGEST} more characters`;
}
