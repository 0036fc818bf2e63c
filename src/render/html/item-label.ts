/** What stands on the box of an item: what tells it apart from those beside it first. Pure. */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { TimelineLane } from '../../model/timeline.ts';
import { momentWords } from '../occurrence-times.ts';
import type { Chip } from './chips.ts';
import { nameOf } from './item-text.ts';

/** A common beginning shorter than this is not worth a mark that it was left out. */
const SHORTEST = 6;

export interface ItemLabel {
  /** What runs first, then what tells it apart from its like. */
  readonly name: string;
  /** `×14`, of several; empty: it is one. It is never cut off. */
  readonly times: string;
  /** `4 Dec`, where others of the lane have the same name, and no column says it; null: it is told apart without. */
  readonly day: string | null;
}

interface LabelView {
  readonly timezone: string;
  /** Is its day named at the head of its column? */
  isDated(at: number): boolean;
}

/** Of the chips of one lane: `[fleet:eu]` is no news on the lane of fleet eu. */
export function labelsOf(
  lane: Pick<TimelineLane, 'kind' | 'name'>,
  chips: readonly Chip[],
  { timezone, isDated }: LabelView,
): (chip: Chip) => ItemLabel {
  const addresses = chips.flatMap(({ items }) => items.flatMap(({ address }) => address ?? []));
  const common = commonStart([...new Set(addresses.map(blockOf))]);
  const digits = digitsOf(addresses);
  const nameFor = ({ first, items }: Chip) => {
    if (first.address === null) return nameOf(first);
    const block = blockOf(first.address);
    const name = common === '' ? block : `…${block.slice(common.length)}`;
    if (items.length > 1) return name;
    const target = targetOf(first.address);
    return target === '' || isOfLane(target, lane) ? name : `${name} ${shortTarget(target, digits)}`;
  };
  const times = groupBy(chips, nameFor);
  return (chip) => {
    const { at, isOnce } = chip.first;
    const name = nameFor(chip);
    const isRepeated = times.get(name)?.some(({ first }) => first.at !== at) ?? false;
    const { length } = chip.items;
    return {
      name,
      times: length > 1 ? `×${length}` : '',
      day: isRepeated && !isOnce && !isDated(at) ? dayText(at, timezone) : null,
    };
  };
}

/** `fleet:eu`, of `nightly[fleet:eu]@…`; empty: the block has one target. */
function targetOf(address: string): string {
  const base = parseOccurrence(address)?.base ?? address;
  return base.slice(blockOf(address).length).replace(/^\[(.*)\]$/, '$1');
}

function dayText(at: number, timezone: string): string {
  const [day = '', month = ''] = momentWords(at, { timezone, now: at }).split(' ');
  return `${day} ${month}`;
}

function isOfLane(target: string, { kind, name }: Pick<TimelineLane, 'kind' | 'name'>): boolean {
  return target === `${kind}:${name}`;
}

const ID = /:(\d{12,})$/;

/** As many of their last digits as tell the ids of a lane apart. */
function digitsOf(addresses: readonly string[]): number {
  const ids = [...new Set(addresses.flatMap((address) => ID.exec(targetOf(address))?.[1] ?? []))];
  const tells = (count: number) => new Set(ids.map((id) => id.slice(-count))).size === ids.length;
  return [4, 7, 10].find(tells) ?? 20;
}

/** `eu-7`, `…3717`: an id is told apart by its end. */
function shortTarget(target: string, digits: number): string {
  const name = target.slice(target.indexOf(':') + 1);
  return ID.test(target) && name.length > digits ? `…${name.slice(-digits)}` : name;
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
