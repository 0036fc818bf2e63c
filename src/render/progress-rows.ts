/**
 * The rows of progress on a terminal as data: one per change and one per batch that is waited for. Few have a line
 * of their own; when one of those is through, its line goes to one that still moves. The others share the last line.
 */
import type { ApplyEvent } from '../model/apply-events.ts';
import { isLive } from '../model/batch-phase.ts';
import { safeText } from '../model/safe-text.ts';
import { someBatchesText } from '../model/words.ts';
import type { Paint } from './color.ts';
import { displayWidth, padEnd, shorten, truncate } from './display-width.ts';
import {
  addressText,
  completeText,
  DOING,
  type EventOf,
  failedText,
  troubleText,
  waitingText,
} from './event-text.ts';
import { bar, finishedCount } from './phrases.ts';

interface Row {
  readonly label: string;
  text: string;
  bar: { readonly done: number; readonly total: number } | null;
  end: 'well' | 'badly' | null;
}

export interface Rows {
  take(event: ApplyEvent): void;
  /** Shown in a line of its own, until another one comes. */
  notice(text: string): void;
  /** What to show now, one line each, none wider than asked. `spinner` marks what moves. */
  lines(spinner: string): string[];
  /** What a row has no room for, in full, for after the end. */
  remarks(): string[];
}

export function progressRows(options: {
  readonly limit: number;
  readonly width: number;
  readonly paint: Paint;
}): Rows {
  const { limit, width, paint } = options;
  const rows = new Map<string, Row>();
  const shown: Row[] = [];
  const remarks: string[] = [];
  let waiting = '';
  let notices: string[] = [];

  const row = (key: string, label: string): Row => {
    const known = rows.get(key);
    if (known !== undefined) return known;
    const made: Row = { label, text: '', bar: null, end: null };
    rows.set(key, made);
    return made;
  };
  const take = (event: ApplyEvent) => {
    waiting = event.type === 'waiting' && event.address === undefined ? waitingText(event) : '';
    if (event.type === 'note') remarks.push(safeText(event.message, 600));
    if (event.type === 'failed')
      remarks.push(paint('red', `${addressText(event.address)}: ${failedText(event)}`));
    if (event.type === 'batch') {
      const label = `${addressText(event.address)} (${someBatchesText([event.batchId])})`;
      updateBatch(row(`batch ${event.batchId}`, label), event);
    } else if ('address' in event && event.address !== undefined) {
      updateChange(row(`change ${event.address}`, addressText(event.address)), event);
    }
  };
  const lines = (spinner: string) => {
    const all = [...rows.values()];
    handOver(all, shown, limit);
    const labelWidth = Math.min(
      Math.floor(width / 2),
      Math.max(0, ...shown.map((one) => displayWidth(one.label))),
    );
    const own = shown.map((one) => rowLine(one, spinner, labelWidth, width, paint));
    const shared = foldedText(all, shown);
    return [
      ...own,
      ...[shared, waiting, ...notices]
        .filter((text) => text !== '')
        .map((text) => truncate(`  ${text}`, width)),
    ];
  };
  const hiddenTroubles = () =>
    [...rows.values()]
      .filter((one) => one.end === 'badly' && one.bar !== null && !shown.includes(one))
      .map((one) => paint('red', `${one.label}: ${one.text}`));
  return {
    take,
    lines,
    notice: (text) => {
      notices = text.split('\n').map((line) => safeText(line, 600));
    },
    remarks: () => [...remarks, ...hiddenTroubles()],
  };
}

function updateChange(row: Row, event: Extract<ApplyEvent, { address?: string }>): void {
  switch (event.type) {
    case 'start':
      row.text = DOING[event.action];
      return;
    case 'progress':
      row.text = event.note === undefined ? DOING[event.action] : safeText(event.note, 200);
      row.bar = event.total > 1 ? { done: event.done, total: event.total } : null;
      return;
    case 'waiting':
      row.text = waitingText(event);
      return;
    case 'complete':
      finish(row, completeText(event), 'well');
      return;
    case 'failed':
      finish(row, failedText(event), 'badly');
      return;
    case 'skipped':
      finish(row, `skipped: ${safeText(event.reason, 200)}`, 'badly');
      return;
  }
}

function updateBatch(row: Row, event: EventOf<'batch'>): void {
  const done = finishedCount(event.counts);
  row.text = `${event.phase}${troubleText(event.counts)}`;
  row.bar = { done, total: event.total };
  if (!isLive(event.phase)) row.end = event.phase === 'done' ? 'well' : 'badly';
}

function finish(row: Row, text: string, end: 'well' | 'badly'): void {
  row.text = text;
  row.bar = null;
  row.end = end;
}

/** Fills free lines in order of appearance, then gives lines of what is over to what still moves. */
function handOver(all: readonly Row[], shown: Row[], limit: number): void {
  const visible = new Set(shown);
  const hidden = all.filter((row) => !visible.has(row));
  while (shown.length < limit && hidden.length > 0) shown.push(hidden.shift()!);
  const moving = hidden.filter((row) => row.end === null);
  for (const [index, row] of shown.entries()) {
    if (row.end === null || moving.length === 0) continue;
    shown[index] = moving.shift()!;
  }
}

function rowLine(row: Row, spinner: string, labelWidth: number, width: number, paint: Paint): string {
  const icon =
    row.end === null
      ? paint('yellow', spinner)
      : row.end === 'well'
        ? paint('green', '✔')
        : paint('red', '✖');
  const label = padEnd(shorten(row.label, labelWidth), labelWidth);
  const progress =
    row.bar === null ? '' : `${bar(row.bar.done, row.bar.total)} ${row.bar.done}/${row.bar.total} `;
  const text = truncate(`${progress}${row.text}`, Math.max(10, width - labelWidth - 4));
  return `${icon} ${label}  ${text}`;
}

/** `and 185 more: 40 done, 2 failed, 143 under way`. */
function foldedText(all: readonly Row[], shown: readonly Row[]): string {
  const visible = new Set(shown);
  const folded = all.filter((row) => !visible.has(row));
  if (folded.length === 0) return '';
  const count = (end: Row['end']) => folded.filter((row) => row.end === end).length;
  const parts = [`${count('well')} done`];
  if (count('badly') > 0) parts.push(`${count('badly')} failed or skipped`);
  if (count(null) > 0) parts.push(`${count(null)} under way`);
  const ended = folded.length - count(null);
  // What moves no more needs no bar: the last frame stays on the screen.
  const moving = count(null) > 0 ? `${bar(ended, folded.length)} ` : '';
  return `${moving}and ${folded.length} more: ${parts.join(', ')}`;
}
