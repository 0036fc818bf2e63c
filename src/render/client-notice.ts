/** What we are waiting for, in a line: the screen should never be silent for long. */
import type { ClientEvent } from '../model/client-events.ts';
import { safeText } from '../model/safe-text.ts';
import { formatDuration } from './time.ts';

/** Milliseconds: a shorter pause is over before it is read. */
const WORTH_TELLING = 3000;

/** null: not worth a line. `origin`: the API's. */
export function clientNotice(event: ClientEvent, origin: string): string | null {
  if (event.type === 'answer' || event.milliseconds < WORTH_TELLING) return null;
  const api = safeText(origin, 200);
  const request = safeText(event.endpoint, 200);
  const time = formatDuration(Math.round(event.milliseconds / 1000));
  const which = event.tries > 1 ? ` (try ${event.nth} of ${event.tries})` : '';
  switch (event.type) {
    case 'slow':
      return `Waiting for ${api}: no answer to ${request} for ${time}${which}.`;
    case 'retry':
      return `${safeText(event.reason, 300)}; trying again in ${time}${which}.`;
    case 'throttled':
      return `${api} limits the request rate: continuing in ${time}${which}.`;
  }
}
