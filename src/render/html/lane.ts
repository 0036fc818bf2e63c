/** A lane of the timeline: its items, packed into rows at each zoom, and counts of what has no room. */
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { type Html, html } from './html.ts';
import { type ItemLabel, labelsOf } from './item-label.ts';
import { clockText, laneTitle, lookOf, sentence, shortWord } from './item-text.ts';
import { type Packed, type PackedKind, pack } from './packing.ts';
import type { Places, Rows } from './places.ts';
import { isInside, type Place, placeOf, type Window } from './window.ts';
import { hoursAt, ZOOM_NAMES, type Zoom, type ZoomName } from './zooms.ts';

export interface TimelineView {
  readonly timezone: string;
  /** Where on the page an item is told in full; null: nowhere. */
  anchorOf(item: TimelineItem): string | null;
  /** What the mark at the timeline's `now` is called; default: now. */
  readonly nowText?: string;
  /** The page has the list of it elsewhere, as `#timeline-list`. */
  readonly isListed?: boolean;
}

export type Zooms = Readonly<Record<ZoomName, Zoom>>;

interface Drawing {
  readonly window: Window;
  readonly zooms: Zooms;
  readonly places: Places;
  readonly view: TimelineView;
}

export function drawLane(lane: TimelineLane, { window, zooms, places, view }: Drawing): Html {
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
