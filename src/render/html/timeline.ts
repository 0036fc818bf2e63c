/**
 * The timeline: a lane per fleet and region, drawn by style rules alone. Each item has its place as numbers of its
 * own (`--x` in hours, a row for each zoom), so that no script and no style attribute is needed.
 */
import { parseOccurrence } from '../../model/addresses.ts';
import type { Timeline, TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { runsOnText } from '../phrases.ts';
import { formatTime } from '../time.ts';
import { drawBands } from './bands.ts';
import { type Html, html } from './html.ts';
import { clockText, laneTitle, lookOf, nameOf, sentence, shortWord } from './item-text.ts';
import { type Packed, type PackedKind, pack } from './packing.ts';
import { isInside, type Place, placeOf, type Window, windowOf } from './window.ts';

export interface TimelineView {
  readonly timezone: string;
  /** Where on the page an item is told in full; null: nowhere. */
  anchorOf(item: TimelineItem): string | null;
  /** What the mark at the timeline's `now` is called; default: now. */
  readonly nowText?: string;
  /** The page has the list of it elsewhere, as `#timeline-list`. */
  readonly isListed?: boolean;
}

export interface DrawnTimeline {
  readonly markup: Html;
  /** The numbers of the places. */
  readonly rules: string;
}

/** Hours that a label takes and that a gap is wide, as styles.ts draws them; rows before the rest is counted. */
const ZOOMS = {
  week: { hours: 23.4, gap: 18, most: { staying: 5, changes: 15, past: 2 } },
  day: { hours: 7.4, gap: 3.2, most: { staying: 6, changes: 15, past: 3 } },
} as const;
const LISTED = 500;

export function drawTimeline(timeline: Timeline, view: TimelineView): DrawnTimeline {
  const window = windowOf(timeline, view.timezone);
  const nowText = view.nowText ?? 'now';
  const rules: string[] = [];
  const places = new Places(rules);
  const days = window.segments.map(({ start, end, place, label, isGap, isWeekend }) => {
    const id = places.span(place, isGap ? 0 : (end - start) / 3600);
    const kind = isGap ? ' gap' : isWeekend ? ' weekend' : '';
    return html`<li class="day${kind}" id="${id}"><span>${label}</span></li>`;
  });
  const now = placeOf(timeline.now, window);
  rules.push(`#now{--x:${now.hours};--g:${now.gaps}}`);
  const bands = drawBands(timeline.freezes ?? [], window, places);
  rules.push(`.timeline{--hours:${window.edge.hours};--gaps:${window.edge.gaps};--bands:${bands.height}}`);
  const lanes = timeline.lanes.map((lane) => drawLane(lane, window, places, view));
  const count = timeline.lanes.reduce((sum, lane) => sum + lane.items.length, 0);
  const markup = html`<section aria-labelledby="timeline-title" class="timeline-section">
<h2 id="timeline-title">Timeline</h2>
${
  count === 0
    ? html`<p class="quiet">Nothing ran, and nothing is scheduled.</p>`
    : html`<div class="controls"><fieldset class="zoom"><legend>Zoom</legend>
<input type="radio" name="zoom" id="zoom-week" checked><label for="zoom-week">Week</label>
<input type="radio" name="zoom" id="zoom-day"><label for="zoom-day">Day</label></fieldset>
<a href="#now">Go to ${nowText}</a> ${places.firstChange === null ? null : html`<a href="#${places.firstChange}">To the first change</a> `}<a href="#timeline-list">As a list</a></div>
<div class="timeline" role="region" aria-label="Timeline, scrolls sideways" tabindex="0"><div class="field">
<ol class="days" aria-hidden="true">${days}</ol>
${bands.markup}
<div id="now" class="now"><span>${nowText}</span></div>
${lanes}
</div></div>
<p class="quiet legend" aria-hidden="true">${legendOf(timeline)}. The left edge of a box is the batch's time; its width has no meaning. Days are those of ${view.timezone}.</p>
${view.isListed === true ? null : listOf(timeline, view, count)}`
}
</section>`;
  return { markup, rules: rules.join('') };
}

/** The signs that this timeline has, each once. */
function legendOf(timeline: Timeline): string {
  const looks = timeline.lanes.flatMap((lane) => lane.items.map(lookOf));
  return [...new Set(looks.map(({ symbol, words }) => `${symbol} ${words}`))].sort().join(' · ');
}

function drawLane(lane: TimelineLane, window: Window, places: Places, view: TimelineView): Html {
  const inside = lane.items.filter((item) => isInside(item, window));
  const earlier = lane.items.filter((item) => item.at < window.start).length;
  const later = lane.items.length - inside.length - earlier;
  const at = inside.map((item) => placeOf(item.at, window));
  const packed = (zoom: keyof typeof ZOOMS) => {
    const { hours, gap, most } = ZOOMS[zoom];
    const packables = inside.map((item, index) => {
      const place = at[index] ?? { hours: 0, gaps: 0 };
      return { at: place.hours + place.gaps * gap, kind: kindOf(item) };
    });
    return pack(packables, hours, most);
  };
  const week = packed('week');
  const day = packed('day');
  const id = places.lane(week.height, day.height);
  const items = inside.map((item, index) => {
    const rows = { week: week.rows[index] ?? 0, day: day.rows[index] ?? 0 };
    // Counted by a cluster at each zoom: it would never be seen.
    if (rows.week < 0 && rows.day < 0) return null;
    const place = at[index] ?? { hours: 0, gaps: 0 };
    return drawItem(item, lane, places.item(place, rows, isChange(item)), rows, view);
  });
  const far = [
    ...(earlier > 0 ? [html`<a href="#timeline-list">${earlier} earlier</a>`] : []),
    ...(later > 0 ? [html`<a href="#timeline-list">${later} later</a>`] : []),
  ];
  return html`<section class="lane" aria-labelledby="${id}-title">
<div class="lane-name"><h3 id="${id}-title">${laneTitle(lane)}</h3>${far}</div>
<ol class="track" id="${id}">${items}${clusters(week, at, 'week', places)}${clusters(day, at, 'day', places)}</ol>
</section>`;
}

function drawItem(
  item: TimelineItem,
  lane: TimelineLane,
  id: string,
  rows: { readonly week: number; readonly day: number },
  { timezone, anchorOf }: TimelineView,
): Html {
  const { symbol, tone } = lookOf(item);
  const hidden = `${rows.week < 0 ? ' not-week' : ''}${rows.day < 0 ? ' not-day' : ''}`;
  const anchor = anchorOf(item);
  const text = sentence(item, timezone);
  const inner = html`<b aria-hidden="true">${symbol}</b> <span aria-hidden="true"><time>${clockText(item.at, timezone)}</time> ${shortWord(item)}${shortName(item, lane)}</span><span class="sr">${text}</span>`;
  const body =
    anchor === null
      ? html`<span class="chip" title="${text}">${inner}</span>`
      : html`<a class="chip" href="#${anchor}" title="${text}">${inner}</a>`;
  return html`<li class="item ${tone}${hidden}" id="${id}">${body}</li>`;
}

function clusters(packed: Packed, at: readonly Place[], zoom: 'week' | 'day', places: Places): Html[] {
  return packed.clusters.map(({ first, row, count, changes, past }) => {
    const id = places.item(at[first] ?? { hours: 0, gaps: 0 }, { week: row, day: row });
    return html`<li class="item cluster only-${zoom}" id="${id}"><a class="chip" href="#timeline-list">${clusterText(count, changes, past)}</a></li>`;
  });
}

function clusterText(count: number, changes: number, past: number): string {
  if (past === count) return `+${count} earlier`;
  if (changes === 0) return `+${count} more here`;
  return count === changes ? `+${count} more changing` : `+${count}, ${changes} changing`;
}

function kindOf({ action, isPast }: TimelineItem): PackedKind {
  if (isPast) return 'past';
  return action === null ? 'staying' : 'change';
}

/** On the lane of fleet eu, `[fleet:eu]` is no news; nor is its time where it is drawn. */
function shortName(item: TimelineItem, { kind, name }: TimelineLane): string {
  const whole = nameOf(item);
  return (parseOccurrence(whole)?.base ?? whole).replace(`[${kind}:${name}]`, '');
}

/** Does the plan do something about it? */
function isChange({ action, kind }: TimelineItem): boolean {
  return action !== null && kind !== 'missed';
}

/** Hands out ids, and writes down where each of them is. */
class Places {
  /** The id of the earliest item that the plan does something about; null: there is none. */
  firstChange: string | null = null;
  readonly #rules: string[];
  #count = 0;
  #earliest = Number.POSITIVE_INFINITY;

  constructor(rules: string[]) {
    this.#rules = rules;
  }

  item(place: Place, rows: { readonly week: number; readonly day: number }, isChange = false): string {
    const id = this.#place(place, `;--w:${Math.max(0, rows.week)};--d:${Math.max(0, rows.day)}`);
    if (isChange && place.hours < this.#earliest) {
      this.#earliest = place.hours;
      this.firstChange = id;
    }
    return id;
  }

  /** Over some hours and some gaps, in a row of its own. */
  band(place: Place, { hours, gaps }: Place, row: number): string {
    return this.#place(place, `;--n:${hours};--m:${gaps};--r:${row}`);
  }

  span(place: Place, hours: number): string {
    return this.#place(place, `;--n:${Math.round(hours * 1000) / 1000}`);
  }

  lane(week: number, day: number): string {
    return this.#rule(`--hw:${week};--hd:${day}`);
  }

  #place({ hours, gaps }: Place, more: string): string {
    return this.#rule(`--x:${hours};--g:${gaps}${more}`);
  }

  #rule(numbers: string): string {
    this.#count += 1;
    const id = `t${this.#count}`;
    this.#rules.push(`#${id}{${numbers}}`);
    return id;
  }
}

