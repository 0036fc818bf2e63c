/**
 * What the table of changes has no room for, folded: reasons, and attributes that differ. One fold per action;
 * changes of which the same is to be told share one block.
 */
import { ACTION_LOOKS, concernedBatches } from '../actions.ts';
import type { Attribute, AttributeContext } from '../attributes.ts';
import { rowAttributes } from '../group-attributes.ts';
import { type ChangeRow, rowName } from '../groups.ts';
import { counted } from '../phrases.ts';
import { lineText } from '../spans.ts';
import { ACTION_PHRASES } from './changes-table.ts';
import { diffLines, type Mark } from './diff-lines.ts';
import { code, fence, LONGEST_NAME, prose } from './escape.ts';
import { blocks, type Fold, type FoldItem } from './fit.ts';

/** `all` in the order of the table, which shows the first `rows` of them: the others have no details. */
export function detailFolds(all: readonly ChangeRow[], rows: number, context: AttributeContext): Fold[] {
  const actions = [...new Set(all.map(([{ action }]) => action))];
  const inTable = all.slice(0, rows);
  return actions.map((action) => {
    const isOwn = ([change]: ChangeRow) => change.action === action;
    const total = all.filter(isOwn).flat().length;
    const phrase = ACTION_PHRASES[action];
    return {
      about: 'changes',
      items: detailItems(inTable.filter(isOwn), context),
      total,
      title: (count) => `Details: ${count < total ? `${count} of ` : ''}${total} ${phrase}`,
      missing: (count) => `the details of ${count} ${phrase}`,
    };
  });
}

/** Addresses before a block; the table has them all. */
const NAMED = 8;

function detailItems(all: readonly ChangeRow[], context: AttributeContext): FoldItem[] {
  const alike = new Map<string, { rows: ChangeRow[]; lines: readonly string[] }>();
  for (const row of all) {
    const lines = detailLines(row, context);
    const key = JSON.stringify([reasonOf(row, context), lines]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { rows: [row], lines });
    else known.rows.push(row);
  }
  return [...alike.values()].map((group) => ({
    markdown: blocks([
      headOf(group.rows, context),
      group.lines.length === 0 ? '' : fence('diff', group.lines),
    ]),
    count: group.rows.flat().length,
  }));
}

function headOf(rows: readonly ChangeRow[], context: AttributeContext): string {
  const [first] = rows;
  const named = rows.slice(0, NAMED).map((row) => {
    const batches = concernedBatches(row);
    const count = row.length > 1 ? ` (${counted(row.length, 'change')})` : '';
    return `${code(rowName(row))}${count}${batches === '' ? '' : ` (${code(batches)})`}`;
  });
  const more = rows.length > NAMED ? ` and ${rows.length - NAMED} more` : '';
  const { symbol } = ACTION_LOOKS[first![0].action];
  return `\`${symbol}\` ${named.join(', ')}${more}: ${prose(reasonOf(first!, context), 300)}`;
}

function reasonOf(row: ChangeRow, context: AttributeContext): string {
  if (row.length === 1) return row[0].reason;
  const reason = rowAttributes(row, context).find(({ name }) => name === 'reason');
  return (reason?.lines ?? []).map(lineText).join(' ');
}

function detailLines(row: ChangeRow, context: AttributeContext): string[] {
  const { action } = row[0];
  const mark: Mark = action === 'create' ? '+' : action === 'cancel' ? '-' : ' ';
  return rowAttributes(row, context)
    .filter((attribute) => attribute.name !== 'reason' && !isInTable(row, attribute))
    .flatMap((attribute) => diffLines(attribute, mark));
}

/** Said in full by its row. */
function isInTable(row: ChangeRow, { name, lines }: Attribute): boolean {
  const { action } = row[0];
  if (name === 'tasks') return action === 'cancel' || action === 'replace';
  if (name === 'time' && row.length > 1) return true;
  if (name === 'target' && row.length > 1) return lines.length === 1;
  if (name !== 'template' && name !== 'target' && name !== 'time') return false;
  const isDiff = lines.some((spans) => spans.some((span) => span.style !== undefined));
  return !isDiff && lines.every((spans) => lineText(spans).length <= LONGEST_NAME);
}
