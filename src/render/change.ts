/**
 * A group of a plan's changes → its block: a head line with symbol and address, then aligned `name  value` lines; of
 * several, what they have in common, and below it a line for each.
 */
import { nameForAll } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { listText, someBatchesText } from '../model/words.ts';
import { ACTION_LOOKS, batchesOf, concernedBatches, verbOf } from './actions.ts';
import type { Attribute } from './attributes.ts';
import { briefOf, type ChangeContext } from './change-brief.ts';
import { type ChangeGroup, groupName, toldGroup } from './change-groups.ts';
import type { Paint } from './color.ts';
import { displayWidth, NARROW, padEnd, wrap } from './display-width.ts';
import { rowAttributes } from './group-attributes.ts';
import { type ChangeRow, rowName } from './groups.ts';
import { counted } from './phrases.ts';
import { line, lineText, paintLine } from './spans.ts';
import type { Room } from './table.ts';

/** Columns before a block's names, and between the left margin and its values. */
const INDENT = 6;
const VALUE_AT = 17;
/** Columns before what does not fit beside the name of one of a group. */
const OWN_INDENT = 8;
/** Ids that are named one by one; the others are counted. */
const MOST_BATCHES = 1000;

/** Columns: below, a value stands under its name. */
const STACKED = 40;

/** How many columns a value has on a line of `width`. */
export function roomForValues(width: number): number {
  return Math.max(20, width - (width < STACKED ? OWN_INDENT : VALUE_AT));
}

export function changeLines(group: ChangeGroup, context: ChangeContext): string[] {
  if (context.isConcise === true) return briefLines(group, context);
  const [row, ...others] = group;
  if (others.length > 0) return groupLines(group, context);
  const attributes = [...rowAttributes(row, context), ...allBatches(row)];
  return [
    headLine(rowName(row), row, context),
    ...attributes.flatMap((one) => attributeLines(one, context, INDENT)),
  ];
}

function briefLines(group: ChangeGroup, context: ChangeContext): string[] {
  const all = group.flat() as [Change, ...Change[]];
  const { words, below, entries } = briefOf(group, context);
  const name = group.length === 1 ? rowName(group[0]) : groupName(all[0]);
  const isOfSame = group.length === 1 || toldGroup(group, context).isOfSameBatches;
  const end = words.length === 0 ? '' : ':';
  const head = headLine(name, all, { ...context, width: Number.POSITIVE_INFINITY }, isOfSame) + end;
  const beside = `${head} ${words.join(', ')}`;
  const margin = ' '.repeat(INDENT);
  const headed =
    displayWidth(beside) <= context.width
      ? [beside.trimEnd()]
      : [
          headLine(name, all, context, isOfSame) + end,
          ...flow(words, context.width - INDENT).map((text) => margin + text),
        ];
  const short = entries.filter(({ own }) => own.every(({ lines }) => lines.length === 1));
  const texts = short.map(({ name: entry, own }) => {
    const about = own.map((one) => inlineText(one, context.paint)).join(', ');
    return about === '' ? entry : `${entry}: ${about}`;
  });
  return [
    ...headed,
    ...below.flatMap((one) => attributeLines(one, context, INDENT)),
    ...flow(texts, context.width - INDENT).map((text) => margin + text),
    ...entries
      .filter((entry) => !short.includes(entry))
      .flatMap((entry) => [
        margin + entry.name,
        ...entry.own.flatMap((one) => attributeLines(one, context, OWN_INDENT)),
      ]),
  ];
}

