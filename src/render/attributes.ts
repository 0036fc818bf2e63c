/**
 * The spec of a batch, attribute by attribute: as it is, or as a diff of two. Values come from files and
 * from the recorded state: escaped, and cut where they are long.
 */
import { diffArrays } from 'diff';
import type { Label } from '../model/desired.ts';
import { asciiText, safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import { MAX_EDITS } from './diff-bound.ts';
import { changedParams, givenParams } from './params.ts';
import { type Line, leftOut, line } from './spans.ts';
import { formatTime, relativeTime } from './time.ts';

/** One attribute: its name, and its value in one or several lines. */
export interface Attribute {
  readonly name: string;
  readonly lines: readonly Line[];
  /** Its lines may be broken at spaces. */
  readonly isProse?: true;
}

export interface AttributeContext {
  readonly timezone: string;
  /** Unix seconds. */
  readonly now: number;
  /** Columns that a value's line has. */
  readonly room: number;
  /** There is room for everything: nothing is cut or counted instead. */
  readonly isWhole?: boolean;
  /** Every target and time of a row is told, however many. */
  readonly isListed?: boolean;
  /** As brief as can be, where several are told together. */
  readonly isConcise?: boolean;
  /** Id → alias. */
  readonly fleetNames: ReadonlyMap<string, string>;
  readonly regionNames: ReadonlyMap<string, string>;
  /** Block → the zone of its schedule. None: the clock of `timezone`. */
  readonly zones?: ReadonlyMap<string, string>;
}

/** All that differs between two specs, in a fixed order. Empty: they say the same. */
export function changedAttributes(before: Spec, after: Spec, context: AttributeContext): Attribute[] {
  const fleetName = (id: string) => named(id, context.fleetNames);
  const isWhole = context.isWhole === true;
  const regionName = (id: string) => named(id, context.regionNames);
  return [
    scalar('template', templateText(before, after), templateText(after, before), context.room),
    list('fleets', before.fleets.map(fleetName), after.fleets.map(fleetName), isWhole),
    list('regions', before.regions.map(regionName), after.regions.map(regionName), isWhole),
    list('instances', before.instances, after.instances, isWhole),
    list('labels', before.labels.map(labelText), after.labels.map(labelText), isWhole),
    time(before.executeAt, after.executeAt, context),
    scalar('revision', String(before.revision ?? 'none'), String(after.revision ?? 'none'), context.room),
    { name: 'params', lines: changedParams(before, after, context.room, isWhole) },
  ].filter((attribute) => attribute.lines.length > 0);
}

/** The params of a new batch; null: it has none. */
export function paramsAttribute(spec: Spec, context: Pick<AttributeContext, 'isWhole'>): Attribute | null {
  if (spec.params.length === 0) return null;
  return { name: 'params', lines: givenParams(spec.params, context.isWhole) };
}

/** The game servers that a batch names one by one, of which its target says only how many; null: none, or one. */
export function instancesAttribute(
  { instances }: Spec,
  context: Pick<AttributeContext, 'isWhole' | 'room'>,
): Attribute | null {
  if (instances.length <= 1) return null;
  const perLine = Math.max(1, Math.floor((context.room + 2) / (LONGEST_ID + 2)));
  const most = context.isWhole ? instances.length : SHOWN_INSTANCES;
  const shown = instances.slice(0, most).map((id) => safeText(id, 24));
  const lines: Line[] = [];
  for (let at = 0; at < shown.length; at += perLine) {
    lines.push(line(shown.slice(at, at + perLine).join(', ')));
  }
  const rest = instances.length - shown.length;
  if (rest > 0) lines.push(line(leftOut(rest, instances.length, 'game servers'), 'dim'));
  return { name: 'instances', lines };
}

/** Items of a list that are shown one by one. */
const SHOWN = 50;
const SHOWN_INSTANCES = 60;
/** Digits of an id. */
const LONGEST_ID = 19;
const LONGEST_ITEM = 200;

function scalar(name: string, before: string, after: string, room: number): Attribute {
  if (before === after) return { name, lines: [] };
  const from = { text: before, style: 'red' } as const;
  const arrow = { text: '->', style: 'yellow' } as const;
  const to = { text: after, style: 'green' } as const;
  const gap = { text: ' ' };
  const isShort = before.length + after.length + 4 <= room;
  const lines = isShort
    ? [[from, gap, arrow, gap, to]]
    : [
        [{ text: '   ' }, from],
        [arrow, gap, to],
      ];
  return { name, lines };
}

function list(
  name: string,
  before: readonly string[],
  after: readonly string[],
  isWhole: boolean,
): Attribute {
  const parts = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS }) ?? [
    { value: [...before], removed: true, added: false },
    { value: [...after], removed: false, added: true },
  ];
  const removed = parts.filter((part) => part.removed).flatMap((part) => part.value);
  const added = parts.filter((part) => part.added).flatMap((part) => part.value);
  const kept = parts.filter((part) => !part.removed && !part.added).flatMap((part) => part.value);
  if (removed.length + added.length === 0) return { name, lines: [] };
  const lines = [
    ...items(toldApart(removed, added), isWhole, (text) => line(`- ${text}`, 'red')),
    ...items(toldApart(added, removed), isWhole, (text) => line(`+ ${text}`, 'green')),
    ...(isWhole ? kept.map((item) => line(`  ${safeText(item)}`)) : []),
  ];
  if (kept.length > 0 && !isWhole) lines.push(line(`  (${kept.length} unchanged)`, 'dim'));
  return { name, lines };
}

/** What is drawn like something on the other side is written out. */
function toldApart(own: readonly string[], others: readonly string[]): string[] {
  const drawn = new Set(others.map((other) => other.normalize()));
  return own.map((one) => (drawn.has(one.normalize()) ? asciiText(one) : one));
}

function items(all: readonly string[], isWhole: boolean, lineOf: (text: string) => Line): Line[] {
  const most = isWhole || all.length <= SHOWN ? all.length : SHOWN - 1;
  const lines = all.slice(0, most).map((item) => lineOf(safeText(item, isWhole ? undefined : LONGEST_ITEM)));
  return most === all.length
    ? lines
    : [...lines, line(`  ${leftOut(all.length - most, all.length, 'items')}`, 'dim')];
}

function time(before: number | null, after: number | null, context: AttributeContext): Attribute {
  const { timezone, now } = context;
  if (before === after) return { name: 'executeAt', lines: [] };
  const from = before === null ? 'once' : formatTime(before, timezone);
  const to = after === null ? 'once' : `${formatTime(after, timezone)}, ${relativeTime(after, now)}`;
  return scalar('executeAt', from, to, context.room);
}

function templateText(spec: Spec, other: Spec): string {
  const name = safeText(spec.template.name, 120);
  // Two templates of one name would look alike.
  const isTwin =
    spec.template.name.normalize() === other.template.name.normalize() &&
    spec.template.id !== other.template.id;
  return isTwin ? `${name} (id ${safeText(spec.template.id, 24)})` : name;
}

function named(id: string, names: ReadonlyMap<string, string>): string {
  const alias = names.get(id);
  return alias === undefined ? id : `${alias} (${id})`;
}

function labelText(label: Label): string {
  return `${label.key}=${label.value}`;
}
