/** What stands on the box of an item: what tells it apart from those beside it first. Pure. */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { momentWords } from '../occurrence-times.ts';
import { nameOf } from './item-text.ts';

/** A common beginning shorter than this is not worth a mark that it was left out. */
const SHORTEST = 6;

export interface ItemLabel {
  readonly name: string;
  /** `4 Dec`, where others of the lane have the same name; null: it is told apart without. */
  readonly day: string | null;
}

/** Of the items of one lane: `[fleet:eu]` is no news on the lane of fleet eu. */
export function labelsOf(
  lane: Pick<TimelineLane, 'kind' | 'name' | 'items'>,
  timezone: string,
): (item: TimelineItem) => ItemLabel {
  const blocks = new Set(lane.items.flatMap(({ address }) => (address === null ? [] : [blockOf(address)])));
  const common = commonStart([...blocks]);
  const nameFor = (item: TimelineItem) => shortName(item, lane, common);
  const times = groupBy(lane.items, nameFor);
  return (item) => {
    const name = nameFor(item);
    const isRepeated = times.get(name)?.some(({ at }) => at !== item.at) ?? false;
    return { name, day: isRepeated ? dayText(item.at, timezone) : null };
  };
}

function shortName(item: TimelineItem, lane: Pick<TimelineLane, 'kind' | 'name'>, common: string): string {
  if (item.address === null) return nameOf(item);
  const block = blockOf(item.address);
  const base = parseOccurrence(item.address)?.base ?? item.address;
  const target = base.slice(block.length).replace(/^\[(.*)\]$/, '$1');
  const name = common === '' ? block : `…${block.slice(common.length)}`;
  return target === '' || isOfLane(target, lane) ? name : `${shortTarget(target)} ${name}`;
}

function dayText(at: number, timezone: string): string {
  const [day = '', month = ''] = momentWords(at, { timezone, now: at }).split(' ');
  return `${day} ${month}`;
}

function isOfLane(target: string, { kind, name }: Pick<TimelineLane, 'kind' | 'name'>): boolean {
  return target === `${kind}:${name}`;
}

/** `eu-7`, `…2583790`: an id is told apart by its end. */
function shortTarget(target: string): string {
  const name = target.slice(target.indexOf(':') + 1);
  return /^\d{12,}$/.test(name) ? `…${name.slice(-7)}` : name;
}

/** What all of several names begin with, up to a `-` or `_`; empty: nothing, or too little. */
function commonStart(names: readonly string[]): string {
  const [first = ''] = names;
  if (names.length < 2) return '';
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1;
  const start = first.slice(0, length).replace(/[^-_]*$/, '');
  return start.length < SHORTEST || names.some((name) => name.length === start.length) ? '' : start;
}
