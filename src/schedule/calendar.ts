/**
 * Blocks and some days → what runs when, from the file alone. What of it is created already is a plan's to tell.
 *
 * Invariant: every run that the file names in that time is one entry, whatever a freeze does to it; none is left out.
 */
import { addressOf } from '../model/addresses.ts';
import type { Calendar, CalendarBlock, CalendarEntry, CalendarNote } from '../model/calendar.ts';
import type { Desired, DesiredBlock } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import { rfc3339 } from '../model/words.ts';
import { daylightNotes } from './daylight.ts';
import { freezeEnd } from './freeze-end.ts';
import { concerns, freezeWindows } from './freezes.ts';
import { type Frozen, FrozenRuns } from './frozen-runs.ts';
import { countBetween, MOST_OCCURRENCES, occurrencesBetween } from './occurrences.ts';
import { plannedSchedules } from './planned-schedules.ts';
import { subjectOf } from './subject.ts';

type CalendarInput = Pick<Desired, 'name' | 'blocks' | 'freezes'>;

/** From `from` until before `to`. Throws `schedule.too_many`. */
export function calendarOf({ name, blocks, freezes }: CalendarInput, from: number, to: number): Calendar {
  refuseTooMany(blocks, from, to);
  return {
    name,
    from,
    to,
    entries: entriesOf(blocks, freezes, from, to),
    once: blocks.filter(({ when }) => when.kind === 'once').map(aboutBlock),
    windows: freezeWindows(freezes, from, to),
    daylight: notesOf(blocks, from, to),
    schedules: plannedSchedules(blocks),
  };
}

function entriesOf(
  blocks: readonly DesiredBlock[],
  freezes: Desired['freezes'],
  from: number,
  to: number,
): CalendarEntry[] {
  const frozenRuns = new FrozenRuns(freezes, (block, freeze) => concerns(freeze, subjectOf(block)), from, to);
  const [trouble] = frozenRuns.diagnostics;
  if (trouble !== undefined) throw tooLong(trouble);
  const endOf = ends(freezes, to);
  const entries = blocks.flatMap((block) => {
    return runsOf(block, from, to).map(({ address, executeAt }): CalendarEntry => {
      const frozen = frozenRuns.at(block, executeAt);
      return {
        ...aboutBlock(block),
        address,
        executeAt,
        verdict: verdictOf(block, frozen),
        freeze: frozen?.freeze ?? null,
        until: frozen === null ? null : endOf(frozen, executeAt),
      };
    });
  });
  return entries.sort((a, b) => a.executeAt - b.executeAt);
}

function verdictOf({ when }: DesiredBlock, frozen: Frozen | null): CalendarEntry['verdict'] {
  if (frozen === null) return 'runs';
  if (when.kind === 'schedule') return frozen.isCertain ? 'skipped' : 'maybe-skipped';
  return frozen.isCertain ? 'frozen' : 'maybe-frozen';
}

function runsOf({ address, when }: DesiredBlock, from: number, to: number) {
  switch (when.kind) {
    case 'once':
      return [];
    case 'at':
      return isBetween(when.executeAt, from, to) ? [{ address, executeAt: when.executeAt }] : [];
    case 'schedule': {
      const { schedule, offset } = when;
      // By when it runs, not by when it is named.
      return occurrencesBetween(schedule, from - offset, to - offset).map((named) => ({
        address: addressOf(address, named),
        executeAt: named + offset,
      }));
    }
  }
}

function aboutBlock({ address, block, template, targetText, paused }: DesiredBlock): CalendarBlock {
  return {
    address,
    block,
    template: 'name' in template ? template.name : template.id,
    targetText,
    paused: paused === true,
  };
}

function isBetween(at: number, from: number, to: number): boolean {
  return at >= from && at < to;
}

/** Counted first: what is too long to be listed is not listed to find that out. */
function refuseTooMany(blocks: readonly DesiredBlock[], from: number, to: number): void {
  const count = blocks.reduce((sum, { when }) => {
    if (when.kind === 'once') return sum;
    if (when.kind === 'at') return sum + (isBetween(when.executeAt, from, to) ? 1 : 0);
    return sum + countBetween(when.schedule, from - when.offset, to - when.offset);
  }, 0);
  if (count <= MOST_OCCURRENCES) return;
  throw new FleetformError(
    'schedule.too_many',
    `The file names ${count} runs from ${rfc3339(from)} to ${rfc3339(to)}; a calendar shows at most ${MOST_OCCURRENCES}.`,
    { hint: FEWER_DAYS },
  );
}

const FEWER_DAYS = 'Ask for fewer days (--days).';

/** A freeze may have too many windows for the days that were asked for, and no fault of its own. */
function tooLong({ code, message, hint = '' }: { code: string; message: string; hint?: string | undefined }) {
  return new FleetformError(code, message, { hint: `${FEWER_DAYS} ${hint}`.trim() });
}

/** What `FrozenRuns` says of a window that goes on behind the last day is only as far as it has looked. */
function ends(freezes: Desired['freezes'], to: number): (frozen: Frozen, at: number) => number | null {
  const beyond = new Map<string, number | null>();
  return ({ freeze: name, until }, at) => {
    const freeze = freezes.find((one) => one.name === name);
    if (until < to || freeze === undefined) return until;
    if (!beyond.has(name)) beyond.set(name, freezeEnd(freeze, at));
    return beyond.get(name) ?? null;
  };
}

/** The targets of a block have the same schedule, and each its own share of the spread. */
function notesOf(blocks: readonly DesiredBlock[], from: number, to: number): CalendarNote[] {
  const notes = new Map<string, CalendarNote>();
  for (const { block, when } of blocks) {
    if (when.kind !== 'schedule') continue;
    const { schedule, offset } = when;
    for (const note of daylightNotes(schedule, from - offset, to - offset)) {
      notes.set(`${block} ${note.kind} ${note.at}`, { block, timezone: schedule.timezone, note });
    }
  }
  return [...notes.values()].sort((a, b) => a.note.at - b.note.at);
}
