/**
 * The timeline: a lane per fleet and region, drawn by style rules alone. Each item has its place as numbers of its
 * own (`--x` in hours, a row for each zoom), so that no script and no style attribute is needed.
 */
import type { Timeline, TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { counted, runsOnText } from '../phrases.ts';
import { formatTime } from '../time.ts';
import { drawBands } from './bands.ts';
import { type Html, html } from './html.ts';
import { type ItemLabel, labelsOf } from './item-label.ts';
import { clockText, laneTitle, lookOf, nameOf, sentence, shortWord } from './item-text.ts';
import { type Packed, type PackedKind, pack } from './packing.ts';
import { isInside, type Place, placeOf, type Segment, type Window, windowOf } from './window.ts';
import { hoursAt, ZOOM_NAMES, ZOOM_WORDS, type Zoom, type ZoomName, zoomRule, zoomsOf } from './zooms.ts';

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

const LISTED = 500;
/** Hours after now that have a mark of their own. */
const MARKED = 48;

type Zooms = Readonly<Record<ZoomName, Zoom>>;
/** The row of an item at each zoom; -1: it is not drawn there. */
type Rows = Readonly<Record<ZoomName, number>>;

export function drawTimeline(timeline: Timeline, view: TimelineView): DrawnTimeline {
  const window = windowOf(timeline, view.timezone);
  const nowText = view.nowText ?? 'now';
  const rules: string[] = [];
  const places = new Places(rules);
  const now = placeOf(timeline.now, window);
  const zooms = zoomsOf(window.edge, now);
  const named = namedDays(window, zooms.all);
  const days = window.segments.map((segment) => {
    const { start, end, place, label, isGap, isWeekend } = segment;
    const id = places.span(place, isGap ? 0 : (end - start) / 3600);
    const kind = `${isGap ? ' gap' : isWeekend ? ' weekend' : ''}${named.has(segment) ? '' : ' unnamed'}`;
    return html`<li class="day${kind}" id="${id}"><span>${label}</span></li>`;
  });
  rules.push(`#now{--x:${now.hours};--g:${now.gaps}}`);
  const bands = drawBands(timeline.freezes ?? [], window, places);
  rules.push(`.timeline{${zoomRule(window.edge, zooms)};--bands:${bands.height}}`);
  const lanes = timeline.lanes.map((lane) => drawLane(lane, { window, zooms, places, view }));
  const hasPast = timeline.lanes.some(({ items }) => items.some(({ isPast }) => isPast));
  const count = timeline.lanes.reduce((sum, lane) => sum + lane.items.length, 0);
  const markup = html`<section aria-labelledby="timeline-title" class="timeline-section">
<h2 id="timeline-title">Timeline</h2>
${
  count === 0
    ? html`<p class="quiet">Nothing ran, and nothing is scheduled.</p>`
    : html`<div class="controls"><fieldset class="zoom"><legend>Zoom</legend>
${ZOOM_NAMES.map((name, index) => html`<span><input type="radio" name="zoom" id="zoom-${name}"${index === 0 ? html` checked` : null}><label for="zoom-${name}">${ZOOM_WORDS[name]}</label></span>`)}</fieldset>
${hasPast ? html`<span class="past-switch"><input type="checkbox" id="show-past"><label for="show-past">Earlier runs</label></span>` : null}
<a href="#now">Go to ${nowText}</a> ${places.firstChange === null ? null : html`<a href="#${places.firstChange}">To the first change</a> `}<a href="#timeline-list">As a list</a></div>
<div class="timeline" role="region" aria-label="Timeline, scrolls sideways" tabindex="0"><div class="field">
<ol class="days" aria-hidden="true">${days}${hourMarks(timeline.now, window, view.timezone, places)}</ol>
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

/** A day's name, as a share of the labels' room: days that are narrower are named as far as there is room. */
const NAME = 1.05;

/** Those whose names have room where everything is drawn; what is folded always has its own. */
function namedDays({ segments }: Window, zoom: Zoom): Set<Segment> {
  const named = new Set<Segment>();
  let free = Number.NEGATIVE_INFINITY;
  for (const [index, segment] of segments.entries()) {
    const at = hoursAt(segment.place, zoom);
    const gap = segments.slice(index + 1).find(({ isGap }) => isGap);
    const end = at + zoom.label * NAME * (segment.isGap ? 0.7 : 0.8);
    const isFree = at >= free && (gap === undefined || end <= hoursAt(gap.place, zoom));
    if (!segment.isGap && !isFree) continue;
    named.add(segment);
    free = end;
  }
  return named;
}

/** Marks of the hours to come, which the closer zooms show. */
function hourMarks(now: number, window: Window, timezone: string, places: Places): Html[] {
  const first = Math.ceil(now / 3600) * 3600;
  const marks = Array.from({ length: MARKED }, (_, index) => first + index * 3600);
  return marks
    .filter((at) => at < window.end)
    .map((at) => {
      const clock = clockText(at, timezone);
      const isThird = Number(clock.slice(0, 2)) % 3 === 0;
      return html`<li class="hour${isThird ? ' third' : ''}" id="${places.span(placeOf(at, window), 1)}"><span>${clock}</span></li>`;
    });
}

interface Drawing {
  readonly window: Window;
  readonly zooms: Zooms;
  readonly places: Places;
  readonly view: TimelineView;
}

function drawLane(lane: TimelineLane, { window, zooms, places, view }: Drawing): Html {
  const inside = lane.items.filter((item) => isInside(item, window));
  const earlier = lane.items.filter((item) => item.at < window.start).length;
  const later = lane.items.length - inside.length - earlier;
  const at = inside.map((item) => placeOf(item.at, window));
  const packed = (name: ZoomName): Packed & { readonly before: number; readonly after: number } => {
    const zoom = zooms[name];
    const hours = at.map((place) => hoursAt(place, zoom));
    const seen = [...hours.keys()].filter((index) => hours[index]! >= 0);
    const own = pack(
      seen.map((index) => ({ at: hours[index]!, kind: kindOf(inside[index]!) })),
      zoom.label,
      zoom.most,
    );
    const rows = inside.map(() => -1);
    for (const [index, row] of own.rows.entries()) rows[seen[index]!] = row;
    const moved = own.clusters.map((cluster) => ({ ...cluster, first: seen[cluster.first]! }));
    const after = hours.filter((one) => one >= zoom.span).length;
    return { ...own, rows, clusters: moved, before: inside.length - seen.length, after };
  };
  const all = packed('all');
  const day = packed('day');
  const hours = packed('hours');
  const id = places.lane({ all, day, hours });
  const label = labelsOf(lane, view.timezone);
  const items = inside.map((item, index) => {
    const rows = { all: all.rows[index]!, day: day.rows[index]!, hours: hours.rows[index]! };
    // Counted by a cluster at each zoom: it would never be seen.
    if (Math.max(rows.all, rows.day, rows.hours) < 0) return null;
    const place = at[index] ?? { hours: 0, gaps: 0 };
    return drawItem(item, label(item), places.item(place, rows, isChange(item)), rows, view);
  });
  const far = [
    { count: earlier, words: 'earlier', kind: 'far' },
    { count: day.before, words: 'earlier', kind: 'only-day' },
    { count: hours.before, words: 'earlier', kind: 'only-hours' },
    { count: later, words: 'later', kind: 'far' },
    { count: day.after, words: 'further on', kind: 'only-day' },
    { count: hours.after, words: 'further on', kind: 'only-hours' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, words, kind }) => {
      return kind === 'far'
        ? html`<a href="#timeline-list">${count} ${words}</a>`
        : html`<a class="${kind}" href="#timeline-list">${count} ${words}</a>`;
    });
  const kind = `${lane.fleet === undefined ? '' : ' below'}${lane.items.every(({ isPast }) => isPast) ? ' of-past' : ''}`;
  return html`<section class="lane${kind}" aria-labelledby="${id}-title">
<div class="lane-name"><h3 id="${id}-title">${laneTitle(lane)}</h3>${far}</div>
<ol class="track" id="${id}">${items}${clusters(all, at, 'all', places)}${clusters(day, at, 'day', places)}${clusters(hours, at, 'hours', places)}</ol>
</section>`;
}

function drawItem(
  item: TimelineItem,
  { name, day }: ItemLabel,
  id: string,
  rows: Rows,
  { timezone, anchorOf }: TimelineView,
): Html {
  const { symbol, tone } = lookOf(item);
  const hidden = ZOOM_NAMES.filter((name) => rows[name] < 0).map((name) => ` not-${name}`);
  const anchor = anchorOf(item);
  const text = sentence(item, timezone);
  const inner = html`<b aria-hidden="true">${symbol}</b> <span aria-hidden="true">${day === null ? null : html`<i>${day} </i>`}<time>${clockText(item.at, timezone)}</time> ${shortWord(item)}${name}</span><span class="sr">${text}</span>`;
  const body =
    anchor === null
      ? html`<span class="chip" title="${text}">${inner}</span>`
      : html`<a class="chip" href="#${anchor}" title="${text}">${inner}</a>`;
  return html`<li class="item ${tone}${hidden}" id="${id}">${body}</li>`;
}

function clusters(packed: Packed, at: readonly Place[], zoom: ZoomName, places: Places): Html[] {
  return packed.clusters.map(({ first, row, count, changes, past }) => {
    const id = places.item(at[first] ?? { hours: 0, gaps: 0 }, { all: row, day: row, hours: row });
    return html`<li class="item cluster only-${zoom}${past === count ? ' past' : ''}" id="${id}"><a class="chip" href="#timeline-list">${clusterText(count, changes, past)}</a></li>`;
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

  item(place: Place, rows: Rows, isChange = false): string {
    const numbers = ZOOM_NAMES.map((name) => `;--r-${name}:${Math.max(0, rows[name])}`);
    const id = this.#place(place, numbers.join(''));
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

  /** Its height at each zoom, with what is past and without. */
  lane(packed: Readonly<Record<ZoomName, Packed>>): string {
    const numbers = ZOOM_NAMES.map((name) => {
      const { height, present } = packed[name];
      return `--h-${name}:${height};--p-${name}:${Math.max(1, present)}`;
    });
    return this.#rule(numbers.join(';'));
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
function listOf(timeline: Timeline, view: TimelineView, count: number): Html {
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
