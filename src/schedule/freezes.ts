/**
 * Freezes → whether a run may begin, and when none may. What a freeze does to a run is decided elsewhere.
 *
 * Invariant: `freezeAt` and `freezeWindows` agree. A recurring window begins at an occurrence of its expression, at each
 * change of clock as a schedule's would, and lasts for its duration in real time; windows that overlap are one.
 */
import type { TemplateRef } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import { partitionPoint } from '../model/partition-point.ts';
import { safeText } from '../model/safe-text.ts';
import type { FreezableRun, Freeze, FreezeTime, FreezeWindow, Recurrence } from '../model/schedule.ts';
import { rfc3339 } from '../model/words.ts';
import { MOST_OCCURRENCES, occurrences } from './occurrences.ts';

type Interval = Pick<FreezeWindow, 'from' | 'to'>;

/** The first that covers the run, in the file's order. For many runs: `freezesBetween`. */
export function freezeAt(freezes: readonly Freeze[], run: FreezableRun): Freeze | null {
  const concerned = freezes.filter((freeze) => concerns(freeze, run));
  return freezesBetween(concerned, run.at, run.at + 1)(run);
}

/** The same for all runs of that time, whose windows are looked up once. Throws where there are too many. */
export function freezesBetween(
  freezes: readonly Freeze[],
  from: number,
  to: number,
): (run: FreezableRun) => Freeze | null {
  const looked = freezes.map((freeze) => ({ freeze, windows: windowsBetween(freeze, from, to) }));
  return (run) => {
    if (run.at < from || run.at >= to)
      throw new RangeError(`${run.at} is not from ${from} until before ${to}`);
    const found = looked.find(({ freeze, windows }) => concerns(freeze, run) && isWithin(windows, run.at));
    return found?.freeze ?? null;
  };
}

/** All windows of that time, cut to it; by their start, then in the file's order. Throws where there are too many. */
export function freezeWindows(freezes: readonly Freeze[], from: number, to: number): FreezeWindow[] {
  const found = freezes.flatMap((freeze) =>
    windowsBetween(freeze, from, to).map((window) => ({ freeze: freeze.name, ...window })),
  );
  return found.sort((a, b) => a.from - b.from);
}

function concerns(freeze: Freeze, { fleets, regions, template }: FreezableRun): boolean {
  if (freeze.templates?.some((one) => isTemplate(one, template)) === false) return false;
  if (freeze.fleets === undefined && freeze.regions === undefined) return true;
  const isIn = (some: readonly unknown[] | undefined, all: readonly unknown[]): boolean =>
    some?.some((one) => all.includes(one)) === true;
  return isIn(freeze.fleets, fleets) || isIn(freeze.regions, regions);
}

function isTemplate(ref: TemplateRef, { name, id }: FreezableRun['template']): boolean {
  return 'name' in ref ? ref.name === name : ref.id === id;
}

function isWithin(windows: readonly Interval[], at: number): boolean {
  const next = partitionPoint(windows, (window) => window.from <= at);
  const last = windows[next - 1];
  return last !== undefined && at < last.to;
}

function windowsBetween(freeze: Freeze, from: number, to: number): Interval[] {
  const found: Interval[] = [];
  for (const window of windowsOf(freeze, from, to)) {
    if (found.length === MOST_OCCURRENCES) throw tooMany(freeze.name, from, to);
    found.push(window);
  }
  return found;
}

/** Ascending, none of them empty, apart from each other. */
function* windowsOf(freeze: FreezeTime, from: number, to: number): Generator<Interval> {
  let open: { from: number; to: number } | undefined;
  for (const window of startsOf(freeze, from, to)) {
    const start = Math.max(window.from, from);
    const end = Math.min(window.to, to);
    if (start >= end) continue;
    if (open !== undefined && start <= open.to) {
      open.to = Math.max(open.to, end);
    } else {
      if (open !== undefined) yield open;
      open = { from: start, to: end };
    }
    if (open.to === to) break;
  }
  if (open !== undefined) yield open;
}

function* startsOf(freeze: FreezeTime, from: number, to: number): Generator<Interval> {
  if ('from' in freeze) {
    yield freeze;
    return;
  }
  const { cron, timezone, duration } = freeze;
  const recurrence: Recurrence = { cron, timezone, from: null, until: null, except: [] };
  // One that began that long ago may last until now.
  for (const start of occurrences(recurrence, from - duration + 1, to))
    yield { from: start, to: start + duration };
}

function tooMany(name: string, from: number, to: number): FleetformError {
  const message = `The freeze "${safeText(name, 80)}" has more than ${MOST_OCCURRENCES} windows from ${rfc3339(from)} to ${rfc3339(to)}.`;
  const hint = 'Let it begin less often, or last until it begins again.';
  return new FleetformError('schedule.too_many', message, { hint });
}
