/** Parts of a comment, and how much room they take. */

/** Is it shorter than `max`, in UTF-8 bytes? Then it is in characters and UTF-16 code units, too. */
export function fits(text: string, max: number): boolean {
  return bytes(text) < max;
}

export function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Paragraphs, tables and blocks, parted by empty lines; empty ones are left out. */
export function blocks(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A table with a head; `right`: columns of numbers. Cells are Markdown already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  return tableOf(head, rows.map(rowText), right);
}

/** Of rows that are lines already. */
export function tableOf(
  head: readonly string[],
  rows: readonly string[],
  right: readonly number[] = [],
): string {
  if (rows.length === 0) return '';
  const rule = head.map((_, index) => (right.includes(index) ? '---:' : '---'));
  return [rowText(head), rowText(rule), ...rows].join('\n');
}

export function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The largest number up to `most` that fits, if more takes more room; `0` does. */
export function widest(most: number, isFitting: (shown: number) => boolean): number {
  // The whole says of nothing that it is left out: it may be shorter than nearly the whole.
  if (most === 0 || isFitting(most)) return most;
  let [fitting, tooMany] = [0, most];
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1;
    if (isFitting(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

/** What each of them looks like; made when it is first asked for, and once. */
export function lazily<T>(
  all: readonly T[],
  render: (one: T) => string,
): (from: number, to: number) => string[] {
  const made: string[] = [];
  return (from, to) => {
    while (made.length < to) made.push(render(all[made.length]!));
    return made.slice(from, to);
  };
}

/** Names as many as there is room for, in its order, and counts the rest. */
export interface Listing {
  readonly length: number;
  text(shown: number): string;
  /** What is missing when so many are shown; empty: nothing. Trusted text. */
  missing(shown: number): string;
}

/** What is folded away, one after the other, under one line that can be clicked. */
export interface Fold {
  readonly about: 'changes' | 'findings';
  readonly items: readonly FoldItem[];
  /** How many the items tell of, and those that have none. */
  readonly total: number;
  /** The line, of that many: trusted text. */
  title(count: number): string;
  /** What is missing when so many of it are left out: `the details of 3 changes`. Trusted text. */
  missing(count: number): string;
}

export interface FoldItem {
  readonly markdown: string;
  /** How many of the plan it tells of. */
  readonly count: number;
}

export function foldText(fold: Fold, kept: (item: FoldItem) => boolean): string {
  const items = fold.items.filter(kept);
  if (items.length === 0) return '';
  return blocks([
    `<details>\n<summary>${fold.title(countOf(items))}</summary>`,
    ...items.map((item) => item.markdown),
    '</details>',
  ]);
}

export function countOf(items: readonly FoldItem[]): number {
  return items.reduce((sum, item) => sum + item.count, 0);
}
