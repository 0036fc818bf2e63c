/** Rows of cells → aligned columns, by display width. */
import type { Paint, Style } from './color.ts';
import { displayWidth, padEnd, shorten } from './display-width.ts';

/** Safe text, one line. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** Where lines go. */
export interface Room {
  /** Columns. */
  readonly width: number;
  /** false: it is no screen, and whoever reads it looks for whole names: a table is as wide as it is. */
  readonly mayCut?: boolean;
}

export interface TableOptions extends Room {
  readonly paint: Paint;
  /** Spaces before each line. */
  readonly indent?: number;
  /** The columns that give way, cut in their middle, when the line would be longer than `width`; the first one first. */
  readonly flexible?: readonly number[];
}

/** Lines without line breaks; nothing is padded after a row's last cell. */
export function tableLines(rows: readonly (readonly Cell[])[], options: TableOptions): string[] {
  const widths = columnWidths(rows, options);
  const indent = ' '.repeat(options.indent ?? 0);
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const text = shorten(cell.text, widths[column] ?? 0);
      const padded = column === row.length - 1 ? text : padEnd(text, widths[column] ?? 0);
      return cell.style === undefined ? padded : options.paint(cell.style, padded);
    });
    return (indent + cells.join(GAP)).trimEnd();
  });
}

const GAP = '  ';
const NARROWEST = 12;

function columnWidths(rows: readonly (readonly Cell[])[], options: TableOptions): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell.text));
    }
  }
  const gaps = Math.max(0, widths.length - 1) * GAP.length + (options.indent ?? 0);
  if (options.mayCut === false) return widths;
  let excess = widths.reduce((sum, width) => sum + width, gaps) - options.width;
  for (const column of options.flexible ?? []) {
    const width = widths[column] ?? 0;
    const given = Math.min(Math.max(0, excess), Math.max(0, width - NARROWEST));
    widths[column] = width - given;
    excess -= given;
  }
  return widths;
}
