/** Occurrences that a freeze covers → items of the timeline, on the lanes of the others of their block. Pure. */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import type { SkippedOccurrence } from '../../model/plan.ts';
import type { TimelineItem } from '../../model/timeline.ts';
import type { Lane, Placed } from './lanes.ts';
import { unmadeItem } from './unmade-item.ts';

/** `placed`: what else there is; an address that is among it is told there. */
export function placeSkipped(skipped: readonly SkippedOccurrence[], placed: readonly Placed[]): Placed[] {
  const told = new Set(placed.map(({ item }) => item.address));
  const siblings = new Map<string, Placed[]>();
  for (const one of placed) {
    const { address, targetText } = one.item;
    if (address === null) continue;
    const key = siblingKey(address, targetText);
    const known = siblings.get(key);
    if (known === undefined) siblings.set(key, [one]);
    else if (isOneEnd(known[0]!.item, one.item)) known.push(one);
  }
  return skipped
    .filter(({ address }) => !told.has(address))
    .flatMap((one) => {
      const like = siblings.get(siblingKey(one.address, one.targetText)) ?? [];
      const item = itemOf(one, like[0]?.item.template ?? null);
      const lanes = like.length > 0 ? like.map(({ lane }) => lane) : [laneOf(one)];
      return lanes.map((lane) => ({ lane, item }));
    });
}

/** Of one run, as it is drawn on each of its lanes. */
function isOneEnd(a: TimelineItem, b: TimelineItem): boolean {
  return a.run === b.run && a.kind === b.kind;
}

function siblingKey(address: string, targetText: string): string {
  return JSON.stringify([blockOf(address), targetText]);
}

/** By the words of its target alone: the plan has no other batch of the block there. */
function laneOf({ address, targetText }: SkippedOccurrence): Lane {
  const base = parseOccurrence(address)?.base ?? address;
  const [, kind, name] =
    /\[(fleet|region):(.+)\]$/.exec(base) ?? /^(fleet|region) ([^,]+)$/.exec(targetText) ?? [];
  if ((kind === 'fleet' || kind === 'region') && name !== undefined) return { kind, name };
  return { kind: 'others', name: '' };
}

function itemOf(
  { address, executeAt, targetText, freeze, isCertain }: SkippedOccurrence,
  template: string | null,
): TimelineItem {
  return unmadeItem({
    kind: isCertain ? 'skipped' : 'maybe-skipped',
    run: address,
    address,
    template,
    at: executeAt,
    targetText,
    freeze,
  });
}
