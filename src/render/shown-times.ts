/**
 * The times in a finding or a reason, on the reader's clock. `plan/` writes them in UTC, as it knows no zone but the
 * file's and what it writes is compared; here they become what every other time of an output is.
 *
 * Invariant: what is quoted (values and names of a file or the API, addresses) stays as it is.
 */
import { formatTime } from './time.ts';

/** `until 2026-12-02T00:00:00Z` → `until 2026-12-02 01:00 CET (00:00 UTC)`. undefined: the zone is not known. */
export function shownTimes(text: string, timezone: string | undefined): string {
  if (timezone === undefined) return text;
  let depth = 0;
  return text.replace(PARTS, (part: string) => {
    if (part === '(' || part === ')') depth = Math.max(0, depth + (part === '(' ? 1 : -1));
    const time = TIME.test(part) ? Date.parse(part) / 1000 : Number.NaN;
    if (!Number.isFinite(time)) return part;
    const shown = formatTime(time, timezone);
    return depth === 0 ? shown : shown.replace(/ \((.*)\)$/, ', $1');
  });
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** What is quoted, words that a time may be part of, and the brackets around a remark. */
const PARTS = /"(?:[^"\\]|\\.)*"|`[^`]*`|[()]|[^\s"`(),;]+/g;
