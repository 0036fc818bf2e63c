/** Where each thing of the timeline is: an id, and the numbers of its place as a rule of the page's style. */
import type { Packed } from './packing.ts';
import type { Place } from './window.ts';
import { ZOOM_NAMES, type ZoomName } from './zooms.ts';

/** The row of an item at each zoom; -1: it is not drawn there. */
export type Rows = Readonly<Record<ZoomName, number>>;

/** Hands out ids, and writes down where each of them is. */
export class Places {
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
