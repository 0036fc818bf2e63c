/**
 * What part of time a page draws, and where each moment is on it: far-away items must not make everything else
 * small, and days on which nothing happens are folded. Pure; unix seconds.
 */
import type { Timeline } from '../../model/timeline.ts';
import { type Day, daysBetween } from './days.ts';

export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly isWeekend: boolean;
  /** Several days on which nothing happens: as wide as one gap, however long. */
  readonly isGap: boolean;
  readonly place: Place;
}

/** So many hours from the left edge, and so many gaps. */
export interface Place {
  readonly hours: number;
  readonly gaps: number;
}

export interface Window {
  readonly start: number;
  readonly end: number;
  readonly segments: readonly Segment[];
  /** Where the right edge is. */
  readonly edge: Place;
}

const DAY = 86_400;
const HOUR = 3600;
/** Days before and after now that are drawn at most. */
const BACK = 7;
/** Of earlier runs: they must not push the plan out of sight. */
const PAST_BACK = 2;
const AHEAD = 60;
/** Fewer quiet days than this are drawn as they are. */
const QUIET = 3;

export function windowOf({ now, lanes, freezes = [] }: Timeline, timezone: string): Window {
  const ends = freezes.flatMap(({ from, to }) => [from, to - 1]).filter((at) => isNear(at, now));
  const runs = lanes
    .flatMap((lane) => lane.items)
    .filter(({ at, isPast }) => at >= now - (isPast ? PAST_BACK : BACK) * DAY && at <= now + AHEAD * DAY)
    .map((item) => item.at);
  const near = [...runs, ...ends];
  const days = daysBetween(Math.min(now, ...near), Math.max(now, ...near), timezone, BACK + AHEAD + 3);
  const busy = new Set(days.filter((day) => [...near, now].some((at) => at >= day.start && at < day.end)));
  const segments: Segment[] = [];
  let place: Place = { hours: 0, gaps: 0 };
  for (const run of runsOf(days, (day) => busy.has(day))) {
    for (const part of run) {
      segments.push({ ...part, place });
      place = part.isGap
        ? { ...place, gaps: place.gaps + 1 }
        : { ...place, hours: place.hours + hoursOf(part.end - part.start) };
    }
  }
  return { start: days[0]!.start, end: days.at(-1)!.end, segments, edge: place };
}

function isNear(at: number, now: number): boolean {
  return at >= now - BACK * DAY && at <= now + AHEAD * DAY;
}

/** `at` must lie in the window. */
export function placeOf(at: number, { segments }: Window): Place {
  const segment = segments.find(({ end }) => at < end) ?? segments.at(-1)!;
  const { hours, gaps } = segment.place;
  return { hours: segment.isGap ? hours : hours + hoursOf(at - segment.start), gaps };
}

export function isInside(item: { readonly at: number }, { start, end }: Window): boolean {
  return item.at >= start && item.at < end;
}

function hoursOf(seconds: number): number {
  return Math.round((seconds / HOUR) * 1000) / 1000;
}

/** Days as they are, but a run of quiet ones as one. */
function runsOf(days: readonly Day[], isBusy: (day: Day) => boolean): Omit<Segment, 'place'>[][] {
  const runs: Omit<Segment, 'place'>[][] = [];
  let quiet: Day[] = [];
  const flush = () => {
    const [first] = quiet;
    const last = quiet.at(-1);
    if (first === undefined || last === undefined) return;
    const label = `${quiet.length} quiet days`;
    const gap = { start: first.start, end: last.end, label, isWeekend: false, isGap: true };
    runs.push(quiet.length < QUIET ? quiet.map((day) => ({ ...day, isGap: false })) : [gap]);
    quiet = [];
  };
  for (const day of days) {
    if (!isBusy(day)) {
      quiet.push(day);
      continue;
    }
    flush();
    runs.push([{ ...day, isGap: false }]);
  }
  flush();
  return runs;
}
