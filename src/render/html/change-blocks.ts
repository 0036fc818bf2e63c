/**
 * Changes → what a page tells as one: a block, and what is done with it. Pure.
 *
 * Invariant: every change is in exactly one of them, and so is every row (`../groups.ts`).
 */
import { blockOf } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Action, Change } from '../../model/plan.ts';
import { type ChangeRow, changeRows } from '../groups.ts';

export interface ChangeBlock {
  /** Of its place on the page. */
  readonly id: string;
  /** Its address; of several changes, the name of their block. */
  readonly name: string;
  readonly action: Action;
  /** What differs in more than time and target is in rows of its own. */
  readonly rows: readonly ChangeRow[];
  /** Of all rows. */
  readonly changes: ChangeRow;
}

/** In the order of each one's first change. */
export function changeBlocks(changes: readonly Change[]): ChangeBlock[] {
  const blocks = groupBy(changeRows(changes), ([{ address, action }]) =>
    JSON.stringify([blockOf(address), action]),
  );
  return [...blocks.values()].map((rows, index) => {
    const all = rows.flat() as unknown as ChangeRow;
    const [{ address, action }] = all;
    const name = all.length === 1 ? address : blockOf(address);
    return { id: `c${index + 1}`, name, action, rows, changes: all };
  });
}
