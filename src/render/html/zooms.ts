/**
 * The zooms of a timeline: how wide an hour is at each, and so which items have room side by side. styles.ts draws
 * them by the same numbers. Pure.
 */
import type { Most } from './packing.ts';
import type { Place } from './window.ts';

export type ZoomName = 'all' | 'day' | 'hours';
export const ZOOM_NAMES: readonly ZoomName[] = ['all', 'day', 'hours'];
export const ZOOM_WORDS: Readonly<Record<ZoomName, string>> = {
  all: 'All',
  day: 'Next day',
  hours: '3 hours',
};

export interface Zoom {
  /** Hours that a label takes, with the space behind it. */
  readonly label: number;
  /** Hours that a gap is wide. */
  readonly gap: number;
  /** Where its left edge is. */
  readonly from: Place;
  /** Hours that it shows: what comes later is counted. */
  readonly span: number;
  readonly most: Most;
}

/** Of the drawn width: what all hours take, so that the last label has room; and a label, at each zoom. */
export const SHARES = { all: 0.86, labels: { all: 0.13, day: 0.16, hours: 0.2 } } as const;
/** Hours that a zoom shows; behind them is room for the last label. */
export const SPANS = { day: 26, hours: 4 } as const;
/** Between two labels, as a share of one. */
const SPACE = 1.04;

function labelOf(name: 'day' | 'hours'): number {
  const share = SHARES.labels[name];
  return (SPANS[name] / (1 - share)) * share * SPACE;
}

/** `edge`: the right edge of everything; `now`: where the closer zooms begin, a little before. */
export function zoomsOf(edge: Place, now: Place): Readonly<Record<ZoomName, Zoom>> {
  const gap = Math.max(3, edge.hours * 0.09);
  const total = edge.hours + edge.gaps * gap;
  const near = (hours: number): Place => ({ hours: Math.max(0, now.hours - hours), gaps: now.gaps });
  return {
    all: {
      label: ((total * SHARES.labels.all) / SHARES.all) * SPACE,
      gap,
      from: { hours: 0, gaps: 0 },
      span: total,
      most: { staying: 5, changes: 15, past: 2 },
    },
    day: {
      label: labelOf('day'),
      gap: 3,
      from: near(1),
      span: SPANS.day,
      most: { staying: 6, changes: 15, past: 3 },
    },
    hours: {
      label: labelOf('hours'),
      gap: 0.5,
      from: near(0.25),
      span: SPANS.hours,
      most: { staying: 6, changes: 15, past: 3 },
    },
  };
}

/** So many hours from a zoom's left edge; less than 0: out of its sight. */
export function hoursAt({ hours, gaps }: Place, { gap, from }: Zoom): number {
  return hours - from.hours + (gaps - from.gaps) * gap;
}

/** The numbers of the style sheet that depend on what is drawn. */
export function zoomRule(edge: Place, zooms: Readonly<Record<ZoomName, Zoom>>): string {
  const rounded = (value: number) => Math.round(value * 1000) / 1000;
  const { all, day, hours } = zooms;
  return [
    `--hours:${edge.hours}`,
    `--gaps:${edge.gaps}`,
    `--wide:${rounded(all.gap)}`,
    `--total:${rounded(edge.hours + edge.gaps * all.gap)}`,
    `--from-day:${rounded(day.from.hours)}`,
    `--from-hours:${rounded(hours.from.hours)}`,
    `--from-gaps:${day.from.gaps}`,
  ].join(';');
}