function groupLines(group: ChangeGroup, context: ChangeContext): string[] {
  const all = group.flat() as [Change, ...Change[]];
  const { shared, own, isOfSameBatches } = toldGroup(group, {
    ...context,
    room: context.room - OWN_INDENT + INDENT,
  });
  const entries = group.map((row, index): Entry => {
    // The address of what has no name is its batch.
    const isSaid = isOfSameBatches || row[0].address === `batch:${row[0].batchIds[0]}`;
    const ids = isSaid ? [] : inline(concernedBatches(row), allBatches(row));
    const inlined = own[index]!.filter((one) => one.lines.length === 1);
    return {
      name: safeText(nameForAll(row.map((change) => change.address))),
      words: [...ids, ...inlined.map((one) => inlineText(one, context.paint))],
      below: own[index]!.filter((one) => one.lines.length > 1),
    };
  });
  return [
    headLine(groupName(all[0]), all, context, isOfSameBatches),
    ...[...shared, ...(isOfSameBatches ? allBatches(all) : [])].flatMap((one) =>
      attributeLines(one, context, INDENT),
    ),
    ...entryLines(entries, context),
  ];
}

/** What is one row's own. */
interface Entry {
  readonly name: string;
  /** In one line, if there is room. */
  readonly words: readonly string[];
  readonly below: readonly Attribute[];
}

function entryLines(entries: readonly Entry[], context: ChangeContext): string[] {
  const names = Math.max(...entries.map(({ name }) => displayWidth(name)));
  return entries.flatMap((entry) => entryOf(entry, names, context));
}

function entryOf({ name, words, below }: Entry, names: number, context: ChangeContext): string[] {
  const { paint, width } = context;
  const text = words.join(', ');
  const margin = ' '.repeat(INDENT);
  const isShort = INDENT + names + 2 + displayWidth(text) <= width;
  const head = isShort
    ? [margin + (text === '' ? name : `${padEnd(name, names)}  ${text}`)]
    : [margin + name, ...flow(words, width - OWN_INDENT).map((one) => ' '.repeat(OWN_INDENT) + one)];
  return [...head, ...below.flatMap((one) => attributeLines(one, { paint, width }, OWN_INDENT))];
}

/** `a, b,` and `c` on lines of `room` columns; broken between them, and only what is longer than a line within. */
function flow(texts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  let current = '';
  texts.forEach((text, index) => {
    const one = index < texts.length - 1 ? `${text},` : text;
    if (current !== '' && displayWidth(current) + 1 + displayWidth(one) <= room) {
      current += ` ${one}`;
      return;
    }
    if (current !== '') lines.push(current);
    const parts = displayWidth(one) <= room ? [one] : wrap(one, room);
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1)!;
  });
  return current === '' ? lines : [...lines, current];
}

/** What speaks for itself goes without its name. */
function inlineText({ name, lines }: Attribute, paint: Paint): string {
  const value = paintLine(lines[0]!, paint);
  return name === 'target' || name === 'time' || name === 'tasks' ? value : `${name} ${value}`;
}

/** All of them, in the place of those that there is room for in a head. */
function inline(some: string, all: readonly Attribute[]): string[] {
  const [batches] = all;
  if (batches !== undefined) return [`${batches.name} ${lineText(batches.lines[0]!)}`];
  return some === '' ? [] : [some];
}

/** Where there are more than a head line has room for. */
function allBatches(row: ChangeRow): Attribute[] {
  const ids = batchesOf(row);
  if (ids.length === 0 || concernedBatches(row).endsWith(listText(ids, ids.length))) return [];
  const name = row[0].action === 'create' ? 'after' : 'batches';
  return [{ name, lines: [line(listText(ids, MOST_BATCHES))], isProse: true }];
}

/** Dim: for what stays as it is. */
export function unchangedLines(
  row: ChangeRow,
  { paint, width }: ChangeContext,
  mayCut: boolean | undefined,
): string[] {
  const ids = row.flatMap((change) => change.batchIds);
  const batches = someBatchesText(ids);
  const about = ids.length === 0 || row[0].reason.endsWith(batches) ? '' : ` (${batches})`;
  const name = safeText(rowName(row), 200);
  const text =
    row.length > 1
      ? `${row.length} unchanged: ${reasonsText(row)}`
      : `unchanged: ${safeText(row[0].reason, 100)}${about}`;
  return besideOrBelow(name, text, 4, { width, ...(mayCut === undefined ? {} : { mayCut }) }).map((one) =>
    paint('dim', one),
  );
}

