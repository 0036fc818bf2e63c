/** Lines and columns of a YAML text, as far as comments and blank lines need them. */
import { partitionPoint } from '../../model/partition-point.ts';
import type { Span } from '../source.ts';

export class TextPlaces {
  readonly text: string;
  readonly #lineStarts: number[] = [0];
  /** Block scalars, ascending: where they start, where they end and whether they keep the empty lines behind them. */
  readonly #scalarStarts: number[] = [];
  readonly #scalars: { readonly end: number; readonly isKeeping: boolean }[] = [];

  constructor(text: string) {
    this.text = text;
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.#lineStarts.push(i + 1);
  }

  /** A line of it that looks blank may be a part of its value. To be told in the order of the text. */
  addBlockScalar({ start, end }: Span, isKeeping: boolean): void {
    this.#scalarStarts.push(start);
    this.#scalars.push({ end, isKeeping });
  }

  /** Columns from 0. */
  column(offset: number): number {
    return offset - this.#lineStart(offset);
  }

  isFirstOnLine(offset: number): boolean {
    return this.lineUpTo(offset).trim() === '';
  }

  /** What is before it on its line. */
  lineUpTo(offset: number): string {
    return this.text.slice(this.#lineStart(offset), offset);
  }

  /** Whether the line above is blank, by the author's wish. */
  isBlankBefore(offset: number): boolean {
    const end = this.#lineStart(offset) - 1;
    if (end < 0) return false;
    const start = this.#lineStart(end);
    if (this.text.slice(start, end).trim() !== '') return false;
    const scalar = this.#scalars[partitionPoint(this.#scalarStarts, (one) => one <= start) - 1];
    if (scalar === undefined || start >= scalar.end) return true;
    // Blanks deeper than the indentation are text.
    return !scalar.isKeeping && start === end;
  }

  #lineStart(offset: number): number {
    return this.#lineStarts[partitionPoint(this.#lineStarts, (start) => start <= offset) - 1] ?? 0;
  }
}
