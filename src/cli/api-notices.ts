/**
 * Events of the API's client → an occasional line. Requests that wait at the same time are reported once; what is
 * waited for at a stop always is, after what its signal is answered with.
 */
import type { ClientEvent } from '../model/client-events.ts';
import { clientNotice, type Stopping, stoppingNotice } from '../render/client-notice.ts';

/** Milliseconds in which one line is enough. */
const QUIET = 4000;

/** `elapsed`: milliseconds that only go forward. */
export function apiNotices(
  origin: string,
  elapsed: () => number,
  tell: (text: string) => void,
): (event: ClientEvent) => void {
  let told = Number.NEGATIVE_INFINITY;
  let stopping: Stopping[] = [];
  const tellStopping = () => {
    told = elapsed();
    tell(stoppingNotice(stopping));
    stopping = [];
  };
  return (event) => {
    if (event.type === 'stopping') {
      if (stopping.push(event) === 1) queueMicrotask(tellStopping);
      return;
    }
    const text = clientNotice(event, origin);
    if (text === null || elapsed() - told < QUIET) return;
    told = elapsed();
    tell(text);
  };
}
