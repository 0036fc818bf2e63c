/** Events of the API's client → an occasional line. Requests that wait at the same time are reported once. */
import type { ClientEvent } from '../model/client-events.ts';
import { clientNotice } from '../render/client-notice.ts';

/** Milliseconds in which one line is enough. */
const QUIET = 4000;

/** `elapsed`: milliseconds that only go forward. */
export function apiNotices(
  origin: string,
  elapsed: () => number,
  tell: (text: string) => void,
): (event: ClientEvent) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (event) => {
    const text = clientNotice(event, origin);
    if (text === null || elapsed() - told < QUIET) return;
    told = elapsed();
    tell(text);
  };
}
