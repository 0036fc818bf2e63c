/**
 * The items of a lane → what is drawn as one: those of a block that are alike and run together, and the two ends of a
 * replace in place. Pure.
 *
 * Invariant: every item is in exactly one chip; the items of a chip are of one day.
 */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import type { TimelineItem } from '../../model/timeline.ts';
import { type Look, lookOf } from './looks.ts';

export interface Chip {
  /** The first of them, which is where it stands; of a replace in place, what comes. */
  readonly first: TimelineItem;
  /** In the order of time: one per batch to come, or that stays or goes. */
  readonly items: readonly TimelineItem[];
  readonly look: Look;
}

/** One for each batch, on however many lanes it is, and at both ends of a replace. */
export function runsIn(chips: readonly Pick<Chip, 'items'>[]): number {
  return new Set(chips.flatMap(({ items }) => items.map(({ run }) => run))).size;
}

/** Seconds that the targets of a block may be spread over, and still be one. */
const TOGETHER = 1800;

const IN_PLACE: Look = { symbol: '±', words: 'will be replaced', tone: 'change' };

/** `items` in the order of time. `dayOf`: the same for all moments of a day. */
export function chipsOf(items: readonly TimelineItem[], dayOf: (at: number) => number): Chip[] {
  const placed = new Set(items.filter(isPlaced).map(endOf));
  const gone = new Set(items.filter(isTaken).map(endOf));
  const chips: { first: TimelineItem; items: TimelineItem[]; look: Look }[] = [];
  const open = new Map<string, (typeof chips)[number]>();
  for (const item of items) {
    if (isTaken(item) && placed.has(endOf(item))) continue;
    const look = isPlaced(item) && gone.has(endOf(item)) ? IN_PLACE : lookOf(item);
    const key = keyOf(item, look);
    const chip = key === null ? undefined : open.get(key);
    if (
      chip !== undefined &&
      item.at - chip.first.at <= TOGETHER &&
      dayOf(item.at) === dayOf(chip.first.at)
    ) {
      chip.items.push(item);
      continue;
    }
    const made = { first: item, items: [item], look };
    chips.push(made);
    if (key !== null) open.set(key, made);
  }
  return chips;
}

/** Those with the same may be one; null: it stands alone. */
function keyOf(
  { address, action, kind, template, otherEnd, freeze, isOnce }: TimelineItem,
  look: Look,
): string | null {
  if (address === null) return null;
  const occurrence = parseOccurrence(address)?.at ?? null;
  const moved = otherEnd === null ? null : kind;
  return JSON.stringify([blockOf(address), action, look.words, template, occurrence, moved, freeze, isOnce]);
}

function isPlaced({ action, kind }: TimelineItem): boolean {
  return action === 'replace' && kind === 'add';
}

function isTaken({ action, kind }: TimelineItem): boolean {
  return action === 'replace' && kind === 'remove';
}

/** What has no time is replaced where it is, whenever that is. */
function endOf({ run, isOnce, at }: TimelineItem): string {
  return JSON.stringify([run, isOnce ? null : at]);
}
