/**
 * Rows of changes → groups as a terminal shows them: all that is done to one block in one way. What all of a group have
 * in common is told once, and with each only what is its own.
 *
 * Invariant: nothing that `rowAttributes` tells of a row is lost: it is in `shared` or in that row's `own`.
 */
import { blockOf } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { batchesOf } from './actions.ts';
import type { Attribute, AttributeContext } from './attributes.ts';
import { isCounted } from './change-attributes.ts';
import { rowAttributes, sumOfTasks } from './group-attributes.ts';
import type { ChangeRow } from './groups.ts';
import { countsText, serversText } from './phrases.ts';
import { type Line, line, lineText } from './spans.ts';

/** Rows of one block and action; in the plan's order. */
export type ChangeGroup = readonly [ChangeRow, ...ChangeRow[]];

/** In the order of each group's first. */
export function changeGroups(rows: readonly ChangeRow[]): ChangeGroup[] {
  const groups = groupBy(rows, (row) => JSON.stringify([row[0].action, groupName(row[0])]));
  return [...groups.values()] as [ChangeRow, ...ChangeRow[]][];
}

/** The block's name. Batches that a template claims have none: they are called by what is left of it. */
export function groupName(change: Change): string {
  return isClaimed(change) ? 'unmanaged' : blockOf(change.address);
}

function isClaimed(change: Change): boolean {
  return change.action === 'cancel' && change.before === null;
}

export interface ToldGroup {
  readonly shared: readonly Attribute[];
  /** Of each row, in the group's order. */
  readonly own: readonly (readonly Attribute[])[];
  /** The same for all, or none at all. */
  readonly isOfSameBatches: boolean;
}

export function toldGroup(group: ChangeGroup, context: AttributeContext): ToldGroup {
  const columns = columnsOf(group.map((row) => rowAttributes(row, context)));
  const told = [...columns].map(([name, values]): Told => {
    if (name === 'target' && group.every((row) => row.length === 1)) {
      return targets(
        group.map(([change]) => change),
        values as readonly Attribute[],
        context,
      );
    }
    if (name === 'tasks') return tasks(group, values, context);
    return attributeOf(values);
  });
  return {
    shared: told.flatMap(({ shared }) => shared),
    own: group.map((_, index) => told.flatMap(({ own }) => own[index] ?? [])),
    isOfSameBatches: isSame(group.map((row) => batchesOf(row).join())),
  };
}

/** One attribute: of all, and of each row. */
interface Told {
  readonly shared: readonly Attribute[];
  readonly own: readonly (Attribute | undefined)[];
}

type Column = readonly (Attribute | undefined)[];

/** By name, in the order that every row has them, whichever of them each lacks. */
function columnsOf(rows: readonly (readonly Attribute[])[]): Map<string, Column> {
  const names: string[] = [];
  for (const attributes of rows) {
    let at = 0;
    for (const { name } of attributes) {
      if (!names.includes(name)) names.splice(at, 0, name);
      at = names.indexOf(name) + 1;
    }
  }
  const byName = rows.map((attributes) => new Map(attributes.map((one) => [one.name, one])));
  return new Map(names.map((name) => [name, byName.map((row) => row.get(name))]));
}

function attributeOf(values: Column): Told {
  const [first] = values;
  if (isSame(values.map(textOf))) return { shared: first === undefined ? [] : [first], own: [] };
  const isWholeColumn = values.every((one) => one !== undefined);
  return isWholeColumn && LISTS.has(first!.name) ? itemwise(values) : { shared: [], own: values };
}

/** Their items can be told one without the others. */
const LISTS: ReadonlySet<string> = new Set(['params', 'fleets', 'regions', 'labels']);

