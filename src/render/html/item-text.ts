/** The words of a timeline: what a chip is in a sentence, and what its lane is called. */
import { blockOf } from '../../model/addresses.ts';
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { someBatchesText } from '../../model/words.ts';
import { counted, runsOnText } from '../phrases.ts';
import { formatTime } from '../time.ts';
import type { Chip } from './chips.ts';

/** The address; `batch 71` of what is over and nobody's, `nobody's batch 71` of what is not. */
export function nameOf({ address, batchIds, isPast }: TimelineItem): string {
  return address ?? (isPast ? someBatchesText(batchIds) : `unmanaged ${someBatchesText(batchIds)}`);
}

/** All there is to know, for those who do not see where it is. */
export function sentence({ first, items, look }: Chip, timezone: string): string {
  const { otherEnd, kind, freeze, template } = first;
  const last = items.at(-1)!.at;
  const isOne = items.length === 1;
  const parts = [
    `${isOne ? nameOf(first) : `${titleOf({ first, items })}: each`} ${look.words}`,
    whenText(first, last, timezone),
    ...(otherEnd === null
      ? []
      : [`${kind === 'move-from' ? 'to' : 'from'} ${formatTime(otherEnd, timezone)}`]),
    ...(first.until === null || !isOne ? [] : [`until ${formatTime(first.until, timezone)}`]),
    ...(first.replacedBy === undefined || !isOne ? [] : [`replaced by ${someBatchesText(first.replacedBy)}`]),
    ...(freeze === undefined ? [] : [`freeze ${freeze}`]),
    ...(template === null ? [] : [template]),
    ...serversOf(items),
  ];
  return parts.join(', ');
}

/** `last`: the time of the last that runs with it. */
export function whenText(first: TimelineItem, last: number, timezone: string): string {
  const { at, isOnce, kind, phase } = first;
  const time = `${formatTime(at, timezone)}${last === at ? '' : ` to ${clockText(last, timezone)}`}`;
  if (!isOnce) return time;
  // Of what is not in sight, nobody knows when it was made.
  if (kind === 'add' || phase === null) return 'once, when applied';
  return phase === 'unknown' ? 'once' : `once, made ${time}`;
}

/** `04:30`, where it stands; `once`, of what has no time. */
export function shortTime({ at, isOnce }: TimelineItem, timezone: string): string {
  return isOnce ? 'once' : clockText(at, timezone);
}

/** `rolling-restart, 14 batches`; of one, its name. */
export function titleOf({ first, items }: Pick<Chip, 'first' | 'items'>): string {
  if (items.length === 1 || first.address === null) return nameOf(first);
  return `${blockOf(first.address)}, ${counted(items.length, 'batch', 'batches')}`;
}

/** Of several batches, their tasks: they may run on the same game servers. */
function serversOf(items: readonly TimelineItem[]): string[] {
  const known = items.flatMap(({ servers }) => (servers === null ? [] : [servers]));
  if (known.length < items.length) return [];
  const sum = known.reduce((all, one) => all + one, 0);
  return [runsOnText(sum, items.length === 1 ? items[0]!.batchIds.length : items.length)];
}

export function laneTitle({ kind, name, fleet }: Pick<TimelineLane, 'kind' | 'name' | 'fleet'>): string {
  switch (kind) {
    case 'instance':
      return `game server ${name}`;
    case 'fleet':
    case 'region':
      return `${kind} ${name}`;
    case 'instances':
      return fleet === undefined ? 'single game servers' : `single game servers of fleet ${fleet}`;
    case 'labels':
      return 'by label';
    case 'earlier':
      return 'earlier runs of this file';
    case 'others':
      return 'elsewhere';
  }
}

/** `04:30`, for a label that is at its place. */
export function clockText(at: number, timezone: string): string {
  return formatTime(at, timezone).slice(11, 16);
}
