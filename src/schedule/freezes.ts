/**
 * Freezes → whom they concern, and when. What a freeze does to a run is decided elsewhere (`wanted.ts`).
 *
 * Invariant: a recurring window begins at a time that its expression names, at a change of clock as a schedule would, and
 * lasts for its duration in real time. Windows that overlap are one.
 */

import { FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import { partitionPoint } from '../model/partition-point.ts';
import { safeText } from '../model/safe-text.ts';
import type {
  Freeze,
  FreezeSubject,
  FreezeTime,
  FreezeVerdict,
  FreezeWindow,
  Recurrence,
} from '../model/schedule.ts';
import type { TemplateRef } from '../model/template-ref.ts';
import { rfc3339 } from '../model/words.ts';
import { MOST_OCCURRENCES, occurrences } from './occurrences.ts';

type Interval = Pick<FreezeWindow, 'from' | 'to'>;

/** Does it hold for what that is? Only what the freeze restricts has to be known. */
export function concerns(freeze: Freeze, subject: FreezeSubject): FreezeVerdict {
  const { fleets, regions, isWhole, isAnywhere, template } = subject;
  const ofTemplate = freeze.templates === undefined ? 'yes' : namesTemplate(freeze.templates, template);
  if (ofTemplate === 'no') return 'no';
  if (isAnywhere || (freeze.fleets === undefined && freeze.regions === undefined)) return ofTemplate;
  const ofPlace = [
    reaches(freeze.fleets, fleets, isWhole.fleets),
    reaches(freeze.regions, regions, isWhole.regions),
  ];
  if (ofPlace.includes('yes')) return ofTemplate;
  return ofPlace.includes('maybe') ? 'maybe' : 'no';
}

function reaches(frozen: readonly Id[] | undefined, all: readonly Id[], isWhole: boolean): FreezeVerdict {
  if (frozen === undefined || frozen.length === 0) return 'no';
  if (frozen.some((one) => all.includes(one))) return 'yes';
  return isWhole ? 'no' : 'maybe';
}

function namesTemplate(refs: readonly TemplateRef[], { name, id }: FreezeSubject['template']): FreezeVerdict {
  if (refs.some((ref) => ('name' in ref ? ref.name === name : ref.id === id))) return 'yes';
  return refs.some((ref) => ('name' in ref ? name : id) === null) ? 'maybe' : 'no';
}

/** The windows of one freeze that touch a time, looked up once. Throws `schedule.too_many`. */
export class FreezeCalendar {
  readonly #windows: readonly Interval[];

  constructor(freeze: Freeze, from: number, to: number) {
    // One that begins within that time is to be told with its end.
    const end = 'from' in freeze ? Math.max(to, freeze.to) : to + freeze.duration;
    this.#windows = windowsBetween(freeze, from, end);
  }

  /** The window that covers the moment; null: none does. */
  windowAt(at: number): Interval | null {
    const last = this.#windows[partitionPoint(this.#windows, (window) => window.from <= at) - 1];
    return last !== undefined && at < last.to ? last : null;
  }

  /** When the next window after that moment begins; null: none does, within that time. */
  nextAfter(at: number): number | null {
    return this.#windows[partitionPoint(this.#windows, (window) => window.from <= at)]?.from ?? null;
  }
}

/** All windows of that time, cut to it; by their start, then in the file's order. Throws where there are too many. */
export function freezeWindows(freezes: readonly Freeze[], from: number, to: number): FreezeWindow[] {
  const found = freezes.flatMap((freeze) =>
    windowsBetween(freeze, from, to).map((window) => ({ freeze: freeze.name, ...window })),
  );
  return found.sort((a, b) => a.from - b.from);
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
