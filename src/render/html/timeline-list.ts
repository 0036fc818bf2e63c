/** The timeline once more, in rows: for paper, for far-away items, and for those who prefer to read. */
import type { Timeline, TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { counted, runsOnText } from '../phrases.ts';
import { formatTime } from '../time.ts';
import { type Html, html } from './html.ts';
import { laneTitle, lookOf, nameOf } from './item-text.ts';
import type { TimelineView } from './lane.ts';

const LISTED = 500;

/** The column counts game servers: what is something else says so. */
function serversCell({ servers, batchIds }: TimelineItem): string {
  if (servers === null) return '?';
  return batchIds.length <= 1 ? String(servers) : runsOnText(servers, batchIds.length);
}

/** What is past is at its end. */
export function listOf(timeline: Timeline, view: TimelineView, count: number): Html {
  const entries = timeline.lanes
    .flatMap((lane) => lane.items.map((item) => ({ lane, item })))
    .sort((a, b) => Number(a.item.isPast) - Number(b.item.isPast) || a.item.at - b.item.at)
    .slice(0, LISTED);
  const rest = count - entries.length;
  const past = entries.filter(({ item }) => item.isPast);
  return html`<details><summary>The timeline as a list (${count})</summary>
<div class="scroller" id="timeline-list">${tableOf(
    entries.filter(({ item }) => !item.isPast),
    view,
  )}</div>
${past.length === 0 ? null : html`<details><summary>${counted(past.length, 'earlier run')}</summary><div class="scroller">${tableOf(past, view)}</div></details>`}
${rest > 0 ? html`<p class="quiet">… and ${rest} more.</p>` : null}</details>`;
}

interface Entry {
  readonly lane: TimelineLane;
  readonly item: TimelineItem;
}

function tableOf(entries: readonly Entry[], { timezone, anchorOf }: TimelineView): Html {
  const rows = entries.map(({ lane, item }) => {
    const { words, tone } = lookOf(item);
    const anchor = anchorOf(item);
    const name = anchor === null ? nameOf(item) : html`<a href="#${anchor}">${nameOf(item)}</a>`;
    return html`<tr class="${tone}"><td>${formatTime(item.at, timezone)}</td><td>${laneTitle(lane)}</td><td>${name}</td><td>${words}</td><td>${item.template ?? 'unknown'}</td><td class="number">${serversCell(item)}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">Time</th><th scope="col">Where</th><th scope="col">Batch</th><th scope="col">What</th><th scope="col">Template</th><th scope="col" class="number">Game servers</th></tr></thead><tbody>${rows}</tbody></table>`;
}
