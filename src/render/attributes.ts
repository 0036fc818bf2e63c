/**
 * What a batch is told (its spec), attribute by attribute: as it is, or as a diff of two. Values come from files and
 * from the recorded state: escaped, and cut where they are long.
 */
import { diffArrays, diffLines } from 'diff';
import type { Label } from '../model/desired.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import { displayWidth } from './display-width.ts';
import { counted } from './phrases.ts';
import { indented, type Line, line } from './spans.ts';
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
  /** Id → alias. */
  readonly fleetNames: ReadonlyMap<string, string>;
  readonly regionNames: ReadonlyMap<string, string>;
}

/** All that differs between two specs, in a fixed order. Empty: they say the same. */
export function changedAttributes(before: Spec, after: Spec, context: AttributeContext): Attribute[] {
  const fleetName = (id: string) => named(id, context.fleetNames);
  const regionName = (id: string) => named(id, context.regionNames);
  return [
    scalar('template', templateText(before, after), templateText(after, before), context.room),
    list('fleets', before.fleets.map(fleetName), after.fleets.map(fleetName)),
    list('regions', before.regions.map(regionName), after.regions.map(regionName)),
    list('instances', before.instances, after.instances),
    list('labels', before.labels.map(labelText), after.labels.map(labelText)),
    time(before.executeAt, after.executeAt, context),
    scalar('revision', String(before.revision ?? 'none'), String(after.revision ?? 'none'), context.room),
    params(before, after, context),
  ].filter((attribute) => attribute.lines.length > 0);
}

/** The params of a new batch, one line each; null: it has none. */
export function paramsAttribute(spec: Spec): Attribute | null {
  if (spec.params.length === 0) return null;
  const lines = spec.params
    .slice(0, SHOWN)
    .flatMap(({ name, value }) => givenParam(safeText(name, 80), value));
  if (spec.params.length > SHOWN) lines.push(`… and ${spec.params.length - SHOWN} more`);
  return { name: 'params', lines: lines.map((text) => line(text)) };
}

function givenParam(name: string, value: string): string[] {
  if (!value.includes('\n')) return [`${name} = ${quoted(value)}`];
  const all = value.replace(/\n$/, '').split('\n');
  const lines = all.slice(0, SHOWN_LINES).map((text) => `  ${safeText(text, LONGEST_VALUE)}`);
  if (all.length > SHOWN_LINES) lines.push(`  … ${all.length - SHOWN_LINES} more lines`);
  return [`${name}:`, ...lines];
}

/** Items of a list, or params, that are shown one by one. */
const SHOWN = 8;
/** Lines of one multi-line param. */
const SHOWN_LINES = 16;
const LONGEST_VALUE = 200;
/** Edits after which a diff gives up: the cost grows with its square. */
const MAX_EDITS = 400;

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

function list(name: string, before: readonly string[], after: readonly string[]): Attribute {
  const parts = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS }) ?? [
    { value: [...before], removed: true, added: false },
    { value: [...after], removed: false, added: true },
  ];
  const removed = parts.filter((part) => part.removed).flatMap((part) => part.value);
  const added = parts.filter((part) => part.added).flatMap((part) => part.value);
  const kept = parts.filter((part) => !part.removed && !part.added).flatMap((part) => part.value);
  if (removed.length + added.length === 0) return { name, lines: [] };
  const lines = [
    ...firstOf(removed).map((item) => line(`- ${safeText(item, LONGEST_VALUE)}`, 'red')),
    ...firstOf(added).map((item) => line(`+ ${safeText(item, LONGEST_VALUE)}`, 'green')),
  ];
  if (kept.length > 0) lines.push(line(`  (${kept.length} unchanged)`, 'dim'));
  return { name, lines };
}

function firstOf(items: readonly string[]): string[] {
  if (items.length <= SHOWN) return [...items];
  return [...items.slice(0, SHOWN - 1), `… ${items.length - SHOWN + 1} more`];
}

function time(before: number | null, after: number | null, context: AttributeContext): Attribute {
  const { timezone, now } = context;
  if (before === after) return { name: 'executeAt', lines: [] };
  const from = before === null ? 'once' : formatTime(before, timezone);
  const to = after === null ? 'once' : `${formatTime(after, timezone)}, ${relativeTime(after, now)}`;
  return scalar('executeAt', from, to, context.room);
}

function params(before: Spec, after: Spec, context: AttributeContext): Attribute {
  const old = new Map(before.params.map(({ name, value }) => [name, value]));
  const now = new Map(after.params.map(({ name, value }) => [name, value]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed = names.filter((name) => old.get(name) !== now.get(name));
  const lines = changed
    .slice(0, SHOWN)
    .flatMap((name) => paramLines(safeText(name, 80), old.get(name), now.get(name), context));
  if (changed.length > SHOWN) lines.push(line(`… and ${counted(changed.length - SHOWN, 'more param')}`));
  return { name: 'params', lines };
}

function paramLines(
  name: string,
  before: string | undefined,
  after: string | undefined,
  context: AttributeContext,
): Line[] {
  if (before === undefined) return [line(`+ ${name} = ${quoted(after ?? '')}`, 'green')];
  if (after === undefined) return [line(`- ${name} = ${quoted(before)}`, 'red')];
  if (before.includes('\n') || after.includes('\n')) {
    return [line(`~ ${name}:`), ...multiLineDiff(before, after).map((spans) => indented(spans))];
  }
  const room = context.room - displayWidth(name) - 5;
  const [first, second] = scalar(name, quoted(before), quoted(after), room).lines;
  // Long values may differ only behind the cut.
  if (first === undefined)
    return [[{ text: `~ ${name}: ` }, { text: 'changed beyond what is shown', style: 'yellow' }]];
  return second === undefined
    ? [indented(first, `~ ${name} = `)]
    : [line(`~ ${name}:`), indented(first), indented(second)];
}

function multiLineDiff(before: string, after: string): Line[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS });
  if (parts === undefined) {
    const lines = [before, after].map((text) => counted(text.split('\n').length, 'line'));
    return [line(`${lines[0]} -> ${lines[1]}, wholly different`, 'yellow')];
  }
  const lines = parts.flatMap((part): Line[] => {
    const own = part.value.replace(/\n$/, '').split('\n');
    const shown = (mark: string) => own.map((text) => `${mark} ${safeText(text, LONGEST_VALUE)}`);
    if (part.removed) return shown('-').map((text) => line(text, 'red'));
    if (part.added) return shown('+').map((text) => line(text, 'green'));
    return own.length <= 2
      ? shown(' ').map((text) => line(text))
      : [line(`  (${own.length} lines unchanged)`, 'dim')];
  });
  if (lines.length <= SHOWN_LINES) return lines;
  const rest = lines.length - SHOWN_LINES + 1;
  return [...lines.slice(0, SHOWN_LINES - 1), line(`  … ${rest} more lines`, 'dim')];
}

function templateText(spec: Spec, other: Spec): string {
  const name = safeText(spec.template.name, 120);
  // Two templates of one name would look alike.
  const isTwin = spec.template.name === other.template.name && spec.template.id !== other.template.id;
  return isTwin ? `${name} (id ${safeText(spec.template.id, 24)})` : name;
}

function named(id: string, names: ReadonlyMap<string, string>): string {
  const alias = names.get(id);
  return alias === undefined ? id : `${alias} (${id})`;
}

function labelText(label: Label): string {
  return `${label.key}=${label.value}`;
}

function quoted(value: string): string {
  return `"${safeText(value, LONGEST_VALUE)}"`;
}
