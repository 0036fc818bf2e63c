/** A row of a plan's changes → its block: a head line with symbol and address, then aligned `name  value` lines. */
import { groupBy } from '../model/group.ts';
import { safeText } from '../model/safe-text.ts';
import { listText, someBatchesText } from '../model/words.ts';
import { ACTION_LOOKS, concernedBatches, verbOf } from './actions.ts';
import type { Attribute, AttributeContext } from './attributes.ts';
import type { Paint } from './color.ts';
import { displayWidth, padEnd, wrap } from './display-width.ts';
import { rowAttributes } from './group-attributes.ts';
import { type ChangeRow, rowName } from './groups.ts';
import { counted } from './phrases.ts';
import { lineText, paintLine } from './spans.ts';

export interface ChangeContext extends AttributeContext {
  readonly paint: Paint;
  readonly width: number;
}

/** Columns before a block's names, and between the left margin and its values. */
const INDENT = 6;
const VALUE_AT = 17;

/** How many columns a value has on a line of `width`. */
export function roomForValues(width: number): number {
  return Math.max(20, width - VALUE_AT);
}

export function changeLines(row: ChangeRow, context: ChangeContext): string[] {
  const lines = [head(row, context)];
  for (const attribute of rowAttributes(row, context)) lines.push(...attributeLines(attribute, context));
  return lines;
}

/** One dim line: for what stays as it is. */
export function unchangedLine(row: ChangeRow, { paint }: ChangeContext): string {
  const ids = row.flatMap((change) => change.batchIds);
  const about = ids.length === 0 ? '' : ` (${someBatchesText(ids)})`;
  const name = safeText(rowName(row), 200);
  if (row.length > 1) return paint('dim', `    ${name}  ${row.length} unchanged: ${reasonsText(row)}`);
  return paint('dim', `    ${name}  unchanged: ${safeText(row[0].reason, 100)}${about}`);
}

/** `11 scheduled, 1 done` */
function reasonsText(row: ChangeRow): string {
  const reasons = [...groupBy(row, (change) => change.reason)];
  return listText(reasons.map(([reason, changes]) => `${changes.length} ${safeText(reason, 60)}`));
}

function head(row: ChangeRow, { paint, width }: ChangeContext): string {
  const { action } = row[0];
  const look = ACTION_LOOKS[action];
  const batches = concernedBatches(row);
  const about = batches === '' ? '' : ` (${batches})`;
  const address = safeText(rowName(row), 200);
  const symbol = paint(look.style, look.symbol.padStart(3));
  const many = row.length > 1 ? `${counted(row.length, 'batch', 'batches')} ` : '';
  const rest = `${many}${verbOf(action, row.length)}${about}`;
  const isLong = 6 + displayWidth(address) + displayWidth(rest) > width;
  const separator = isLong ? `\n${' '.repeat(INDENT)}` : '  ';
  return `${symbol} ${paint('bold', address)}${separator}${paint('dim', rest)}`;
}

/** The first line follows the name, the others stand below it. */
function attributeLines(attribute: Attribute, { paint, width }: ChangeContext): string[] {
  const room = roomForValues(width);
  const values = attribute.isProse
    ? attribute.lines.flatMap((spans) => wrap(lineText(spans), room))
    : attribute.lines.map((spans) => paintLine(spans, paint));
  const nameRoom = VALUE_AT - INDENT;
  const name = paint('dim', padEnd(attribute.name, nameRoom));
  return values.map((line, index) => (index === 0 ? ' '.repeat(INDENT) + name : ' '.repeat(VALUE_AT)) + line);
}
