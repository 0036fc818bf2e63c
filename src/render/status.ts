/** Where the batches of a desired-state file stand: two lines each, and what failed below; or the same as JSON. */
import { isAllPaused } from '../model/batch-phase.ts';
import { groupBy } from '../model/group.ts';
import { safeText } from '../model/safe-text.ts';
import type { Status, StatusRow } from '../model/status.ts';
import { someBatchesText } from '../model/words.ts';
import { type Paint, painter, type Style } from './color.ts';
import { displayWidth, padEnd, wrap } from './display-width.ts';
import { bar, counted, finishedCount } from './phrases.ts';
import { unmanagedTable } from './plan.ts';
import { isToCome, type StatusLine, statusLines } from './status-lines.ts';
import type { Room } from './table.ts';
import { formatTime, relativeTime } from './time.ts';

export interface StatusView extends Room {
  /** Unix seconds. */
  readonly now: number;
  readonly color: boolean;
  /** An IANA zone. */
  readonly timezone: string;
  /** Failed tasks that are shown of one batch; 3 if not said. */
  readonly maxFailures?: number;
}

/** Ends with a line break. */
export function renderStatus(status: Status, view: StatusView): string {
  const paint = painter(view.color);
  const shown = statusLines(status.rows);
  const addressWidth = addressWidthOf(
    shown.flatMap((line) => (line.kind === 'row' ? line.row : [])),
    view,
  );
  const lines = [...headLines(status, view, paint), ''];
  if (status.rows.length === 0) lines.push('No batches to show.');
  for (const line of shown) {
    if (line.kind === 'row') lines.push(...rowLines(line.row, view, addressWidth, paint));
    else lines.push(restLine(line, view, paint));
  }
  if (status.unmanaged.length > 0) {
    lines.push('', `${counted(status.unmanaged.length, 'unmanaged batch', 'unmanaged batches')}:`);
    lines.push(...unmanagedTable(status.unmanaged.slice(0, UNMANAGED_SHOWN), view, paint));
    const rest = status.unmanaged.length - UNMANAGED_SHOWN;
    if (rest > 0) lines.push(`  … and ${rest} more`);
  }
  if (status.rows.length > 0) lines.push('', ...wrap(`${phasesText(status.rows)}.`, view.width));
  return `${lines.join('\n')}\n`;
}

/** `2 scheduled, 1 done` */
export function phasesText(rows: readonly StatusRow[]): string {
  const words = groupBy(rows, wordOf);
  return [...words].map(([word, { length }]) => `${length} ${word}`).join(', ');
}

/** `nightly-restart  and 11 more: 8 scheduled until …, 3 done`, of occurrences. */
function restLine(
  { block, rows }: Extract<StatusLine, { kind: 'rest' }>,
  view: StatusView,
  paint: Paint,
): string {
  const name = safeText(block, 200);
  const text = restText(rows, view);
  const isBeside = view.mayCut === false || displayWidth(name) + 2 + displayWidth(text) <= view.width;
  if (isBeside) return `${paint('bold', name)}  ${paint('dim', text)}`;
  const lines = wrap(text, view.width - 2).map((line) => `  ${paint('dim', line)}`);
  return [paint('bold', name), ...lines].join('\n');
}

/** `and 11 more: 8 scheduled until 2026-12-14 04:30 CET (03:30 UTC), 3 done` */
export function restText(rows: readonly StatusRow[], { timezone }: Pick<StatusView, 'timezone'>): string {
  const ahead = rows.filter(isToCome);
  const last = ahead.reduce((most, { executeAt }) => Math.max(most, executeAt ?? 0), 0);
  const until = last === 0 ? '' : ` until ${formatTime(last, timezone)}`;
  const told = [
    ...(ahead.length === 0 ? [] : [phasesText(ahead) + until]),
    ...(ahead.length === rows.length ? [] : [phasesText(rows.filter((row) => !isToCome(row)))]),
  ];
  return `and ${rows.length} more: ${told.join(', ')}`;
}

/** Pretty JSON of the same rows; ids are strings. Ends with a line break. */
export function statusToJson(status: Status): string {
  return `${JSON.stringify(status, null, 2)}\n`;
}

function headLines({ name, api }: Status, { width, mayCut }: StatusView, paint: Paint): string[] {
  const text = `${paint('bold', safeText(name, 80))} at ${safeText(api, 200)}`;
  return mayCut === false ? [text] : wrap(text, width);
}

