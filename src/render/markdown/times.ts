/** Times in a comment: the file's zone and UTC, as on a terminal. */
import { formatTime } from '../time.ts';
import { code } from './escape.ts';

export function timeText(unixSeconds: number, timezone: string): string {
  const text = formatTime(unixSeconds, timezone);
  // A number that is no time of the calendar could be read as the name of a commit.
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9A-Z:()+ -]+$/.test(text) ? text : code(text);
}

/** Of an RFC 3339 time. */
export function dateText(rfc3339: string, timezone: string): string {
  const seconds = Date.parse(rfc3339) / 1000;
  return Number.isFinite(seconds) ? timeText(seconds, timezone) : 'at an unknown time';
}
