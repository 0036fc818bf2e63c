/**
 * The attributes of a block's changes: once what they have in common, and, of what differs, each value with those that
 * have it. Pure.
 */
import { blockOf } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Attribute, AttributeContext } from '../attributes.ts';
import { rowAttributes } from '../group-attributes.ts';
import type { ChangeRow } from '../groups.ts';
import { counted } from '../phrases.ts';
import type { ChangeBlock } from './change-blocks.ts';

/** A value of an attribute, and whose it is; null: of all. */
export interface Variant {
  readonly of: string | null;
  readonly attribute: Attribute;
}

export interface BlockAttribute {
  readonly name: string;
  /** At least one. */
  readonly variants: readonly Variant[];
}

export function blockAttributes(
  { rows, changes }: Pick<ChangeBlock, 'rows' | 'changes'>,
  context: AttributeContext,
): BlockAttribute[] {
  const own = rows.map((row) => ({ row, attributes: rowAttributes(row, context) }));
  const names = [...new Set(own.flatMap(({ attributes }) => attributes.map(({ name }) => name)))];
  const all = rows.length === 1 ? own[0]!.attributes : rowAttributes(changes, context);
  return names.map((name) => {
    const summed = all.find((attribute) => attribute.name === name);
    // Those of many are a sum, or a list.
    if (rows.length === 1 || name === 'target' || name === 'tasks') {
      return { name, variants: summed === undefined ? [] : [{ of: null, attribute: summed }] };
    }
    const having = own.flatMap(({ row, attributes }) => {
      const attribute = attributes.find((one) => one.name === name);
      return attribute === undefined ? [] : [{ row, attribute }];
    });
    const values = [...groupBy(having, ({ attribute }) => JSON.stringify(attribute.lines)).values()];
    const isCommon = values.length === 1 && having.length === rows.length;
    return {
      name,
      variants: values.map((some) => ({
        of: isCommon ? null : whose(some.map(({ row }) => row)),
        attribute: some[0]!.attribute,
      })),
    };
  });
}

const NAMED = 4;

/** `fleet eu, fleet us and 3 more`; the rest is told one by one. */
function whose(rows: readonly ChangeRow[]): string {
  const names = rows.map((row) => {
    const targets = [...new Set(row.map(({ targetText }) => targetText))];
    if (row.length > 1) {
      const on = targets.length > 2 ? `${targets.length} targets` : targets.join(', ');
      return `${counted(row.length, 'batch', 'batches')} on ${on}`;
    }
    const { address } = row[0];
    return address.slice(blockOf(address).length) || address;
  });
  const rest = names.length - NAMED;
  return rest > 1 ? `${names.slice(0, NAMED).join(', ')} and ${rest} more` : names.join(', ');
}
