/**
 * A value of many lines, as it is and as a diff with context. Invariant: all of it is shown, or what is left out is
 * counted, with the place where it can be read.
 */
import { diffLines } from 'diff';
import { MAX_EDITS } from './diff-bound.ts';
import { bare, LONGEST, middleOf, oneLineDiff } from './param-values.ts';
import { type Line, leftOut, line } from './spans.ts';

/** Lines of one value; of them, lines in a row that all come, all go or all stay. */
const SHOWN_LINES = 400;
const SHOWN_RUN = 100;
/** Unchanged lines on either side of a change. */
const CONTEXT = 3;

export function givenLines(value: string, isWhole: boolean): Line[] {
  const all = linesOf(value);
  const most = isWhole || all.length <= SHOWN_RUN ? all.length : SHOWN_RUN - 1;
  return [
    ...all.slice(0, most).map((text) => line(`  ${bare(text, isWhole)}`)),
    ...leftOutLines(all.length - most, all.length),
    ...endOf(value),
  ];
}

export function multiLineDiff(before: string, after: string, isWhole: boolean): Line[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS }) ?? differingLines(before, after);
  const lines = parts.flatMap(({ value, added, removed }, index): Line[] => {
    const other = parts[removed ? index + 1 : index - 1];
    if (removed) return run(value, '-', 'red', isWhole, other?.added ? other.value : '');
    if (added) return run(value, '+', 'green', isWhole, other?.removed ? other.value : '');
    return unchanged(linesOf(value), index === 0, index === parts.length - 1, isWhole);
  });
  if (isWhole || lines.length <= SHOWN_LINES) return lines;
  const shown = lines.slice(0, SHOWN_LINES - 1);
  return [...shown, ...leftOutLines(lines.length - shown.length, lines.length, 'lines of this diff')];
}

/** Lines that come or go. `other`: what is in their place on the other side; a long line is shown around that. */
export function run(
  value: string,
  mark: '+' | '-',
  style: 'green' | 'red',
  isWhole: boolean,
  other = '',
): Line[] {
  const counterparts = linesOf(other);
  const all = linesOf(value);
  const most = isWhole || all.length <= SHOWN_RUN ? all.length : SHOWN_RUN - 1;
  const lines = all.slice(0, most).map((text, index) => {
    const counterpart = counterparts[index] ?? '';
    const isAlike = text !== counterpart && text.normalize() === counterpart.normalize();
    const isLong = !isWhole && text.length > LONGEST;
    const shown = isAlike || isLong ? oneLineDiff(text, counterpart, isWhole)[0] : bare(text, isWhole);
    return line(`${mark} ${shown}`, style);
  });
  return [...lines, ...leftOutLines(all.length - most, all.length), ...endOf(value)];
}

function unchanged(all: readonly string[], isFirst: boolean, isLast: boolean, isWhole: boolean): Line[] {
  const head = isFirst ? 0 : CONTEXT;
  const tail = isLast ? 0 : CONTEXT;
  const hidden = all.length - head - tail;
  const show = (texts: readonly string[]) => texts.map((text) => line(`  ${bare(text, isWhole)}`));
  if (isWhole || hidden <= 1) return show(all);
  return [
    ...show(all.slice(0, head)),
    line(`  (${hidden} lines unchanged)`, 'dim'),
    ...show(all.slice(all.length - tail)),
  ];
}

/** For texts that differ too much for a diff. */
function differingLines(
  before: string,
  after: string,
): { value: string; added: boolean; removed: boolean }[] {
  const [old, now] = [before, after].map((text) => text.split(/(?<=\n)/)) as [string[], string[]];
  const { start, end } = middleOf(old, now);
  const part = (lines: string[], added = false, removed = false) => ({
    value: lines.join(''),
    added,
    removed,
  });
  return [
    part(old.slice(0, start)),
    part(old.slice(start, old.length - end), false, true),
    part(now.slice(start, now.length - end), true, false),
    part(old.slice(old.length - end)),
  ].filter(({ value }) => value !== '');
}

function endOf(value: string): Line[] {
  return value.endsWith('\n') ? [] : [line('  (no line break at its end)', 'dim')];
}

function leftOutLines(count: number, total: number, what = 'lines'): Line[] {
  return count === 0 ? [] : [line(`  ${leftOut(count, total, what)}`, 'dim')];
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
