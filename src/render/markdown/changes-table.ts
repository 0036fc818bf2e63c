/**
 * The changes as a table: a row for each, and for the occurrences of a block together, as far as there is room, and a
 * row per block or per action for the others.
 *
 * Invariant: every change counts in exactly one row, so that the rows add up to the plan's summary.
 */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Action, Change } from '../../model/plan.ts';
import type { AttributeContext } from '../attributes.ts';
import { groupName } from '../change-groups.ts';
import { rowTimes } from '../group-attributes.ts';
import { type ChangeRow, rowName } from '../groups.ts';
import { batchesCounted, counted, runsOnText } from '../phrases.ts';
import { targetKinds } from '../target-kinds.ts';
import {
  actionText,
  spanOfTime,
  stoppableOf,
  tasksAtStake,
  tasksOfAll,
  templateOf,
  whenText,
} from './change-cells.ts';
import { cellCode, LONGEST_NAME } from './escape.ts';
import { blocks, type Listing, lazily, rowText, table, tableOf } from './fit.ts';

/** What takes away or fails comes first; the plan's own order within. Forgotten and unchanged ones are no rows. */
const ORDER: readonly Action[] = ['cancel', 'replace', 'missed', 'pause', 'resume', 'create', 'adopt'];

export function tabledChanges(changes: readonly Change[]): Change[] {
  return ORDER.flatMap((action) => changes.filter((change) => change.action === action));
}

/** Targets of one block that get the same at the same time are one row, as its occurrences are; in the table's order. */
export function tableRows(rows: readonly ChangeRow[], view: TableView): ChangeRow[] {
  const groups = groupBy(rows, (row) => {
    const [first] = row;
    if (first.after === null && first.before === null) return Symbol('of its own');
    const isMany = row.length > 1;
    const time = isMany ? timesCell(row, view) : whenText(first, view.timezone);
    return JSON.stringify([first.action, groupName(first), templateOf(first), time]);
  });
  return [...groups.values()].map((group) => group.flat() as unknown as ChangeRow);
}

/** Each of the first rows, as many as there is room for; the others are counted in a table of their own. */
export function changesListing(all: readonly ChangeRow[], form: ChangesForm, view: TableView): Listing {
  const columns: Columns = {
    stoppable: all.some((row) => row.some((change) => tasksAtStake(change) !== null)),
    count: all.some((row) => row.length > 1),
  };
  const head = [
    ...['Action', 'Address'],
    ...(columns.count ? ['Changes'] : []),
    ...['Template', 'Target', 'Time'],
    columns.count ? 'Tasks' : 'Game servers',
    ...(columns.stoppable ? [STOPPABLE] : []),
  ];
  const right = columns.count ? [2, 6] : [5];
  const rows = lazily(all, (row) => changeRow(row, view, columns));
  return {
    length: all.length,
    text: (shown) => {
      const others = all.slice(shown).flat();
      const counts = form.rest === 'blocks' ? blockRows(others, view.timezone) : actionRows(others);
      const title = shown > 0 && others.length > 0 ? 'The others, counted:' : '';
      return blocks([tableOf(head, rows(0, shown), right), title, counts]);
    },
    missing: (shown) => missingRows(all.slice(shown).flat(), form.isBrief),
  };
}

const STOPPABLE = 'Can still be stopped';

export type TableView = Pick<AttributeContext, 'timezone' | 'now' | 'zones'>;

/** Those that not every plan has. */
interface Columns {
  readonly stoppable: boolean;
  /** Where a row may be several changes; what runs is then counted in tasks. */
  readonly count: boolean;
}

export interface ChangesForm {
  /** By what those are counted that have no row. */
  readonly rest: 'blocks' | 'actions';
  readonly isBrief: boolean;
}

/** Of the table that counts them all. */
export function countRows(changes: readonly Change[], { rest }: ChangesForm): number {
  return rest === 'blocks' ? new Set(changes.map(blockKey)).size : 0;
}

