/** The timeline once more, in rows: for paper, for far-away items, and for those who prefer to read. */
import type { Timeline, TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { counted, runsOnText } from '../phrases.ts';
import { type Chip, chipsOf, runsIn } from './chips.ts';
import { dayNumbers } from './days.ts';
import { type Html, html } from './html.ts';
import { laneTitle, titleOf, whenText } from './item-text.ts';
import type { TimelineView } from './lane.ts';
import { lookOf } from './looks.ts';

const LISTED = 500;

interface Entry {
  readonly id: string;
  readonly lane: TimelineLane;
  readonly chip: Chip;
}

export interface TimelineRows {
  readonly entries: readonly Entry[];
  /** Of batches, those that are not listed included. */
  readonly total: number;
  /** Rows that are not listed. */
  readonly left: number;
  /** The id of the row that has it. */
  listedAt(item: TimelineItem): string;
}

/** What is to come together is a row; what is past is one by one, at the end. */
export function rowsOf({ lanes }: Timeline, timezone: string): TimelineRows {
  const moments = lanes.flatMap(({ items }) => items.map(({ at }) => at));
  const dayOf = dayNumbers(moments, timezone);
  const all = lanes
    .flatMap((lane) => {
      const past = lane.items.filter(({ isPast }) => isPast);
      const others = lane.items.filter(({ isPast }) => !isPast);
      const single = past.map((item) => ({ first: item, items: [item], look: lookOf(item) }));
      return [...chipsOf(others, dayOf), ...single].map((chip) => ({ lane, chip }));
    })
    .sort(
      (a, b) =>
        Number(a.chip.first.isPast) - Number(b.chip.first.isPast) || a.chip.first.at - b.chip.first.at,
    )
    .map((entry, index) => ({ ...entry, id: `l${index + 1}` }));
  const entries = all.slice(0, LISTED);
  const ids = new Map(entries.flatMap(({ id, chip }) => chip.items.map((item) => [item, id] as const)));
  return {
    entries,
    total: batchesIn(all),
    left: all.length - entries.length,
    listedAt: (item) => ids.get(item) ?? 'timeline-list',
  };
}

function batchesIn(entries: readonly Entry[]): number {
  return runsIn(entries.map(({ chip }) => chip));
}

export function listOf({ entries, total, left }: TimelineRows, view: TimelineView): Html {
  const rest = total - batchesIn(entries);
  const past = entries.filter(({ chip }) => chip.first.isPast);
  return html`<details><summary>The timeline as a list (${total})</summary>
<div class="scroller" id="timeline-list">${tableOf(
    entries.filter(({ chip }) => !chip.first.isPast),
    view,
  )}</div>
${past.length === 0 ? null : html`<details><summary>${counted(batchesIn(past), 'earlier run')}</summary><div class="scroller">${tableOf(past, view)}</div></details>`}
${left > 0 ? html`<p class="quiet">… and ${counted(left, 'more row')}${rest > 0 ? `, of ${counted(rest, 'more batch', 'more batches')}` : ''}.</p>` : null}</details>`;
}

function tableOf(entries: readonly Entry[], { timezone, anchorOf }: TimelineView): Html {
  const rows = entries.map(({ id, lane, chip }) => {
    const { first, look } = chip;
    const anchor = anchorOf(first);
    const title = titleOf(chip);
    const name = anchor === null ? title : html`<a href="#${anchor}">${title}</a>`;
    return html`<tr class="${look.tone}" id="${id}"><td>${whenText(first, chip.items.at(-1)!.at, timezone)}</td><td>${laneTitle(lane)}</td><td>${name}</td><td>${look.words}</td><td>${first.template ?? 'unknown'}</td><td class="number">${serversCell(chip)}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">Time</th><th scope="col">Where</th><th scope="col">Batch</th><th scope="col">What</th><th scope="col">Template</th><th scope="col" class="number">Game servers</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The column counts game servers: what is something else says so. */
function serversCell({ items }: Chip): string {
  const known = items.flatMap(({ servers }) => (servers === null ? [] : [servers]));
  if (known.length < items.length) return '?';
  const sum = known.reduce((all, one) => all + one, 0);
  const batches = items.length === 1 ? items[0]!.batchIds.length : items.length;
  return batches <= 1 ? String(sum) : runsOnText(sum, batches);
}
