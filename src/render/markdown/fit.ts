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
  if (rows.length === 0) return '';
  const rule = head.map((_, index) => (right.includes(index) ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What is folded away, one after the other, under one line that can be clicked. */
export interface Fold {
  readonly items: readonly FoldItem[];
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
