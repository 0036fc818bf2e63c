/** The lines of one run in a live view: how far it is, what comes of it when, and why what failed has failed. Pure. */
import { groupBy } from '../../model/group.ts';
import { safeText } from '../../model/safe-text.ts';
import type { StatusRow } from '../../model/status.ts';
import type { Paint } from '../color.ts';
import { displayWidth, padEnd, shorten, truncate } from '../display-width.ts';
import { momentWords } from '../occurrence-times.ts';
import { counted, finishedCount } from '../phrases.ts';
import { STYLES, wordOf } from '../status.ts';
import { localClock, relativeTime } from '../time.ts';
import { line, MARKS, nameText, type Part, type WatchView } from './parts.ts';
import type { Group, Run } from './runs.ts';

/** `✖ hotfix[fleet:us]  running  ████▓░░░  23/40  1 failed  6 running  10 pending` */
export function runLine(run: Run, nameWidth: number, view: WatchView, paint: Paint): string {
  const { row } = run;
  const name = padEnd(runName(run, nameWidth, view), nameWidth);
  const mark = row.counts.failed > 0 ? MARKS.failed : MARKS[row.phase];
  const style = row.counts.failed > 0 ? 'red' : STYLES[row.phase];
  const head = `${paint(style, mark)} ${paint('bold', name)}  `;
  const room = view.width - nameWidth - HEAD_ROOM;
  const parts =
    run.group === 'next' ? nextParts(run, view) : [...doneParts(run, room, view), ...whenParts(run, view)];
  // When it comes is told whole or not at all.
  const isTold = run.group !== 'next' || displayWidth(parts[0]!.text.trimEnd()) <= room;
  const text = head + line(isTold ? parts : [], room, paint, isNarrow(view) ? 1 : 2);
  return text.trimEnd();
}

/**
 * Columns for the names of these runs: what tells runs apart comes before all that is only told of them, but for how
 * far each is and when it comes.
 */
export function runNameWidth(runs: readonly Run[], view: WatchView): number {
  const names = runs.map((run) => displayWidth(runName(run, Number.MAX_SAFE_INTEGER, view)));
  const longest = names.reduce((most, one) => Math.max(most, one), 0);
  const clock = runs.reduce((most, run) => Math.max(most, clockText(run, view).length), 0);
  const essential = runs.reduce((most, run) => Math.max(most, essentialWidth(run, view)), 0);
  const room = view.width - HEAD_ROOM;
  const least = (isNarrow(view) ? LEAST_NARROW_NAME : LEAST_NAME) + (clock === 0 ? 0 : clock + 1);
  return Math.max(0, Math.min(longest, room, Math.max(least, room - essential)));
}

/** When it comes; else the phase, the bar, the share, and one count, of which a narrow window has the bar and the share. */
function essentialWidth(run: Run, view: WatchView): number {
  if (run.group === 'next') return Math.max(isNarrow(view) ? 0 : WHEN_WIDTH, whenText(run, view).length);
  return isNarrow(view) ? cellsOf(view) + 1 + shareText(run).length : 31 + cellsOf(view);
}

/** In columns over all groups, where there is room for columns; else each group by itself. */
export function groupNameWidth(group: Group, shown: readonly Run[], view: WatchView): number {
  return runNameWidth(isNarrow(view) ? shown.filter((run) => run.group === group) : shown, view);
}

/** Of an occurrence, the time is what tells it from the others, so it is never cut. */
export function runName(run: Run, width: number, view: WatchView): string {
  const clock = clockText(run, view);
  const name = nameText(run.base);
  return clock === '' ? shorten(name, width) : `${shorten(name, width - clock.length - 1)} ${clock}`;
}

/** Empty: the address says all. */
function clockText({ base, at, row }: Run, { now, timezone }: WatchView): string {
  if (base === row.address || at === null) return '';
  return Math.abs(at - now) < UNMISTAKABLE
    ? localClock(at, timezone).time
    : momentWords(at, { timezone, now });
}

function whenText({ at }: Run, { now }: WatchView): string {
  if (at === null) return 'once';
  return at < now ? `due ${relativeTime(at, now)}` : relativeTime(at, now);
}

function shareText({ row: { counts, numTasks } }: Run): string {
  return `${finishedCount(counts)}/${numTasks}`;
}

function nextParts(run: Run, view: WatchView): Part[] {
  const { row } = run;
  const when = whenText(run, view);
  return [
    { text: padEnd(when, isNarrow(view) ? 0 : WHEN_WIDTH), style: 'cyan' },
    { text: wordOf(row) === 'scheduled' ? '' : wordOf(row), style: 'dim' },
    { text: row.numTasks === 0 ? '' : counted(row.numTasks, 'task'), style: 'dim' },
    { text: row.template === null ? '' : safeText(row.template, 60), style: 'dim' },
  ];
}

