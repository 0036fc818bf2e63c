/** Changes of clock that make an occurrence another one than the expression says, for who reviews a file or a plan. */
import type { DesiredBlock } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { DaylightNote } from '../model/schedule.ts';
import { listText, rfc3339 } from '../model/words.ts';
import { daylightNotes } from './daylight.ts';
import { offsetAt } from './zone.ts';

/** Once for each block, however many targets it has. `seconds`: from `now` on; null: each schedule's horizon. */
export function daylightFindings(
  blocks: readonly DesiredBlock[],
  now: number,
  seconds: number | null,
): Diagnostic[] {
  const told = new Set<string>();
  return blocks.flatMap(({ block, when, at }) => {
    if (when.kind !== 'schedule' || told.has(block)) return [];
    told.add(block);
    const { timezone, horizon } = when.schedule;
    const notes = daylightNotes(when.schedule, now, now + (seconds ?? horizon));
    return notes.map(
      (note): Diagnostic => ({
        severity: 'note',
        code: 'schedule.daylight',
        message: `"${block}": ${noteText(note, timezone)}`,
        ...at,
      }),
    );
  });
}

function noteText(note: DaylightNote, timezone: string): string {
  const { at } = note;
  const clock = wallClock(at, timezone);
  if (note.kind === 'single') {
    const { named, repeat } = note;
    return `${local(named)} exists twice in ${timezone}: it runs once, the first time (${rfc3339(at)}), not at ${rfc3339(repeat)}`;
  }
  const [first = '', ...more] = note.named;
  const times = more.length === 0 ? local(first) : listText(note.named.map(local));
  const [does, runs] = more.length === 0 ? ['does', 'it runs'] : ['do', 'they run once,'];
  return `${times} ${does} not exist in ${timezone}, as the clock goes forward: ${runs} at ${clock} (${rfc3339(at)})`;
}

/** `2026-03-29T02:30` → `2026-03-29 02:30`. */
function local(named: string): string {
  return named.replace('T', ' ');
}

function wallClock(at: number, timezone: string): string {
  return new Date((at + offsetAt(timezone, at)) * 1000).toISOString().slice(11, 16);
}
