/**
 * The hours around now as lines: an axis, and a lane for each address (or, where those are too many, each block), most
 * important first. A cell is a whole number of minutes, so that the picture stands still while nothing happens. Pure.
 */
import { blockOf } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Paint, Style } from '../color.ts';
import { displayWidth, padEnd, shorten } from '../display-width.ts';
import { STYLES } from '../status.ts';
import { localClock } from '../time.ts';
import { MARKS, nameText, type WatchView } from './parts.ts';
import type { Run } from './runs.ts';

/** At most `height` lines, the axis first; none where there is no room for it and a lane. */
export function timelineLines(
  runs: readonly Run[],
  nameWidth: number,
  height: number,
  view: WatchView,
  paint: Paint,
): string[] {
  const cells = view.width - nameWidth - 2;
  const timed = runs.filter(({ at }) => at !== null);
  if (height < 2 || cells < 2 * TICK_CELLS) return [];
  const scale = scaleOf(timed, cells, view.now);
  const all = lanesOf(timed, scale, height - 1);
  if (all.length === 0) return [];
  const lanes = all.length <= height - 1 ? all : all.slice(0, Math.max(1, height - 2));
  const lines = [
    `${' '.repeat(nameWidth + 2)}${paint('dim', axis(scale, view))}`,
    ...lanes.map(
      ([name, own]) =>
        `${padEnd(shorten(nameText(name), nameWidth), nameWidth)}  ${laneText(own, scale, view, paint)}`,
    ),
  ];
  const left = all.length - lanes.length;
  if (left > 0 && lines.length < height) lines.push(paint('dim', `+${left} more`));
  return lines;
}

/** Lanes that a timeline would have with all the room there is. */
export function laneCount(runs: readonly Run[]): number {
  return new Set(runs.filter(({ at }) => at !== null).map(({ base }) => base)).size;
}

type Lane = readonly [name: string, runs: readonly Run[]];

/** Those with something to be seen first, then those of what is later; none of what is only long past. */
function lanesOf(runs: readonly Run[], scale: Scale, room: number): Lane[] {
  const end = endOf(scale);
  const isAhead = ({ at }: Run) => at !== null && at >= end;
  const isSeen = (run: Run) =>
    !isAhead(run) && (run.row.phase === 'running' || (run.until ?? run.at ?? 0) >= scale.from);
  const byAddress = [...groupBy(runs, ({ base }) => base)];
  const all = byAddress.length <= room ? byAddress : [...groupBy(runs, ({ base }) => blockOf(base))];
  const seen = all.filter(([, own]) => own.some(isSeen));
  return [...seen, ...all.filter(([, own]) => !own.some(isSeen) && own.some(isAhead))];
}

function endOf({ from, cells, cellMinutes }: Scale): number {
  return from + cells * cellMinutes * 60;
}

interface Scale {
  /** Unix seconds: where the first cell begins. */
  readonly from: number;
  readonly cells: number;
  /** Minutes. */
  readonly cellMinutes: number;
  readonly tickMinutes: number;
}

const TICK_CELLS = 10;
const TICKS = [10, 20, 30, 60, 120, 180, 240, 360, 720];
const SHORTEST_HOURS = 3;
const LONGEST_HOURS = 12;
/** Of the cells, those before now. */
const PAST_SHARE = 0.2;

/** As close as can be with the next run of every lane in sight, if that is within half a day. */
function scaleOf(runs: readonly Run[], cells: number, now: number): Scale {
  const ahead = new Map<string, number>();
  for (const { base, at } of runs) {
    if (at !== null && at > now) ahead.set(base, Math.min(at, ahead.get(base) ?? at));
  }
  const within = [...ahead.values()].map((at) => (at - now) / 3600).filter((hours) => hours <= LONGEST_HOURS);
  const hours = within.reduce((most, one) => Math.max(most, one), SHORTEST_HOURS);
  const past = Math.floor(cells * PAST_SHARE);
  const minutesAhead = (tick: number) => (cells - past - 1) * (tick / TICK_CELLS);
  const tickMinutes = TICKS.find((tick) => minutesAhead(tick) >= hours * 60) ?? TICKS.at(-1)!;
  const cellMinutes = tickMinutes / TICK_CELLS;
  const cell = cellMinutes * 60;
  return { from: Math.floor(now / cell) * cell - past * cell, cells, cellMinutes, tickMinutes };
}

/** `14:00     15:00`, each label where its time begins; by the clock of the zone, also on the day of its change. */
function axis({ from, cells, cellMinutes, tickMinutes }: Scale, { timezone, now }: WatchView): string {
  let text = '';
  for (let cell = 0; cell < cells; cell += 1) {
    if (text.length > cell) continue;
    const [hour = 0, minute = 0] = localClock(from + cell * cellMinutes * 60, timezone)
      .time.split(':')
      .map(Number);
    const tick = Math.ceil((hour * 60 + minute) / tickMinutes) * tickMinutes;
    const isHere = tick - (hour * 60 + minute) < cellMinutes;
    const label = `${pad(Math.floor(tick / 60) % 24)}:${pad(tick % 60)}`;
    text += isHere && cell + label.length <= cells ? `${label} ` : ' ';
  }
  const here = Math.floor((now - from) / (cellMinutes * 60));
  return [...text.slice(0, cells)]
    .map((char, cell) => (cell === here && char === ' ' ? '▼' : char))
    .join('')
    .trimEnd();
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

interface Cell {
  readonly text: string;
  readonly style: Style | undefined;
}

function laneText(runs: readonly Run[], scale: Scale, { now }: WatchView, paint: Paint): string {
  const cells: (Cell | undefined)[] = Array.from({ length: scale.cells });
  const cellOf = (time: number) => Math.floor((time - scale.from) / (scale.cellMinutes * 60));
  const put = (cell: number, text: string, style: Style) => {
    if (cell >= 0 && cell < scale.cells) cells[cell] = { text, style };
  };
  put(cellOf(now), '│', 'bold');
  // The most important last, on top of what is in the same cell.
  for (const { row, at, until } of [...runs].reverse()) {
    if (at === null) continue;
    const style = row.counts.failed > 0 ? 'red' : STYLES[row.phase];
    const end = row.phase === 'running' ? Math.max(at, now) : (until ?? at);
    for (let cell = Math.max(0, cellOf(at)); cell < cellOf(end); cell += 1) put(cell, '━', style);
    put(
      cellOf(end),
      row.counts.failed > 0 && row.phase !== 'running' ? MARKS.failed : MARKS[row.phase],
      style,
    );
  }
  const ahead = endOf(scale);
  if (runs.some(({ at }) => at !== null && at >= ahead))
    cells[scale.cells - 1] ??= { text: '›', style: 'dim' };
  const last = cells.findLastIndex((cell) => cell !== undefined);
  return cells
    .slice(0, last + 1)
    .map((cell) => (cell?.style === undefined ? (cell?.text ?? ' ') : paint(cell.style, cell.text)))
    .join('');
}

export function nameWidthOf(names: readonly string[], { width }: Pick<WatchView, 'width'>): number {
  const longest = names.reduce((most, name) => Math.max(most, displayWidth(name)), 0);
  return Math.min(longest, Math.max(10, Math.floor(width * 0.36)));
}