/** The column counts game servers: what is something else says so. */
function serversCell({ servers, batchIds }: TimelineItem): string {
  if (servers === null) return '?';
  return batchIds.length <= 1 ? String(servers) : runsOnText(servers, batchIds.length);
}

/**
 * The same once more in rows, what is past at the end: for paper, for far-away items, and for those who prefer to
 * read.
 */
function listOf(timeline: Timeline, { timezone, anchorOf }: TimelineView, count: number): Html {
  const rows = timeline.lanes
    .flatMap((lane) => lane.items.map((item) => ({ lane, item })))
    .sort((a, b) => Number(a.item.isPast) - Number(b.item.isPast) || a.item.at - b.item.at)
    .slice(0, LISTED)
    .map(({ lane, item }) => {
      const { words, tone } = lookOf(item);
      const anchor = anchorOf(item);
      const name = anchor === null ? nameOf(item) : html`<a href="#${anchor}">${nameOf(item)}</a>`;
      return html`<tr class="${tone}"><td>${formatTime(item.at, timezone)}</td><td>${laneTitle(lane)}</td><td>${name}</td><td>${words}</td><td>${item.template ?? 'unknown'}</td><td class="number">${serversCell(item)}</td></tr>`;
    });
  const rest = count - rows.length;
  return html`<details><summary>The timeline as a list (${count})</summary>
<div class="scroller" id="timeline-list"><table><thead><tr><th scope="col">Time</th><th scope="col">Where</th><th scope="col">Batch</th><th scope="col"></th><th scope="col">Template</th><th scope="col" class="number">Game servers</th></tr></thead><tbody>${rows}</tbody></table></div>
${rest > 0 ? html`<p class="quiet">… and ${rest} more.</p>` : null}</details>`;
}
