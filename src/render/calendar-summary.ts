/** A calendar in numbers. */
import type { Calendar, CalendarEntry } from '../model/calendar.ts';
import { listText } from '../model/words.ts';
import { VERDICTS } from './calendar-text.ts';
import { counted } from './phrases.ts';

const DAY = 86_400;
const VERDICT_ORDER = ['skipped', 'maybe-skipped', 'frozen', 'maybe-frozen'] as const;

/** `14 days: 38 runs, 2 skipped (finals), 1 may be skipped (weekends)`. */
export function calendarSummary(calendar: Calendar): string {
  const { entries, once, from, to } = calendar;
  const days = counted(Math.round((to - from) / DAY), 'day');
  if (entries.length === 0 && once.length === 0) return `Nothing in the file runs in these ${days}.`;
  const runs = entries.filter(({ verdict }) => verdict === 'runs');
  const paused = runs.filter((entry) => entry.paused).length;
  const parts = [
    (runs.length === 0 ? 'no runs' : counted(runs.length, 'run')) +
      (paused === 0 ? '' : ` (${paused} created paused)`),
    ...VERDICT_ORDER.flatMap((verdict) => frozen(entries, verdict)),
    ...(once.length === 0 ? [] : [`${once.length} as soon as applied`]),
  ];
  return `${days}: ${parts.join(', ')}`;
}

function frozen(entries: readonly CalendarEntry[], verdict: keyof typeof VERDICTS): string[] {
  const those = entries.filter((entry) => entry.verdict === verdict);
  if (those.length === 0) return [];
  const names = [...new Set(those.flatMap(({ freeze }) => (freeze === null ? [] : [freeze])))];
  return [`${those.length} ${VERDICTS[verdict]} (${listText(names)})`];
}
