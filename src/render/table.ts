/**
 * Rows of cells → aligned columns, by display width; where those have no room, each row as a paragraph.
 *
 * Invariant: nothing is cut and too wide at the same time. A narrow screen cuts nothing: words go on below.
 */
import type { Paint, Style } from './color.ts';
import { displayWidth, NARROW, padEnd, shorten, wrap } from './display-width.ts';

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
  return tableRows(rows, options).flat();
}

/** The same, of each row its lines. */
export function tableRows(rows: readonly (readonly Cell[])[], options: TableOptions): string[][] {
  if (!isTabular(rows, options)) return rows.map((row) => stacked(row, options));
  const widths = columnWidths(rows, options);
  const indent = ' '.repeat(options.indent ?? 0);
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const text = shorten(cell.text, widths[column] ?? 0);
      const padded = column === row.length - 1 ? text : padEnd(text, widths[column] ?? 0);
      return cell.style === undefined ? padded : options.paint(cell.style, padded);
    });
    return [(indent + cells.join(GAP)).trimEnd()];
  });
}

/** Is there room for columns? */
export function isTabular(rows: readonly (readonly Cell[])[], options: TableOptions): boolean {
  if (options.mayCut === false) return true;
  const { width, flexible, ...rigid } = options;
  const widths = columnWidths(rows, width < NARROW ? { width, ...rigid } : options);
  return widths.reduce((sum, one) => sum + one + GAP.length, options.indent ?? 0) - GAP.length <= width;
}

/** Cell after cell, whole where a line has room for it; what goes on stands a little further right. */
function stacked(row: readonly Cell[], { width, paint, indent = 0 }: TableOptions): string[] {
  const lines: string[] = [];
  let taken = 0;
  for (const { text, style } of row) {
    if (text === '') continue;
    const painted = (part: string) => (style === undefined ? part : paint(style, part));
    if (lines.length > 0 && taken + GAP.length + displayWidth(text) <= width) {
      lines.push(`${lines.pop()}${GAP}${painted(text)}`);
      taken += GAP.length + displayWidth(text);
      continue;
    }
    const isFitting = lines.length === 0 && indent + displayWidth(text) <= width;
    const parts = isFitting ? [text] : wrap(text, Math.max(1, width - indent - GAP.length));
    for (const part of parts) {
      const own = lines.length === 0 ? indent : indent + GAP.length;
      lines.push(' '.repeat(own) + painted(part));
      taken = own + displayWidth(part);
    }
  }
  return lines.length === 0 ? [''] : lines;
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
