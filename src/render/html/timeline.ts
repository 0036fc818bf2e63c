/**
 * The timeline: a lane per fleet and region, drawn by style rules alone. Each item has its place as numbers of its
 * own (`--x` in hours, a row for each zoom), so that no script and no style attribute is needed.
 */
import type { Timeline } from '../../model/timeline.ts';
import { drawBands } from './bands.ts';
import { type Html, html } from './html.ts';
import { clockText } from './item-text.ts';
import { drawLane, type TimelineView } from './lane.ts';
import { Legend } from './legend.ts';
import { Places } from './places.ts';
import { listOf, rowsOf } from './timeline-list.ts';
import { placeOf, type Segment, type Window, windowOf } from './window.ts';
import { hoursAt, ZOOM_NAMES, ZOOM_WORDS, type Zoom, zoomRule, zoomsOf } from './zooms.ts';

export interface DrawnTimeline {
  readonly markup: Html;
  /** The numbers of the places. */
  readonly rules: string;
}

/** Hours after now that have a mark of their own. */
const MARKED = 48;

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
  const rows = view.listedAt === undefined ? rowsOf(timeline, view.timezone) : null;
  const listedAt = view.listedAt ?? rows!.listedAt;
  const legend = new Legend();
  const lanes = timeline.lanes.map((lane) =>
    drawLane(lane, { window, zooms, places, named, view, legend, listedAt }),
  );
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
<a href="#now">Go to ${nowText}</a> ${places.firstChange === null ? null : html`<a class="only-all" href="#${places.firstChange}">To the first change</a> `}<a href="#timeline-list">As a list</a><span class="sideways quiet" aria-hidden="true">more to the right →</span></div>
<div class="timeline" role="region" aria-label="Timeline, scrolls sideways" tabindex="0"><div class="field">
<ol class="days" aria-hidden="true">${days}${hourMarks(timeline.now, window, view.timezone, places)}</ol>
${bands.markup}
<div class="beyond" aria-hidden="true"></div>
<div id="now" class="now"><span>${nowText}</span></div>
${lanes}
</div></div>
<div class="quiet legend" aria-hidden="true">${legend.markup()}<p>The left edge of a box is the batch's time; its width has no meaning. Days are those of ${view.timezone}.</p></div>
${rows === null ? null : listOf(rows, view)}`
}
</section>`;
  return { markup, rules: rules.join('') };
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
