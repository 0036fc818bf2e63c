/** Lines and columns of a YAML text, as far as comments and blank lines need them. */
import type { Span } from '../source.ts';

export class TextPlaces {
  readonly text: string;
  readonly #lineStarts: number[] = [0];
  /** Block scalars to whose value the blank lines behind them belong (`|+`). */
  readonly #kept: Span[] = [];

  constructor(text: string) {
    this.text = text;
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.#lineStarts.push(i + 1);
  }

  keepBlankLinesOf(span: Span): void {
    this.#kept.push(span);
  }

  /** Columns from 0. */
  column(offset: number): number {
    return offset - this.#lineStart(offset);
  }

  isFirstOnLine(offset: number): boolean {
    return this.lineUpTo(offset).trim() === '';
  }

  /** What stands before it on its line. */
  lineUpTo(offset: number): string {
    return this.text.slice(this.#lineStart(offset), offset);
  }

  /** Whether the line above is blank, by the author's wish. */
  isBlankBefore(offset: number): boolean {
    const end = this.#lineStart(offset) - 1;
    if (end < 0) return false;
    const start = this.#lineStart(end);
    if (this.text.slice(start, end).trim() !== '') return false;
    return !this.#kept.some((span) => span.start <= start && start < span.end);
  }

  #lineStart(offset: number): number {
    return this.#lineStarts[firstAbove(this.#lineStarts, offset) - 1] ?? 0;
  }
}

/** The index of the first of the ascending numbers that is greater; their count, if none is. */
export function firstAbove(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