function doneParts(run: Run, room: number, view: WatchView): Part[] {
  const { row } = run;
  const { counts, phase } = row;
  const word = { text: wordOf(row), style: STYLES[phase] };
  if (phase === 'missing') return [word];
  const cells = cellsOf(view);
  const share = shareText(run);
  // The numbers say more than the bar.
  const hasBar = !isNarrow(view) || cells + 1 + share.length <= room;
  const parts: Part[] = [
    { text: hasBar ? segments(row, cells) : '' },
    { text: isNarrow(view) ? share : padEnd(share, 7) },
  ];
  // Where there is no room for the word, the mark says it.
  if (!isNarrow(view)) parts.unshift({ ...word, text: padEnd(word.text, 9) });
  for (const [count, word, style] of [
    [counts.failed, 'failed', 'red'],
    [counts.cancelled, 'cancelled', 'magenta'],
    [counts.paused, 'paused', 'magenta'],
    [counts.running, 'running', 'yellow'],
    [counts.pending, 'pending', 'dim'],
    [counts.unknown, 'open', 'dim'],
  ] as const) {
    if (count > 0) parts.push({ text: `${count} ${word}`, style });
  }
  return parts;
}

function whenParts({ row, until }: Run, { now }: WatchView): Part[] {
  return row.phase === 'running' || until === null ? [] : [{ text: relativeTime(until, now), style: 'dim' }];
}

/** `████▓▒░░░`: ended well, failed, cancelled, still open. Whatever there is of one is to be seen. */
export function segments(
  { counts, numTasks }: Pick<StatusRow, 'counts' | 'numTasks'>,
  cells: number,
): string {
  const finished = finishedCount(counts);
  const open = Math.max(0, numTasks - finished);
  const kinds = [
    ['█', counts.done],
    ['▓', counts.failed],
    ['▒', counts.cancelled],
    ['░', open],
  ] as const;
  const total = finished + open;
  if (total === 0) return '░'.repeat(cells);
  const widths = kinds.map(([, count]) =>
    count === 0 ? 0 : Math.max(1, Math.floor((count / total) * cells)),
  );
  let rest = cells - widths.reduce((sum, width) => sum + width, 0);
  while (rest !== 0) {
    const largest = kinds.reduce((most, [, count], index) => (count > kinds[most]![1] ? index : most), 0);
    const widest = widths.indexOf(Math.max(...widths));
    const index = rest > 0 ? largest : widest;
    widths[index] = widths[index]! + Math.sign(rest);
    rest -= Math.sign(rest);
  }
  return kinds.map(([cell], index) => cell.repeat(widths[index]!)).join('');
}

/** What failed for the same reason is told once: the reason, and on which game servers. The most frequent first. */
export function failureLines({ row }: Run, limit: number, view: WatchView, paint: Paint): string[] {
  const { width } = view;
  const reasons = [...groupBy(row.failures, ({ resultText }) => safeText(resultText.trim(), 400))].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const left = reasons.slice(limit).reduce((sum, [, { length }]) => sum + length, 0);
  return reasons.slice(0, limit).map(([reason, failures], index) => {
    const more = left > 0 && index === limit - 1 ? ` +${left} more` : '';
    const shown = failures.slice(0, width < 100 ? 1 : 2).map(({ entityId }) => safeText(entityId, 24));
    const others = failures.length - shown.length;
    const label = isNarrow(view) ? '' : failures.length === 1 ? 'game server ' : 'game servers ';
    const head = `${isNarrow(view) ? '  ' : '    '}${label}${shown.join(', ')}${others > 0 ? ` +${others}` : ''}: `;
    const text = truncate(
      `${head}${reason || 'failed without a message'}`,
      Math.max(0, width - displayWidth(more)),
    );
    return paint('red', text + more);
  });
}

export function reasonsOf({ row }: Run): number {
  return new Set(row.failures.map(({ resultText }) => resultText.trim())).size;
}

function cellsOf(view: WatchView): number {
  return isNarrow(view) ? 6 : view.width < 120 ? 10 : 20;
}

export function isNarrow({ width }: WatchView): boolean {
  return width < 60;
}

/** Columns of a name without its time. */
const LEAST_NAME = 14;
const LEAST_NARROW_NAME = 8;
/** Seconds within which a time of day needs no date. */
const UNMISTAKABLE = 20 * 3600;

/** The mark before a name, and the blanks around. */
export const HEAD_ROOM = 4;
const WHEN_WIDTH = 'in 23 h 59 min'.length;
