/** A calendar → its timeline: the same runs by fleet and region, and the freezes behind them. Pure. */
import { parseOccurrence } from '../../model/addresses.ts';
import type { Calendar, CalendarEntry } from '../../model/calendar.ts';
import type { Desired } from '../../model/desired.ts';
import type { Timeline, TimelineItem } from '../../model/timeline.ts';
import { inOrder, lanesOf } from './lanes.ts';
import { unmadeItem } from './unmade-item.ts';

/** `desired`: what the calendar was made of. */
export function calendarTimeline(
  calendar: Calendar,
  { blocks, aliases }: Pick<Desired, 'blocks' | 'aliases'>,
): Timeline {
  const targets = new Map(blocks.map((block) => [block.address, block.targets]));
  const placed = calendar.entries.flatMap((entry) => {
    const base = parseOccurrence(entry.address)?.base ?? entry.address;
    const named = targets.get(base);
    const item = itemOf(entry, base);
    return named === undefined ? [] : lanesOf(named, aliases).map(({ lane }) => ({ lane, item }));
  });
  return { now: calendar.from, lanes: inOrder(placed), freezes: calendar.windows };
}

/** Under the block's address: when it runs is where it stands. */
function itemOf(entry: CalendarEntry, base: string): TimelineItem {
  const { verdict, executeAt, template, targetText, freeze } = entry;
  return unmadeItem({
    kind: verdict === 'runs' ? 'scheduled' : verdict,
    run: entry.address,
    address: base,
    template,
    at: executeAt,
    targetText,
    ...(freeze === null ? {} : { freeze }),
  });
}
