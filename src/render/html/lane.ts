/** A lane of the timeline: its chips, packed into rows at each zoom, and counts of what has no room. */
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { type Chip, chipsOf, runsIn } from './chips.ts';
import { clusterText, hiddenText } from './hidden-text.ts';
import { type Html, html } from './html.ts';
import { type ItemLabel, labelsOf } from './item-label.ts';
import { laneTitle, sentence, shortTime } from './item-text.ts';
import type { Legend } from './legend.ts';
import { shortWord } from './looks.ts';
import { type Packed, type PackedKind, pack } from './packing.ts';
import type { Places, Rows } from './places.ts';
import { isInside, type Place, placeOf, type Segment, type Window } from './window.ts';
import { hoursAt, ZOOM_NAMES, type Zoom, type ZoomName } from './zooms.ts';

export interface TimelineView {
  readonly timezone: string;
  /** Where on the page an item is told in full; null: nowhere. */
  anchorOf(item: TimelineItem): string | null;
  /** What the mark at the timeline's `now` is called; default: now. */
  readonly nowText?: string;
  /** The page has the list of it elsewhere, as `#timeline-list`: the id of an item's place in it. */
  listedAt?(item: TimelineItem): string;
}

export type Zooms = Readonly<Record<ZoomName, Zoom>>;

export interface Drawing {
  readonly window: Window;
  readonly zooms: Zooms;
  readonly places: Places;
  /** Days whose names stand at their heads. */
  readonly named: ReadonlySet<Segment>;
  readonly view: TimelineView;
  readonly legend: Legend;
  /** The id of an item's place in the list. */
  listedAt(item: TimelineItem): string;
}

interface PackedZoom extends Packed {
  /** Out of sight: before, and after what the zoom shows. */
  readonly before: readonly Chip[];
  readonly after: readonly Chip[];
}

export function drawLane(lane: TimelineLane, drawing: Drawing): Html {
  const { window, zooms, places, named, view, legend } = drawing;
  const dayOf = (at: number) => window.segments.findIndex(({ end }) => at < end);
  const chips = chipsOf(lane.items, dayOf);
  const inside = chips.filter(({ first }) => isInside(first, window));
  const at = inside.map(({ first }) => placeOf(first.at, window));
  const packed = Object.fromEntries(
    ZOOM_NAMES.map((name) => [name, packAt(zooms[name], inside, at, dayOf)]),
  ) as Record<ZoomName, PackedZoom>;
  const id = places.lane(packed);
  const label = labelsOf(lane, inside, {
    timezone: view.timezone,
    isDated: (moment) => named.has(window.segments[dayOf(moment)]!),
  });
  const items = inside.map((chip, index) => {
    const rows = Object.fromEntries(ZOOM_NAMES.map((name) => [name, packed[name].rows[index]!])) as Rows;
    // Counted at each zoom: it would never be seen.
    if (Math.max(...Object.values(rows)) < 0) return null;
    legend.draws(chip, rows);
    return drawChip(chip, label(chip), places.item(at[index]!, rows, isChange(chip)), rows, view);
  });
  const clusters = ZOOM_NAMES.map((name) =>
    drawClusters(packed[name], { lane, inside, at, zoom: name }, drawing),
  );
  const kind = `${lane.fleet === undefined ? '' : ' below'}${lane.items.every(({ isPast }) => isPast) ? ' of-past' : ''}`;
  return html`<div class="lane${kind}" role="group" aria-labelledby="${id}-title">
<div class="lane-name"><h3 id="${id}-title">${laneTitle(lane)}</h3>${farLinks(lane, chips, packed, drawing)}</div>
<ol class="track" id="${id}">${items}${clusters}</ol>
</div>`;
}

function packAt(
  zoom: Zoom,
  chips: readonly Chip[],
  at: readonly Place[],
  dayOf: (at: number) => number,
): PackedZoom {
  const hours = at.map((place) => hoursAt(place, zoom));
  const seen = [...hours.keys()].filter((index) => hours[index]! >= 0 && hours[index]! < zoom.span);
  const packable = seen.map((index) => {
    const chip = chips[index]!;
    return { at: hours[index]!, kind: kindOf(chip), day: dayOf(chip.first.at) };
  });
  const own = pack(packable, zoom.label, zoom.most);
  const rows = chips.map(() => -1);
  for (const [index, row] of own.rows.entries()) rows[seen[index]!] = row;
  return {
    ...own,
    rows,
    clusters: own.clusters.map((cluster) => ({
      ...cluster,
      members: cluster.members.map((index) => seen[index]!),
    })),
    before: chips.filter((_, index) => hours[index]! < 0),
    after: chips.filter((_, index) => hours[index]! >= zoom.span),
  };
}

