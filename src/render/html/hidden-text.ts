/** The names of links to what a timeline counts instead of drawing it: what, where and when, so that none is as another. */

import { blockOf } from '../../model/addresses.ts';
import type { TimelineLane } from '../../model/timeline.ts';
import { type Chip, runsIn } from './chips.ts';
import { laneTitle, nameOf, whenText } from './item-text.ts';

/** Names before the others are counted. */
const NAMED = 3;

/** `+5, 2 changing` */
export function clusterText(chips: readonly Chip[], isChanging: (chip: Chip) => boolean): string {
  const count = runsIn(chips);
  if (chips.every(({ first }) => first.isPast)) return `+${count} earlier`;
  const changes = runsIn(chips.filter(isChanging));
  if (changes === 0) return `+${count} more here`;
  return count === changes ? `+${count} more changing` : `+${count}, ${changes} changing`;
}

/** `fleet eu, 2026-12-01 04:30 CET (03:30 UTC) to 2026-12-04 …: nightly, hotfix and 2 more`; chips by time. */
export function hiddenText(
  chips: readonly Chip[],
  lane: Pick<TimelineLane, 'kind' | 'name' | 'fleet'>,
  timezone: string,
): string {
  const times = [...new Set(chips.map(({ first }) => whenText(first, first.at, timezone)))];
  const last = times.length > 1 ? ` to ${times.at(-1)}` : '';
  const names = [
    ...new Set(chips.map(({ first }) => (first.address === null ? nameOf(first) : blockOf(first.address)))),
  ];
  const shown = names.length === NAMED + 1 ? names.length : NAMED;
  const rest = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${laneTitle(lane)}, ${times[0]}${last}: ${names.slice(0, shown).join(', ')}${rest}`;
}