function itemwise(values: readonly Attribute[]): Told {
  const all = values.map((one) => itemsOf(one.lines));
  const counts = new Map<string, number>();
  for (const items of all) {
    for (const key of new Set(items.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isCommon = (item: readonly Line[]) => counts.get(keyOf(item)) === values.length;
  const withItems = (one: Attribute, items: readonly (readonly Line[])[]) =>
    items.length === 0 ? undefined : { ...one, lines: items.flat() };
  const shared = withItems(values[0]!, all[0]!.filter(isCommon));
  return {
    shared: shared === undefined ? [] : [shared],
    own: values.map((one, index) =>
      withItems(
        one,
        all[index]!.filter((item) => !isCommon(item)),
      ),
    ),
  };
}

/** A line that is indented goes on with what stands before it. */
function itemsOf(lines: readonly Line[]): Line[][] {
  const items: Line[][] = [];
  for (const one of lines) {
    const last = items.at(-1);
    if (last !== undefined && lineText(one).startsWith(' ')) last.push(one);
    else items.push([one]);
  }
  return items;
}

/** What an address says itself is not said again; how many game servers only once, where it is the same for all. */
function targets(changes: readonly Change[], values: readonly Attribute[], context: AttributeContext): Told {
  if (isSame(changes.map((change) => change.targetText)) && isSame(values.map(textOf))) {
    const [first] = values;
    return { shared: [eachServer(changes[0]!, first!)], own: [] };
  }
  const servers = changes.map(serversText);
  const isOneCount = isSame(servers);
  const own = changes.map((change, index) => {
    if (context.isConcise !== true && isOfListed(change)) return undefined;
    const isSaid = change.targetText !== '' && isInAddress(change);
    if (!isOneCount) return isSaid ? target(servers[index]!) : values[index]!;
    const name = change.targetText === '' ? 'unknown' : safeText(change.targetText, 200);
    return isSaid ? undefined : target(name);
  });
  // How many is no target: those are in the addresses.
  const count = { ...target(each(changes[0]!, servers[0]!)), name: 'servers' };
  return { shared: isOneCount ? [count] : [], own };
}

function eachServer(change: Change, attribute: Attribute): Attribute {
  const text = serversText(change);
  return target(textOf(attribute)!.replace(`(${text})`, () => `(${each(change, text)})`));
}

function each(change: Change, text: string): string {
  return change.servers === null ? text : `${text} each`;
}

function target(text: string): Attribute {
  return { name: 'target', lines: [line(text)], isProse: true };
}

/** Its game servers stand beside it, one by one. */
function isOfListed(change: Change): boolean {
  const { before, after } = change;
  const isDiff = before !== null && after !== null && before.instances.join() !== after.instances.join();
  return !isDiff && isCounted(change) && ((after ?? before)?.instances.length ?? 0) > 1;
}

/** `nightly[fleet:eu]` says `fleet eu`. */
function isInAddress({ address, targetText }: Change): boolean {
  const told = targetText.replace(/^game server /, 'instances ').replace(' ', ':');
  return address.slice(blockOf(address).length).startsWith(`[${told}]`);
}

/** The sum of all, and of each where they differ: its counts, of which the sum says what they mean. */
function tasks(group: ChangeGroup, values: Column, context: AttributeContext): Told {
  if (isSame(values.map(textOf))) {
    const [first] = values;
    const lines = first!.lines.map((one): Line => [{ text: 'of each: ' }, ...one]);
    return { shared: [{ ...first!, lines }], own: [] };
  }
  const [first, ...others] = group.flat();
  const sum = rowAttributes([first!, ...others], context).find(({ name }) => name === 'tasks');
  const own = values.map((one, index) => one && { ...one, lines: [line(countsOf(group[index]!))] });
  return { shared: sum === undefined ? [] : [sum], own: context.isConcise === true ? [] : own };
}

function countsOf(row: ChangeRow): string {
  const all = row.flatMap((change) => ('tasks' in change ? [change.tasks] : []));
  const [first, ...others] = all;
  return first === undefined ? 'none' : countsText(others.reduce(sumOfTasks, first));
}

function textOf(attribute: Attribute | undefined): string | undefined {
  return attribute?.lines.map(lineText).join('\n');
}

function keyOf(item: readonly Line[]): string {
  return item.map(lineText).join('\n');
}

function isSame(values: readonly unknown[]): boolean {
  return values.every((one) => one === values[0]);
}
