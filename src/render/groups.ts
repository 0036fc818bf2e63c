/**
 * Changes → the rows that people read: occurrences of one block that say the same are one. Pure; JSON keeps them all.
 *
 * Invariant: every change is in exactly one row, and those of one row differ in their time and target alone.
 */
import { blockOf, parseOccurrence } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Change, Move } from '../model/plan.ts';
import type { Spec } from '../model/state.ts';
import type { Moment } from './occurrence-times.ts';

/** One change, or several occurrences of a block; in the plan's order. */
export type ChangeRow = readonly [Change, ...Change[]];

/** In the order of each row's first. */
export function changeRows(changes: readonly Change[]): ChangeRow[] {
  const rows = groupBy(changes, (change) => likeness(change) ?? Symbol('of its own'));
  return [...rows.values()] as [Change, ...Change[]][];
}

/** What a row is called: its address, or, of several, the name of their block. */
export function rowName(row: ChangeRow): string {
  return row.length === 1 ? row[0].address : blockOf(row[0].address);
}

/** When the batches of a row run; `end`: before or after the change. Unix seconds. */
export function rowMoments(row: ChangeRow, end: 'before' | 'after'): Moment[] {
  return row.flatMap((change) => {
    const at = change[end]?.executeAt;
    const named = parseOccurrence(change.address)?.at ?? at;
    return at == null || named == null ? [] : [{ at, named }];
  });
}

export interface MoveRow {
  /** Addresses; of several, the names of the blocks. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Occurrences that move from one block to another are one row. */
export function moveRows(moves: readonly Move[]): MoveRow[] {
  const rows = groupBy(moves, ({ from, to }) => {
    const isOccurrence = parseOccurrence(from) !== null && parseOccurrence(to) !== null;
    return isOccurrence ? JSON.stringify([blockOf(from), blockOf(to)]) : Symbol('of its own');
  });
  return [...rows.values()].map((all) => {
    const { from, to } = all[0]!;
    return all.length === 1
      ? { from, to, count: 1 }
      : { from: blockOf(from), to: blockOf(to), count: all.length };
  });
}

/** `moves to`, `7 occurrences move to`. */
export function movesText({ count }: MoveRow): string {
  return count === 1 ? 'moves to' : `${count} occurrences move to`;
}

/** A text without what tells the occurrences of a block apart. */
export function timeless(text: string): string {
  return text.replace(TIMES, '@').replace(BATCHES, 'batch #');
}

const TIMES =
  /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z| \d\d:\d\d(?::\d\d)? [A-Z]{2,5}(?:[+-][\d:]+)?(?: \((?:[\d-]+ )?[\d:]+ UTC\))?)|\b\d+ (?:s|min|h|d)\b(?: \d+ (?:s|min|h)\b)?/g;
const BATCHES = /\bbatch(?:es)? \d+(?:, \d+)*(?: and \d+ more)?/g;

/** The same for all of one row; null: it has a row of its own. */
function likeness(change: Change): string | null {
  if (parseOccurrence(change.address) === null) return null;
  const { action, before, after, reason } = change;
  const block = blockOf(change.address);
  // Nothing is done about them: how they stand is counted in their row.
  if (action === 'no-op' || action === 'forget') return JSON.stringify([block, action]);
  if ((before ?? after)?.executeAt == null || (after ?? before)?.executeAt == null) return null;
  const isBoth = before !== null && after !== null;
  const isRetargeted = isBoth && targetsOf(before) !== targetsOf(after);
  return JSON.stringify([
    block,
    action,
    before && contents(before),
    after && contents(after),
    isRetargeted && [targetsOf(before), targetsOf(after)],
    isBoth && before.executeAt === after.executeAt,
    'phase' in change && change.phase,
    'paused' in change && change.paused,
    'preventCancel' in change && change.preventCancel,
    'toggle' in change && change.toggle,
    timeless(reason),
  ]);
}

function contents({ template, params, revision, instances }: Spec): unknown[] {
  // Several game servers are listed by name: a row lists one set of them.
  return [template, params, revision, instances.length > 1 && instances];
}

function targetsOf({ fleets, regions, instances, labels }: Spec): string {
  return JSON.stringify([fleets, regions, instances, labels]);
}