/** How much is out of sight, with a link to the nearest of it. */
function farLinks(
  lane: TimelineLane,
  chips: readonly Chip[],
  { day, hours }: Readonly<Record<ZoomName, PackedZoom>>,
  { window, view, listedAt }: Drawing,
): Html[] {
  const earlier = chips.filter(({ first }) => first.at < window.start);
  const later = chips.filter(({ first }) => first.at >= window.end);
  return [
    { some: earlier, nearest: earlier.at(-1), words: 'earlier', kind: '' },
    { some: day.before, nearest: day.before.at(-1), words: 'earlier', kind: 'only-day' },
    { some: hours.before, nearest: hours.before.at(-1), words: 'earlier', kind: 'only-hours' },
    { some: later, nearest: later[0], words: 'later', kind: '' },
    { some: day.after, nearest: day.after[0], words: 'further on', kind: 'only-day' },
    { some: hours.after, nearest: hours.after[0], words: 'further on', kind: 'only-hours' },
  ].flatMap(({ some, nearest, words, kind }) => {
    if (nearest === undefined) return [];
    const text = `${runsIn(some)} ${words}`;
    const name = `${text}, ${hiddenText(some, lane, view.timezone)}`;
    return [
      html`<a class="${kind}" href="#${listedAt(nearest.first)}" title="${name}" aria-label="${name}">${text}</a>`,
    ];
  });
}

function drawChip(
  chip: Chip,
  { name, times, day }: ItemLabel,
  id: string,
  rows: Rows,
  { timezone, anchorOf }: TimelineView,
): Html {
  const { first, look } = chip;
  const hidden = ZOOM_NAMES.filter((zoom) => rows[zoom] < 0).map((zoom) => ` not-${zoom}`);
  // What comes for it links to where both are told.
  const anchor = first.kind === 'move-from' ? null : anchorOf(first);
  const text = sentence(chip, timezone);
  const inner = html`<b aria-hidden="true">${look.symbol}</b> <span class="name" aria-hidden="true">${shortWord(first)}${name}</span>${times === '' ? null : html` <span class="times" aria-hidden="true">${times}</span>`}${day === null ? null : html` <i aria-hidden="true">${day}</i>`} <time aria-hidden="true">${shortTime(first, timezone)}</time><span class="sr">${text}</span>`;
  const body =
    anchor === null
      ? html`<span class="chip" title="${text}">${inner}</span>`
      : html`<a class="chip" href="#${anchor}" title="${text}">${inner}</a>`;
  return html`<li class="item ${look.tone}${hidden}" id="${id}">${body}</li>`;
}

function drawClusters(
  packed: Packed,
  {
    lane,
    inside,
    at,
    zoom,
  }: {
    readonly lane: TimelineLane;
    readonly inside: readonly Chip[];
    readonly at: readonly Place[];
    readonly zoom: ZoomName;
  },
  { places, view, listedAt }: Drawing,
): Html[] {
  return packed.clusters.map(({ members, row }) => {
    const chips = members.map((index) => inside[index]!);
    const id = places.item(at[members[0]!]!, { all: row, day: row, hours: row });
    const target = listedAt(chips[0]!.first);
    const isPast = chips.every(({ first }) => first.isPast);
    const text = clusterText(chips, (chip) => kindOf(chip) === 'change');
    const name = `${text}, ${hiddenText(chips, lane, view.timezone)}`;
    return html`<li class="item cluster only-${zoom}${isPast ? ' past' : ''}" id="${id}"><a class="chip" href="#${target}" title="${name}" aria-label="${name}">${text}</a></li>`;
  });
}

function kindOf({ first }: Chip): PackedKind {
  if (first.isPast) return 'past';
  return first.action === null ? 'staying' : 'change';
}

/** Does the plan do something about it? */
function isChange({ first }: Chip): boolean {
  return first.action !== null && first.kind !== 'missed';
}
