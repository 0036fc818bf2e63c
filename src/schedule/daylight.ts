/** Which occurrences a change of clock has made other ones than the expression says: for who reviews them. */
import type { DaylightNote, Recurrence } from '../model/schedule.ts';
import { isNamed, runsAfter, sourceOf } from './occurrences.ts';
import { LONGEST_CHANGE, overlapsBetween, stretchesBetween } from './stretches.ts';
import { wallTimes } from './wall-times.ts';

/** Of the occurrences from `from` until before `to`, ascending. None, where the expression goes on in real time. */
export function daylightNotes(recurrence: Recurrence, from: number, to: number): DaylightNote[] {
  const source = sourceOf(recurrence);
  if (source.calendar.isEveryHour) return [];
  const notes: DaylightNote[] = [];
  for (const piece of stretchesBetween({ timezone: recurrence.timezone, isEveryHour: false }, from, to)) {
    if (piece.kind === 'stretch' || !runsAfter(source, piece)) continue;
    notes.push({ kind: 'moved', at: piece.at, named: [...wallTimes(source, piece)].map(wallText) });
  }
  // The first of two times lies before the change that brings the second.
  for (const overlap of overlapsBetween(recurrence.timezone, from, to + LONGEST_CHANGE)) {
    for (const time of wallTimes(source, overlap)) {
      const [at, repeat] = [time - overlap.offsets[0], time - overlap.offsets[1]];
      if (at >= from && at < to) notes.push({ kind: 'single', at, named: wallText(time), repeat });
    }
  }
  return notes.filter((note) => isNamed(recurrence, note.at)).sort((a, b) => a.at - b.at);
}

/** `2026-03-29T02:30`: no moment, so without an offset. */
function wallText(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16);
}
