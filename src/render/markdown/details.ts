/**
 * What the table of changes has no room for, folded: reasons, and attributes that differ. One fold per action;
 * changes of which the same is to be told share one block.
 */
import type { Change } from '../../model/plan.ts';
import { ACTION_LOOKS, concernedBatches } from '../actions.ts';
import type { Attribute, AttributeContext } from '../attributes.ts';
import { changeAttributes } from '../change-attributes.ts';
import { lineText } from '../spans.ts';
import { ACTION_PHRASES } from './changes-table.ts';
import { diffLines, type Mark } from './diff-lines.ts';
import { code, fence, LONGEST_NAME, prose } from './escape.ts';
import { blocks, type Fold, type FoldItem } from './fit.ts';

/** `changes` in the order of the table, which has a row for the first `rows` of them: the others have no details. */
export function detailFolds(changes: readonly Change[], rows: number, context: AttributeContext): Fold[] {
  const actions = [...new Set(changes.map((change) => change.action))];
  const inTable = changes.slice(0, rows);
  return actions.map((action) => {
    const isOwn = (change: Change) => change.action === action;
    const total = changes.filter(isOwn).length;
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

function detailItems(changes: readonly Change[], context: AttributeContext): FoldItem[] {
  const alike = new Map<string, { changes: Change[]; lines: readonly string[] }>();
  for (const change of changes) {
    const lines = detailLines(change, context);
    const key = JSON.stringify([change.reason, lines]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { changes: [change], lines });
    else known.changes.push(change);
  }
  return [...alike.values()].map((group) => ({
    markdown: blocks([headOf(group.changes), group.lines.length === 0 ? '' : fence('diff', group.lines)]),
    count: group.changes.length,
  }));
}

function headOf(changes: readonly Change[]): string {
  const [first] = changes;
  const named = changes.slice(0, NAMED).map((change) => {
    const batches = concernedBatches([change]);
    return code(change.address) + (batches === '' ? '' : ` (${code(batches)})`);
  });
  const more = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : '';
  return `\`${ACTION_LOOKS[first!.action].symbol}\` ${named.join(', ')}${more}: ${prose(first!.reason, 300)}`;
}

function detailLines(change: Change, context: AttributeContext): string[] {
  const mark: Mark = change.action === 'create' ? '+' : change.action === 'cancel' ? '-' : ' ';
  return changeAttributes(change, context)
    .filter((attribute) => attribute.name !== 'reason' && !isInTable(change, attribute))
    .flatMap((attribute) => diffLines(attribute, mark));
}

/** Said in full by the change's row. */
function isInTable({ action }: Change, { name, lines }: Attribute): boolean {
  if (name === 'tasks') return action === 'cancel' || action === 'replace';
  if (name !== 'template' && name !== 'target' && name !== 'time') return false;
  const isDiff = lines.some((spans) => spans.some((span) => span.style !== undefined));
  return !isDiff && lines.every((spans) => lineText(spans).length <= LONGEST_NAME);
}
