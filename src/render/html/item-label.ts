/** What stands on the box of an item: what tells it apart from those beside it first. Pure. */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { nameOf } from './item-text.ts';

/** A common beginning shorter than this is not worth a mark that it was left out. */
const SHORTEST = 6;

/** Of the items of one lane: `[fleet:eu]` is no news on the lane of fleet eu; nor is a time where it is drawn. */
export function labelsOf(
  lane: Pick<TimelineLane, 'kind' | 'name' | 'items'>,
): (item: TimelineItem) => string {
  const blocks = new Set(lane.items.flatMap(({ address }) => (address === null ? [] : [blockOf(address)])));
  const common = commonStart([...blocks]);
  return (item) => {
    if (item.address === null) return nameOf(item);
    const block = blockOf(item.address);
    const base = parseOccurrence(item.address)?.base ?? item.address;
    const target = base.slice(block.length).replace(/^\[(.*)\]$/, '$1');
    const isSaid = target === '' || isOfLane(target, lane);
    const name = common === '' ? block : `…${block.slice(common.length)}`;
    return isSaid ? name : `${shortTarget(target)} ${name}`;
  };
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
