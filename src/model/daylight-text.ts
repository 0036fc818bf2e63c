/** What a change of clock does to a run, in words: on the clock of its schedule, and in UTC. */
import { safeText } from './safe-text.ts';
import type { DaylightNote } from './schedule.ts';
import { listText, rfc3339 } from './words.ts';

/** `02:30 does not exist on 2026-03-29 in Europe/Amsterdam; it runs at 03:00 (2026-03-29T01:00:00Z)`: no full stop. */
export function daylightText(note: DaylightNote, timezone: string): string {
  const zone = safeText(timezone, 64);
  const at = rfc3339(note.at);
  if (note.kind === 'single') {
    const [day, time] = note.named.split('T');
    return `${time} exists twice on ${day} in ${zone}; it runs the first time (${at}), and not again at ${rfc3339(note.repeat)}`;
  }
  const [day = ''] = note.named[0]?.split('T') ?? [];
  const times = note.named.map((named) => named.slice(11));
  const [does, run] = times.length === 1 ? ['does', 'it runs'] : ['do', 'they run once,'];
  return `${listText(times)} ${does} not exist on ${day} in ${zone}; ${run} at ${clockTime(note.at, timezone)} (${at})`;
}

function clockTime(at: number, timezone: string): string {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return clock.format(at * 1000);
}
