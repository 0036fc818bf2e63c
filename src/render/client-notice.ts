/** What we are waiting for, in a line: the screen should never be silent for long. */
import type { ClientEvent } from '../model/client-events.ts';
import { groupBy } from '../model/group.ts';
import { safeText } from '../model/safe-text.ts';
import { listText, unended } from '../model/words.ts';
import { formatDuration } from './time.ts';

/** Milliseconds: a shorter pause is over before it is read. */
const WORTH_TELLING = 3000;

export type Stopping = Extract<ClientEvent, { type: 'stopping' }>;

/** Which writes are still waited for when all else has stopped: those that are under way at once, in one line, the time first. */
export function stoppingNotice(events: readonly Stopping[]): string {
  const longest = Math.max(...events.map(({ milliseconds }) => milliseconds));
  const time = formatDuration(Math.max(1, Math.ceil(longest / 1000)));
  const byEndpoint = groupBy(events, ({ endpoint }) => endpoint);
  const named = [...byEndpoint].map(([endpoint, group]) =>
    group.length === 1 ? endpoint : `${group.length} x ${endpoint}`,
  );
  const answers = events.length === 1 ? 'the answer' : 'the answers';
  return `Waiting at most ${time} for ${answers} to ${listText(named)}.`;
}

/** null: not worth a line. `origin`: the API's. */
export function clientNotice(event: Exclude<ClientEvent, Stopping>, origin: string): string | null {
  if (event.type === 'answer' || event.milliseconds < WORTH_TELLING) return null;
  const api = safeText(origin, 200);
  const request = safeText(event.endpoint, 200);
  const time = formatDuration(Math.round(event.milliseconds / 1000));
  const which = event.tries > 1 ? ` (try ${event.nth} of ${event.tries})` : '';
  switch (event.type) {
    case 'slow':
      return `Waiting for ${api}: no answer to ${request} for ${time}${which}.`;
    case 'retry':
      return `${unended(safeText(event.reason, 300))}; trying again in ${time}${which}.`;
    case 'throttled':
      return `${api} limits the request rate: continuing in ${time}${which}.`;
  }
}
