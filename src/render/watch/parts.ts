/** Lines of a live view that are put together of parts, each whole or left out; none is wider than its room. */
import { safeText } from '../../model/safe-text.ts';
import type { StatusRow } from '../../model/status.ts';
import type { Paint, Style } from '../color.ts';
import { displayWidth, truncate } from '../display-width.ts';

export interface WatchView {
  /** Unix seconds. */
  readonly now: number;
  /** An IANA zone. */
  readonly timezone: string;
  readonly color: boolean;
  /** Columns and lines of the window. */
  readonly width: number;
  readonly height: number;
}

export interface Part {
  readonly text: string;
  readonly style?: Style;
}

/** The parts that fit, in their order; once one does not, no later one is shown. The first is cut to fit. */
export function line(parts: readonly Part[], width: number, paint: Paint, gap = 2): string {
  let shown = '';
  let room = width;
  for (const [index, { text, style }] of parts.entries()) {
    if (text === '') continue;
    const fitting = index === 0 ? truncate(text, width) : text;
    const before = shown === '' ? 0 : gap;
    room -= displayWidth(fitting) + before;
    if (room < 0) break;
    shown += ' '.repeat(before) + (style === undefined ? fitting : paint(style, fitting));
  }
  return shown;
}

export function nameText(address: string): string {
  return safeText(address, 200);
}

/** They tell the phases apart without a colour. */
export const MARKS: Readonly<Record<StatusRow['phase'], string>> = {
  scheduled: '○',
  running: '▶',
  done: '✔',
  failed: '✖',
  cancelled: '■',
  stopped: '■',
  missing: '?',
  'not applied': '+',
};