/** What is longer than this has its phase where there is room. */
function addressWidthOf(rows: readonly StatusRow[], { width, mayCut }: StatusView): number {
  const most = mayCut === false ? Number.POSITIVE_INFINITY : Math.max(16, width - 46);
  const widths = rows.map((row) => displayWidth(safeText(row.address, 200))).filter((one) => one <= most);
  return widths.reduce((longest, one) => Math.max(longest, one), 0);
}

const UNMANAGED_SHOWN = 20;
const PHASE_WIDTH = 'not applied'.length;

export const STYLES: Readonly<Record<StatusRow['phase'], Style>> = {
  scheduled: 'cyan',
  running: 'yellow',
  done: 'green',
  failed: 'red',
  cancelled: 'magenta',
  stopped: 'magenta',
  missing: 'red',
  'not applied': 'dim',
};

export function wordOf({ counts, phase }: StatusRow): string {
  return isAllPaused(counts) ? 'paused' : phase;
}

/** An address is never cut: it is what the next command takes. What has no room beside it stands below. */
function nameLines(row: StatusRow, addressWidth: number, view: StatusView, paint: Paint): string[] {
  const address = safeText(row.address, 200);
  const tasks = tasksParts(row);
  const word = wordOf(row);
  const style = STYLES[row.phase];
  const phase = paint(style, tasks.length === 0 ? word : padEnd(word, PHASE_WIDTH));
  const name = paint('bold', padEnd(address, addressWidth));
  const rest = tasks.length === 0 ? phase : `${phase}  ${tasks.join(', ')}`;
  const width = Math.max(displayWidth(address), addressWidth) + 2 + displayWidth(rest);
  if (view.mayCut === false || width <= view.width) return [`${name}  ${rest}`];
  const room = view.width - 2;
  const [first, ...more] = tasks;
  const below =
    first === undefined || displayWidth(rest) <= room
      ? [rest]
      : filled([`${paint(style, word)}  ${first}`, ...more], room);
  return [name.trimEnd(), ...below.map((line) => `  ${line}`)];
}

function rowLines(row: StatusRow, view: StatusView, addressWidth: number, paint: Paint): string[] {
  return [
    ...nameLines(row, addressWidth, view, paint),
    ...aboutLines(row, view).map((line) => paint('dim', `  ${line}`)),
    ...failureLines(row, view, paint),
  ];
}

function tasksParts({ counts, numTasks, phase }: StatusRow): string[] {
  if (phase === 'missing' || phase === 'not applied') return [];
  const finished = finishedCount(counts);
  const done = `${finished}/${numTasks}`;
  const parts = [phase === 'running' ? `${bar(finished, numTasks)} ${done}` : done];
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (counts.cancelled > 0) parts.push(`${counts.cancelled} cancelled`);
  if (counts.paused > 0) parts.push(`${counts.paused} paused`);
  return parts;
}

function aboutLines(row: StatusRow, { now, timezone, width }: StatusView): string[] {
  const template = row.template === null ? 'template unknown' : safeText(row.template, 120);
  const target = row.targetText === '' ? '' : ` on ${safeText(row.targetText, 200)}`;
  const time =
    row.executeAt === null
      ? ['once']
      : [formatTime(row.executeAt, timezone), relativeTime(row.executeAt, now)];
  const batches = row.batchIds.length === 0 ? [] : [someBatchesText(row.batchIds)];
  return filled([template + target, ...time, ...batches], width - 2);
}

/** Broken between the parts; within one only where it is longer than a line. */
function filled([first = '', ...parts]: readonly string[], width: number): string[] {
  const lines = [first];
  for (const part of parts) {
    const longer = `${lines.at(-1)}, ${part}`;
    if (displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.flatMap((line) => wrap(line, width));
}

function failureLines(row: StatusRow, view: StatusView, paint: Paint): string[] {
  const limit = view.maxFailures ?? 3;
  const lines = row.failures.slice(0, limit).flatMap(({ entityId, resultText }) => {
    const text = resultText.trim() === '' ? 'failed without a message' : safeText(resultText.trim(), 400);
    const [first = '', ...more] = wrap(`game server ${safeText(entityId, 24)}: ${text}`, view.width - 4);
    return [`  ${first}`, ...more.map((part) => `    ${part}`)].map((part) => paint('red', part));
  });
  const rest = row.failures.length - limit;
  return rest > 0 ? [...lines, paint('red', `  … and ${rest} more failed`)] : lines;
}
