/**
 * Styled text as data: what a terminal paints, a page marks up and a comment shows bare. Texts in here are safe
 * (`safeText`) and have no line break; they are not yet escaped for any markup.
 */
import type { Paint, Style } from './color.ts';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

export function line(text: string, style?: Style): Line {
  return [style === undefined ? { text } : { text, style }];
}

export function indented(spans: Line, by = '  '): Line {
  return [{ text: by }, ...spans];
}

/** What is not shown, of how many, and where all of it can be read. `what`: more than one of them. */
export function leftOut(count: number, total: number, what: string): string {
  return `… ${count} of ${total} ${what} left out: see --html or --json for all of it`;
}

export function lineText(spans: Line): string {
  return spans.map((span) => span.text).join('');
}

export function paintLine(spans: Line, paint: Paint): string {
  return spans.map(({ text, style }) => (style === undefined ? text : paint(style, text))).join('');
}