/** What is done with how many, in words: `to create`. */
export const ACTION_PHRASES: Readonly<Record<Action, string>> = {
  create: 'to create',
  cancel: 'to cancel',
  replace: 'to replace',
  pause: 'to pause',
  resume: 'to resume',
  adopt: 'to adopt',
  missed: 'missed',
  forget: 'to forget',
  'no-op': 'unchanged',
};

function missingRows(others: readonly Change[], isBrief: boolean): string {
  if (others.length === 0) return '';
  if (isBrief) return `the rows of ${counted(others.length, 'change')}`;
  const counts = grouped(others, (change) => change.action).map(
    ([first, group]) => `${group.length} ${ACTION_PHRASES[first.action]}`,
  );
  return `the rows of ${counts.join(', of ')}`;
}

function changeRow(row: ChangeRow, view: TableView, columns: Columns): string {
  const [first] = row;
  const template = templateOf(first);
  return rowText([
    actionText(first.action),
    cellCode(rowName(row), LONGEST_NAME),
    ...(columns.count ? [String(row.length)] : []),
    template === null ? 'unknown' : cellCode(template, LONGEST_NAME),
    targetCell(row),
    row.length > 1 && parseOccurrence(first.address) !== null
      ? timesCell(row, view)
      : whenText(first, view.timezone),
    columns.count ? tasksOfAll(row) : serversCell(first),
    ...(columns.stoppable ? [stoppableOf(row, true)] : []),
  ]);
}

/** Each target once. */
function targetCell(row: ChangeRow): string {
  const targets = [...new Set(row.map((change) => change.targetText))];
  if (targets.length > MOST_TARGETS && row.every(isOnOneServer)) return targetKinds(targets);
  const shown = targets.slice(0, MOST_TARGETS).map((target) => {
    return target === '' ? 'unknown' : cellCode(target, LONGEST_NAME);
  });
  const rest = targets.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const MOST_TARGETS = 3;

function isOnOneServer({ before, after }: Change): boolean {
  const spec = after ?? before;
  if (spec === null) return false;
  return spec.instances.length === 1 && spec.fleets.length + spec.regions.length + spec.labels.length === 0;
}

function timesCell(row: ChangeRow, view: TableView): string {
  return rowTimes(row, row[0].after === null ? 'before' : 'after', view, (zone) => cellCode(zone, 60));
}

/** The column counts game servers: what is something else says so. */
function serversCell(change: Change): string {
  if (change.servers === null) return 'unknown';
  const isOne = batchesCounted(change) <= 1;
  return isOne ? String(change.servers) : runsOnText(change.servers, batchesCounted(change));
}

/** `nightly[fleet:eu]` and `nightly[fleet:us]` are one row if the same is done to them. */
function blockRows(changes: readonly Change[], timezone: string): string {
  const groups = grouped(changes, blockKey);
  const rows = groups.map(([first, group]) => [
    actionText(first.action),
    cellCode(blockOf(first.address)),
    String(group.length),
    spanOfTime(group, timezone),
    tasksOfAll(group),
    stoppableOf(group, true),
  ]);
  return table(['Action', 'Block', 'Changes', 'Time', 'Tasks', STOPPABLE], rows, [2, 4]);
}

function actionRows(changes: readonly Change[]): string {
  const rows = grouped(changes, (change) => change.action).map(([first, group]) => [
    actionText(first.action),
    String(group.length),
    tasksOfAll(group),
    stoppableOf(group, false),
  ]);
  return table(['Action', 'Changes', 'Tasks', STOPPABLE], rows, [1, 2]);
}

function blockKey(change: Change): string {
  return `${change.action} ${blockOf(change.address)}`;
}

function grouped(changes: readonly Change[], key: (change: Change) => string): [Change, Change[]][] {
  const groups = new Map<string, [Change, Change[]]>();
  for (const change of changes) {
    const group = groups.get(key(change));
    if (group === undefined) groups.set(key(change), [change, [change]]);
    else group[1].push(change);
  }
  return [...groups.values()];
}