/** `name  text`; on a screen that has no room for both, the text below. */
export function besideOrBelow(name: string, text: string, indent: number, { width, mayCut }: Room): string[] {
  const margin = ' '.repeat(indent);
  const isBeside = mayCut !== true || indent + displayWidth(name) + 2 + displayWidth(text) <= width;
  if (isBeside) return [`${margin}${name}  ${text}`];
  return [margin + name, ...wrap(text, width - indent - 2).map((part) => `${margin}  ${part}`)];
}

/** `11 scheduled, 1 done` */
function reasonsText(row: ChangeRow): string {
  const reasons = [...groupBy(row, (change) => change.reason)];
  return listText(reasons.map(([reason, changes]) => `${changes.length} ${safeText(reason, 60)}`));
}

function headLine(name: string, row: ChangeRow, { paint, width }: ChangeContext, withBatches = true): string {
  const { action } = row[0];
  const batches = withBatches && allBatches(row).length === 0 ? concernedBatches(row) : '';
  const look = ACTION_LOOKS[action];
  const about = batches === '' ? '' : ` (${batches})`;
  const address = safeText(name, 200);
  const symbol = paint(look.style, look.symbol.padStart(3));
  const many = row.length > 1 ? `${counted(row.length, 'batch', 'batches')} ` : '';
  const rest = `${many}${verbOf(action, row.length)}${about}`;
  const isLong = 6 + displayWidth(address) + displayWidth(rest) > width;
  const head = `${symbol} ${paint('bold', address)}`;
  if (!isLong) return `${head}  ${paint('dim', rest)}`;
  const lines = wrap(rest, width - INDENT - 1).map((part) => ' '.repeat(INDENT) + paint('dim', part));
  return [head, ...lines].join('\n');
}

/** What is no value of a person's, whose blanks say something. */
const AT_WORDS: ReadonlySet<string> = new Set(['template', 'target', 'time', 'executeAt']);

/** Is each of its blanks one that a line break can stand for? */
function isOfWords(value: string): boolean {
  return !/ {2}| "$/.test(value.trim());
}

/** What goes on stands a little further right. */
function wrapValue(text: string, plain: string, room: number): string[] {
  const [margin = ''] = /^ */.exec(plain) ?? [];
  const lines = wrap(text.replace(margin, ''), Math.max(12, room - margin.length - 2));
  return lines.map((part, index) => margin + (index === 0 ? part : `  ${part}`));
}

/** The first line follows the name, the others stand below it. */
function attributeLines(
  attribute: Attribute,
  { paint, width }: Pick<ChangeContext, 'paint' | 'width'>,
  indent: number,
): string[] {
  const isStacked = width < STACKED;
  const valueAt = isStacked ? indent + 2 : VALUE_AT - INDENT + indent;
  const room = Math.max(20, width - valueAt);
  const values = attribute.isProse
    ? attribute.lines.flatMap((spans) => wrap(lineText(spans), room))
    : attribute.lines.flatMap((spans) => {
        const text = paintLine(spans, paint);
        if (displayWidth(text) <= room) return [text];
        if (AT_WORDS.has(attribute.name)) return wrap(text, room);
        return width < NARROW && isOfWords(lineText(spans)) ? wrapValue(text, lineText(spans), room) : [text];
      });
  if (isStacked) {
    const below = values.map((text) => ' '.repeat(valueAt) + text);
    return [' '.repeat(indent) + paint('dim', attribute.name), ...below];
  }
  const name = paint('dim', padEnd(attribute.name, VALUE_AT - INDENT));
  return values.map((text, index) => (index === 0 ? ' '.repeat(indent) + name : ' '.repeat(valueAt)) + text);
}
