/** When a freeze really ends, however short the time is that was looked at. */
import type { Freeze } from '../model/schedule.ts';
import { FreezeCalendar } from './freezes.ts';

const FAR = 400 * 86_400;

/** Of the window that covers that moment; null: no end of it is in sight. Where windows touch, they go on. */
export function freezeEnd(freeze: Freeze, at: number): number | null {
  if ('to' in freeze) return freeze.to;
  for (let ahead = 2 * freeze.duration; ; ahead *= 2) {
    const span = Math.min(ahead, FAR);
    const end = new FreezeCalendar(freeze, at, at + span).windowAt(at)?.to ?? null;
    // A calendar looks further than it was asked to, by one duration.
    if (end === null || end < at + span + freeze.duration) return end;
    if (span === FAR) return null;
  }
}
