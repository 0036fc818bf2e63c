/** What a plan made with --refresh-only found, on a terminal. Result texts are untrusted. */
import type { Drift } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { listText } from '../model/words.ts';
import { besideOrBelow } from './change.ts';
import type { Paint, Style } from './color.ts';
import { wrap } from './display-width.ts';
import { driftText } from './phrases.ts';
import type { Room } from './table.ts';

const STYLES: Readonly<Record<Drift['kind'], Style>> = {
  cancelled: 'magenta',
  paused: 'yellow',
  resumed: 'yellow',
  failed: 'red',
  vanished: 'red',
  uncovered: 'yellow',
};
const TEXTS_SHOWN = 5;
const SERVERS_SHOWN = 5;

export function driftLines(drift: readonly Drift[], room: Room, paint: Paint): string[] {
  if (drift.length === 0) return [];
  return ['Changed outside fleetform:', ...drift.flatMap((one) => linesOf(one, room, paint))];
}

function linesOf(drift: Drift, room: Room, paint: Paint): string[] {
  const name = paint('bold', safeText(drift.address, 200));
  const head = besideOrBelow(name, paint(STYLES[drift.kind], driftText(drift)), 2, room);
  return [
    ...head,
    ...detail(drift).flatMap((text) => wrap(text, room.width - 6).map((part) => `      ${part}`)),
  ];
}

function detail({ kind, count, servers, texts }: Drift): string[] {
  if (kind === 'failed') {
    const shown = texts.slice(0, TEXTS_SHOWN).map(({ server, text }) => {
      return `game server ${safeText(server, 24)}: ${safeText(text.trim(), 300) || 'failed without a message'}`;
    });
    return count > shown.length ? [...shown, `… and ${count - shown.length} more`] : shown;
  }
  if (servers.length === 0) return [];
  const more = count - Math.min(count, servers.length);
  return [
    `game servers ${listText(servers, SERVERS_SHOWN)}${more > 0 ? `, and ${more} not named here` : ''}`,
  ];
}
