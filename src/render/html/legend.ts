/** The legend of a timeline. Invariant: at each zoom it tells the signs that are drawn there, and no others. */
import type { Chip } from './chips.ts';
import { type Html, html } from './html.ts';
import type { Rows } from './places.ts';
import { SIGNS, type Sign } from './signs.ts';
import { ZOOM_NAMES, type ZoomName } from './zooms.ts';

type Seen = 'past' | 'present';

export class Legend {
  readonly #drawn = new Map<Sign, Map<ZoomName, Seen>>();

  /** Takes note of what is drawn in those rows. */
  draws({ look, first }: Chip, rows: Rows): void {
    const zooms = this.#drawn.get(look.symbol) ?? new Map<ZoomName, Seen>();
    this.#drawn.set(look.symbol, zooms);
    for (const zoom of ZOOM_NAMES) {
      if (rows[zoom] < 0 || (first.isPast && zooms.has(zoom))) continue;
      zooms.set(zoom, first.isPast ? 'past' : 'present');
    }
  }

  markup(): Html {
    const entries = (Object.keys(SIGNS) as Sign[]).flatMap((sign) => {
      const zooms = this.#drawn.get(sign);
      return zooms === undefined ? [] : [entryOf(sign, zooms)];
    });
    return html`<ul class="signs">${entries}</ul>`;
  }
}

function entryOf(sign: Sign, zooms: ReadonlyMap<ZoomName, Seen>): Html {
  const kinds = ZOOM_NAMES.flatMap((zoom) => {
    const seen = zooms.get(zoom);
    if (seen === 'present') return [];
    return [seen === 'past' ? `past-${zoom}` : `not-${zoom}`];
  });
  const kind = kinds.length === 0 ? null : html` class="${kinds.join(' ')}"`;
  return html`<li${kind}><b>${sign}</b> ${SIGNS[sign]}</li>`;
}
