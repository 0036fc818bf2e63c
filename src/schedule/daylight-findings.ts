/** Changes of clock that make an occurrence another one than the expression says, for who reviews a file or a plan. */
import { daylightText } from '../model/daylight-text.ts';
import type { DesiredBlock } from '../model/desired.ts';
import type { Diagnostic } from '../model/errors.ts';
import { daylightNotes } from './daylight.ts';

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
        message: `"${block}": ${daylightText(note, timezone)}`,
        ...at,
      }),
    );
  });
}
