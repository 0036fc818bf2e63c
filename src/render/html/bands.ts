/**
 * The freezes behind a timeline, from their start to their end. Each freeze has a row for its name, so that those that
 * overlap stay readable.
 */
import type { FreezeWindow } from '../../model/schedule.ts';
import { type Html, html } from './html.ts';
import { type Place, placeOf, type Window } from './window.ts';

interface BandPlaces {
  /** The id of a place of that size. */
  band(place: Place, size: Place, row: number): string;
}

/** `height`: rows. Nothing is drawn of what lies outside the window. */
export function drawBands(
  freezes: readonly FreezeWindow[],
  window: Window,
  places: BandPlaces,
): { readonly markup: Html | null; readonly height: number } {
  const inside = freezes.filter(({ from, to }) => from < window.end && to > window.start);
  if (inside.length === 0) return { markup: null, height: 0 };
  const rows = [...new Set(inside.map(({ freeze }) => freeze))];
  const bands = inside.map(({ freeze, from, to }) => {
    const start = placeOf(Math.max(from, window.start), window);
    const end = to >= window.end ? window.edge : placeOf(to, window);
    const size = { hours: rounded(end.hours - start.hours), gaps: end.gaps - start.gaps };
    const id = places.band(start, size, rows.indexOf(freeze));
    return html`<li class="band" id="${id}" title="freeze ${freeze}"><span>freeze ${freeze}</span></li>`;
  });
  return { markup: html`<ol class="bands" aria-hidden="true">${bands}</ol>`, height: rows.length };
}

function rounded(hours: number): number {
  return Math.round(hours * 1000) / 1000;
}
