/** One change of a plan → its block: a head line with symbol and address, then aligned `name  value` lines. */
import type { Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { someBatchesText } from '../model/words.ts';
import { ACTION_LOOKS, concernedBatches } from './actions.ts';
import type { Attribute, AttributeContext } from './attributes.ts';
import { changeAttributes } from './change-attributes.ts';
import type { Paint } from './color.ts';
import { displayWidth, padEnd, wrap } from './display-width.ts';
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

export function changeLines(change: Change, context: ChangeContext): string[] {
  const lines = [head(change, context)];
  for (const attribute of changeAttributes(change, context))
    lines.push(...attributeLines(attribute, context));
  return lines;
}

/** One dim line: for what stays as it is. */
export function unchangedLine(change: Change, context: ChangeContext): string {
  const about = change.batchIds.length === 0 ? '' : ` (${someBatchesText(change.batchIds)})`;
  const text = `    ${safeText(change.address, 200)}  unchanged: ${safeText(change.reason, 100)}${about}`;
  return context.paint('dim', text);
}

function head(change: Change, { paint, width }: ChangeContext): string {
  const look = ACTION_LOOKS[change.action];
  const batches = concernedBatches(change);
  const about = batches === '' ? '' : ` (${batches})`;
  const address = safeText(change.address, 200);
  const symbol = paint(look.style, look.symbol.padStart(3));
  const rest = `${look.verb}${about}`;
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
