/**
 * What the table of changes has no room for, folded: reasons, and attributes that differ. One fold per action;
 * changes of which the same is to be told share one block.
 */
import type { Change } from '../../model/plan.ts';
import { batchesText } from '../../model/words.ts';
import { ACTION_LOOKS, batchesOf } from '../actions.ts';
import { type Attribute, type AttributeContext, instancesAttribute } from '../attributes.ts';
import { rowAttributes } from '../group-attributes.ts';
import { type ChangeRow, rowName } from '../groups.ts';
import { counted } from '../phrases.ts';
import { shownTimes } from '../shown-times.ts';
import { lineText } from '../spans.ts';
import { ACTION_PHRASES } from './changes-table.ts';
import { diffLines, type Mark } from './diff-lines.ts';
import { code, fence, LONGEST_NAME, prose } from './escape.ts';
import { blocks, type Fold, type FoldItem } from './fit.ts';

/** `all` in the order of the table, which shows those of `tabled`: the others have no details. */
export function detailFolds(
  all: readonly ChangeRow[],
  tabled: ReadonlySet<Change>,
  context: AttributeContext,
): Fold[] {
  const actions = [...new Set(all.map(([{ action }]) => action))];
  const inTable = all.filter(([first]) => tabled.has(first));
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

/** Addresses before a block: what has more is parted, so that whole parts can be left out. */
const NAMED = 50;

function detailItems(all: readonly ChangeRow[], context: AttributeContext): FoldItem[] {
  const alike = new Map<string, { rows: ChangeRow[]; lines: readonly string[] }>();
  for (const row of all) {
    const lines = detailLines(row, context);
    const key = JSON.stringify([reasonOf(row, context), lines]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { rows: [row], lines });
    else known.rows.push(row);
  }
  const parts = [...alike.values()].flatMap(({ rows, lines }) =>
    parted(rows).map((some) => ({ rows: some, lines })),
  );
  return parts.map((group) => ({
    markdown: blocks([
      headOf(group.rows, context),
      group.lines.length === 0 ? '' : fence('diff', group.lines),
    ]),
    count: group.rows.flat().length,
  }));
}

function parted(rows: readonly ChangeRow[]): ChangeRow[][] {
  return Array.from({ length: Math.ceil(rows.length / NAMED) }, (_, at) =>
    rows.slice(at * NAMED, (at + 1) * NAMED),
  );
}

function headOf(rows: readonly ChangeRow[], context: AttributeContext): string {
  const [first] = rows;
  const named = rows.map((row) => {
    const ids = batchesOf(row);
    const batches =
      ids.length === 0 ? '' : `${row[0].action === 'create' ? 'after ' : ''}${batchesText(ids)}`;
    const count = row.length > 1 ? ` (${counted(row.length, 'change')})` : '';
    return `${code(rowName(row))}${count}${batches === '' ? '' : ` (${code(batches, Number.POSITIVE_INFINITY)})`}`;
  });
  const { symbol } = ACTION_LOOKS[first![0].action];
  return `\`${symbol}\` ${named.join(', ')}: ${prose(reasonOf(first!, context), 300)}`;
}

function reasonOf(row: ChangeRow, context: AttributeContext): string {
  if (row.length === 1) return shownTimes(row[0].reason, context.timezone);
  const reason = rowAttributes(row, context).find(({ name }) => name === 'reason');
  return (reason?.lines ?? []).map(lineText).join(' ');
}

function detailLines(row: ChangeRow, context: AttributeContext): string[] {
  const { action } = row[0];
  const mark: Mark = action === 'create' ? '+' : action === 'cancel' ? '-' : ' ';
  const attributes = rowAttributes(row, context);
  const told = attributes
    .filter((attribute) => attribute.name !== 'reason' && !isInTable(row, attribute))
    .flatMap((attribute) => diffLines(attribute, mark));
  return attributes.some(({ name }) => name === 'instances') ? told : [...told, ...serverLines(row, context)];
}

/** Whom it concerns, where nothing else has told it. */
function serverLines([{ before, after }]: ChangeRow, context: AttributeContext): string[] {
  const spec = after ?? before;
  const attribute = spec && instancesAttribute(spec, { ...context, isWhole: true });
  return attribute === null ? [] : diffLines(attribute, ' ');
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
