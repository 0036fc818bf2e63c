/**
 * A live view of a status for a window of a given size: what there is at all, the hours around now, and then run after
 * run. Pure.
 *
 * Invariant: never more lines than the window has, none wider than it; what is left out is counted, and is never more
 * important than what is shown.
 */
import { safeText } from '../../model/safe-text.ts';
import type { Status } from '../../model/status.ts';
import type { Timeline } from '../../model/timeline.ts';
import { type Paint, painter } from '../color.ts';
import { displayWidth, truncate } from '../display-width.ts';
import { counted } from '../phrases.ts';
import { phasesText } from '../status.ts';
import { localClock } from '../time.ts';
import { line, MARKS, nameText, type Part, type WatchView } from './parts.ts';
import { failureLines, groupNameWidth, reasonsOf, runLine } from './rows.ts';
import { byGroup, GROUPS, type Group, type Run, runsOf } from './runs.ts';
import { laneCount, nameWidthOf, timelineLines } from './timeline.ts';

export interface Watched {
  readonly status: Status;
  readonly timeline: Timeline;
}

export function watchFrame(watched: Watched, view: WatchView): string[] {
  if (view.width >= NARROWEST) return frameOf(watched, view);
  const lines = frameOf(watched, { ...view, width: NARROWEST, color: false });
  return lines.map((text) => truncate(text, view.width));
}

/** Columns below which nothing is laid out any more: lines are cut. */
const NARROWEST = 20;

function frameOf({ status, timeline }: Watched, view: WatchView): string[] {
  const paint = painter(view.color);
  const runs = runsOf(status, timeline);
  const head = headLine(status, runs, view, paint);
  if (runs.length === 0)
    return [head, line([{ text: 'No batches to show.' }], view.width, paint)].slice(0, view.height);
  const isRoomy = view.height >= ROOMY;
  const hours = timelineLines(
    runs,
    nameWidthOf(
      runs.map(({ base }) => nameText(base)),
      view,
    ),
    hoursRoom(runs, view),
    view,
    paint,
  );
  const above = hours.length === 0 ? [head] : isRoomy ? [head, '', ...hours, ''] : [head, ...hours];
  const below = runsLines(runs, Math.max(0, view.height - above.length), view, paint);
  return [...above, ...below].slice(0, view.height);
}

/** Lines of a window from which there are blank ones, and titles. */
const ROOMY = 16;

/** For the axis and the lanes: up to a third of the window, and more where the runs leave some. */
function hoursRoom(runs: readonly Run[], { height }: WatchView): number {
  if (height < 8) return 0;
  const wanted = 1 + laneCount(runs);
  const left = height - 4 - wholeHeight(runs);
  return Math.min(wanted, Math.max(3, Math.floor(height / 3), left));
}

function wholeHeight(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + 1 + reasonsOf(run), 0) + 2 * GROUPS.length;
}

const TITLES: Readonly<Record<Group, string>> = {
  failing: 'Failing',
  running: 'Running',
  next: 'Next',
  ended: 'Ended',
};

/** Where there is no room for the words. */
const GROUP_MARKS: Readonly<Record<Group, string>> = {
  failing: MARKS.failed,
  running: MARKS.running,
  next: MARKS.scheduled,
  ended: MARKS.done,
};

function headLine(
  { name, api, unmanaged }: Status,
  runs: readonly Run[],
  view: WatchView,
  paint: Paint,
): string {
  const groups = byGroup(runs);
  const count = (group: Group) => groups.get(group)?.length ?? 0;
  const there = GROUPS.filter((group) => count(group) > 0);
  const long = there.map((group) => `${count(group)} ${group}`).join(', ');
  const short = there.map((group) => `${GROUP_MARKS[group]}${count(group)}`).join(' ');
  const title = truncate(safeText(name, 80), Math.max(8, view.width - displayWidth(short) - 2));
  const isLongFitting = displayWidth(title) + 2 + displayWidth(long) <= view.width;
  const { time, zone } = localClock(view.now, view.timezone);
  const parts: Part[] = [
    { text: title, style: 'bold' },
    { text: isLongFitting ? long : short, ...(count('failing') > 0 ? ({ style: 'red' } as const) : {}) },
    { text: `${time.slice(0, 5)} ${zone}` },
    { text: unmanaged.length === 0 ? '' : counted(unmanaged.length, 'unmanaged batch', 'unmanaged batches') },
    { text: safeText(api, 200), style: 'dim' },
    { text: 'Ctrl-C ends', style: 'dim' },
  ];
  return line(parts, view.width, paint);
}

interface Shown {
  readonly run: Run;
  reasons: number;
}

/** In the order of importance, with how many reasons of each; the last line counts the rest. */
function runsLines(runs: readonly Run[], height: number, view: WatchView, paint: Paint): string[] {
  const groups = byGroup(runs);
  const titles = view.height >= ROOMY ? groups.size : 0;
  const isWhole =
    runs.reduce((sum, run) => sum + 1 + Math.min(MOST_REASONS, reasonsOf(run)), titles) <= height;
  const shown = choose(runs, groups, Math.max(0, height - titles - (isWhole ? 0 : 1)));
  const all = shown.map(({ run }) => run);
  const lines: string[] = [];
  for (const group of GROUPS) {
    const own = shown.filter(({ run }) => run.group === group);
    const nameWidth = groupNameWidth(group, all, view);
    if (titles > 0 && own.length > 0)
      lines.push(paint('bold', `${TITLES[group]} (${groups.get(group)!.length})`));
    for (const { run, reasons } of own) {
      lines.push(runLine(run, nameWidth, view, paint), ...failureLines(run, reasons, view, paint));
    }
  }
  const chosen = new Set(shown.map(({ run }) => run));
  const left = runs.filter((run) => !chosen.has(run)).map(({ row }) => row);
  if (left.length > 0 && lines.length < height) {
    lines.push(
      line([{ text: `+${left.length} more: ${phasesText(left)}`, style: 'dim' }], view.width, paint),
    );
  }
  return lines;
}

const MOST_REASONS = 5;
/** Of what is to come, more important than the further reasons of a failure. */
const NEXT_FIRST = 5;

/** One of each group first, and why the first failed; then group after group. */
function choose(runs: readonly Run[], groups: ReadonlyMap<Group, readonly Run[]>, room: number): Shown[] {
  const shown = new Map<Run, Shown>();
  let left = room;
  const take = (run: Run | undefined, reasons: number) => {
    if (run === undefined) return;
    const known = shown.get(run);
    if (known === undefined && left < 1) return;
    const one = known ?? { run, reasons: 0 };
    if (known === undefined) left -= 1;
    shown.set(run, one);
    const more = Math.min(left, Math.min(reasons, reasonsOf(run)) - one.reasons);
    if (more <= 0) return;
    one.reasons += more;
    left -= more;
  };
  const of = (group: Group) => groups.get(group) ?? [];
  for (const group of GROUPS) take(of(group)[0], room > 2 ? 1 : 0);
  for (const run of of('failing')) take(run, 1);
  for (const run of of('running')) take(run, 0);
  for (const run of of('next').slice(0, NEXT_FIRST)) take(run, 0);
  for (const run of of('failing')) take(run, MOST_REASONS);
  for (const run of runs) take(run, 0);
  return runs.flatMap((run) => shown.get(run) ?? []);
}
