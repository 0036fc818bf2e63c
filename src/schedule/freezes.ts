/**
 * Freezes → whether a run may begin, and when none may. What a freeze does to a run is decided elsewhere.
 *
 * Invariant: `freezeAt` and `freezeWindows` agree. A recurring window begins at an occurrence of its expression, at each
 * change of clock as a schedule's would, and lasts for its duration in real time; windows that overlap are one.
 */
import type { TemplateRef } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { FreezableRun, Freeze, FreezeTime, FreezeWindow, Recurrence } from '../model/schedule.ts';
import { MOST_OCCURRENCES, occurrences } from './occurrences.ts';

/** The first that covers the run, in the file's order. */
export function freezeAt(freezes: readonly Freeze[], run: FreezableRun): Freeze | null {
  return freezes.find((freeze) => concerns(freeze, run) && holdsAt(freeze, run.at)) ?? null;
}

/** All windows of that time, cut to it; by their start, then in the file's order. Throws where there are too many. */
export function freezeWindows(
  freezes: readonly Freeze[],
  from: number,
  to: number,
  limit = MOST_OCCURRENCES,
): FreezeWindow[] {
  const found: FreezeWindow[] = [];
  for (const freeze of freezes) {
    for (const window of windowsOf(freeze, from, to)) {
      if (found.length === limit) throw tooMany(freeze.name, limit);
      found.push({ freeze: freeze.name, ...window });
    }
  }
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

function holdsAt(freeze: FreezeTime, at: number): boolean {
  for (const _ of windowsOf(freeze, at, at + 1)) return true;
  return false;
}

/** Ascending, none of them empty, apart from each other. */
function* windowsOf(
  freeze: FreezeTime,
  from: number,
  to: number,
): Generator<Pick<FreezeWindow, 'from' | 'to'>> {
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

function* startsOf(
  freeze: FreezeTime,
  from: number,
  to: number,
): Generator<Pick<FreezeWindow, 'from' | 'to'>> {
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

function tooMany(name: string, limit: number): FleetformError {
  return new FleetformError(
    'schedule.too_many',
    `The freezes have more than ${limit} windows in that time.`,
    {
      hint: `Let the freeze "${name}" begin less often, or last until it begins again.`,
    },
  );
}
