/**
 * What a batch is told (its spec), attribute by attribute: as it is, or as a diff of two. Values come from files and
 * from the recorded state: escaped, and cut where they are long.
 */
import { diffArrays, diffLines } from 'diff';
import type { Label } from '../model/desired.ts';
import { safeText } from '../model/safe-text.ts';
import type { Spec } from '../model/state.ts';
import type { Paint } from './color.ts';
import { displayWidth } from './display-width.ts';
import { counted } from './phrases.ts';
import { formatTime, relativeTime } from './time.ts';

/** One attribute: its name, and its value in one or several lines, coloured. */
export interface Attribute {
  readonly name: string;
  readonly lines: readonly string[];
  /** Its lines may be broken at spaces. */
  readonly isProse?: true;
}

export interface AttributeContext {
  readonly paint: Paint;
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
    scalar('template', templateText(before, after), templateText(after, before), context),
    list('fleets', before.fleets.map(fleetName), after.fleets.map(fleetName), context),
    list('regions', before.regions.map(regionName), after.regions.map(regionName), context),
    list('instances', before.instances, after.instances, context),
    list('labels', before.labels.map(labelText), after.labels.map(labelText), context),
    time(before.executeAt, after.executeAt, context),
    scalar('revision', String(before.revision ?? 'none'), String(after.revision ?? 'none'), context),
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
  return { name: 'params', lines };
}

function givenParam(name: string, value: string): string[] {
  if (!value.includes('\n')) return [`${name} = ${quoted(value)}`];
  const all = value.replace(/\n$/, '').split('\n');
  const lines = all.slice(0, SHOWN_LINES).map((line) => `  ${safeText(line, LONGEST_VALUE)}`);
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

function scalar(name: string, before: string, after: string, { paint, room }: AttributeContext): Attribute {
  if (before === after) return { name, lines: [] };
  const from = paint('red', before);
  const arrow = paint('yellow', '->');
  const to = paint('green', after);
  const isShort = before.length + after.length + 4 <= room;
  return { name, lines: isShort ? [`${from} ${arrow} ${to}`] : [`   ${from}`, `${arrow} ${to}`] };
}

function list(
  name: string,
  before: readonly string[],
  after: readonly string[],
  { paint }: AttributeContext,
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
    ...firstOf(removed).map((item) => paint('red', `- ${safeText(item, LONGEST_VALUE)}`)),
    ...firstOf(added).map((item) => paint('green', `+ ${safeText(item, LONGEST_VALUE)}`)),
  ];
  if (kept.length > 0) lines.push(paint('dim', `  (${kept.length} unchanged)`));
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
  return scalar('executeAt', from, to, context);
}

function params(before: Spec, after: Spec, context: AttributeContext): Attribute {
  const old = new Map(before.params.map(({ name, value }) => [name, value]));
  const now = new Map(after.params.map(({ name, value }) => [name, value]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changed = names.filter((name) => old.get(name) !== now.get(name));
  const lines = changed
    .slice(0, SHOWN)
    .flatMap((name) => paramLines(safeText(name, 80), old.get(name), now.get(name), context));
  if (changed.length > SHOWN) lines.push(`… and ${counted(changed.length - SHOWN, 'more param')}`);
  return { name: 'params', lines };
}

function paramLines(
  name: string,
  before: string | undefined,
  after: string | undefined,
  context: AttributeContext,
): string[] {
  const { paint } = context;
  if (before === undefined) return [paint('green', `+ ${name} = ${quoted(after ?? '')}`)];
  if (after === undefined) return [paint('red', `- ${name} = ${quoted(before)}`)];
  if (before.includes('\n') || after.includes('\n')) {
    return [`~ ${name}:`, ...multiLineDiff(before, after, paint).map((line) => `  ${line}`)];
  }
  const room = context.room - displayWidth(name) - 5;
  const [first, second] = scalar(name, quoted(before), quoted(after), { ...context, room }).lines;
  // Long values may differ only behind the cut.
  if (first === undefined) return [`~ ${name}: ${paint('yellow', 'changed beyond what is shown')}`];
  return second === undefined ? [`~ ${name} = ${first}`] : [`~ ${name}:`, `  ${first}`, `  ${second}`];
}

function multiLineDiff(before: string, after: string, paint: Paint): string[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS });
  if (parts === undefined) {
    const lines = [before, after].map((text) => counted(text.split('\n').length, 'line'));
    return [paint('yellow', `${lines[0]} -> ${lines[1]}, wholly different`)];
  }
  const lines = parts.flatMap((part) => {
    const own = part.value.replace(/\n$/, '').split('\n');
    const shown = (mark: string) => own.map((line) => `${mark} ${safeText(line, LONGEST_VALUE)}`);
    if (part.removed) return shown('-').map((line) => paint('red', line));
    if (part.added) return shown('+').map((line) => paint('green', line));
    return own.length <= 2 ? shown(' ') : [paint('dim', `  (${own.length} lines unchanged)`)];
  });
  if (lines.length <= SHOWN_LINES) return lines;
  return [
    ...lines.slice(0, SHOWN_LINES - 1),
    paint('dim', `  … ${lines.length - SHOWN_LINES + 1} more lines`),
  ];
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
