/** The recorded state on screen: which batch belongs to which address, and which creates are in doubt. */
import { compareText } from '../model/ids.ts';
import { safeText } from '../model/safe-text.ts';
import type { Intent, State, StateEntry } from '../model/state.ts';
import { someBatchesText } from '../model/words.ts';
import { instancesAttribute, paramsAttribute } from './attributes.ts';
import { type Paint, painter } from './color.ts';
import { displayWidth, NARROW, wrap } from './display-width.ts';
import { lineText } from './spans.ts';
import { type Cell, isTabular, type Room, tableLines, tableRows } from './table.ts';
import { formatTime } from './time.ts';

export interface StateView extends Room {
  /** Address → its target in words. */
  readonly targets: Readonly<Record<string, string>>;
  /** An IANA zone. */
  readonly timezone: string;
  readonly color: boolean;
}

/** Ends with a line break. */
export function renderState(state: State, view: StateView): string {
  const paint = painter(view.color);
  // Of a schedule that is the order of time.
  const entries = Object.entries(state.entries).sort(([a], [b]) => compareText(a, b));
  const lines = [...headLines(state, view, paint), ''];
  if (entries.length === 0) lines.push('The state owns no batches.');
  const rows = entries.map(([address, entry]) => [
    { text: safeText(address, 200), style: 'bold' as const },
    { text: someBatchesText(entry.batchIds) },
    { text: safeText(entry.spec.template.name, 120) },
    { text: safeText(view.targets[address] ?? '', 200) },
    { text: entry.spec.executeAt === null ? 'once' : formatTime(entry.spec.executeAt, view.timezone) },
  ]);
  lines.push(...entryRows(rows, view, paint));
  if (state.intents.length > 0) {
    lines.push('', 'In doubt, to be resolved by the next apply:');
    for (const intent of state.intents) {
      lines.push(`  ${safeText(intent.address, 200)}, started ${formatTime(intent.since, view.timezone)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function headLines({ name, api, lineage, serial }: State, view: StateView, paint: Paint): string[] {
  const linesOf = (text: string) => (view.mayCut === false ? [text] : wrap(text, view.width));
  return [
    ...linesOf(`${paint('bold', safeText(name, 80))} at ${safeText(api, 200)}`),
    ...linesOf(`lineage ${safeText(lineage, 60)}, serial ${serial}`).map((line) => paint('dim', line)),
  ];
}

/** In columns; where a screen has no room for them, the addresses whole, and the rest below. */
function entryRows(rows: readonly (readonly Cell[])[], view: StateView, paint: Paint): string[] {
  const room = { width: view.width, paint };
  const isFitting = view.mayCut === false || isTabular(rows, room);
  if (isFitting) return tableLines(rows, { ...room, mayCut: false });
  const below = tableRows(
    rows.map(([, ...cells]) => cells),
    { ...room, indent: 2, flexible: [1, 2] },
  );
  return rows.flatMap(([address], index) => [paint('bold', address!.text), ...below[index]!]);
}

/** One entry, attribute by attribute; `targetText` is its target in words. Ends with a line break. */
export function renderEntry(
  address: string,
  entry: StateEntry | null,
  intent: Intent | null,
  targetText: string,
  { timezone, width, color }: Omit<StateView, 'targets'>,
): string {
  const paint = painter(color);
  const spec = entry?.spec ?? intent?.spec;
  const rows: [string, string][] = [];
  if (entry !== null) {
    rows.push(['batch', entry.batchIds.map((id) => safeText(id, 24)).join(', ')]);
    rows.push(['phase', `${safeText(entry.phase, 40)}, when it was last recorded`]);
    rows.push(['recorded', formatTime(entry.createdAt, timezone)]);
    if (entry.preventCancel) rows.push(['protected', 'yes, by preventCancel']);
  }
  if (intent !== null) rows.push(['in doubt', `a create started ${formatTime(intent.since, timezone)}`]);
  if (spec !== undefined) {
    rows.push(['template', `${safeText(spec.template.name, 200)} (id ${safeText(spec.template.id, 24)})`]);
    rows.push(['target', safeText(targetText, 200)]);
    rows.push(['time', spec.executeAt === null ? 'once' : formatTime(spec.executeAt, timezone)]);
    if (spec.revision !== null) rows.push(['revision', String(spec.revision)]);
  }
  // The one screen about this entry: nothing of it is left out.
  const whole = { isWhole: true, room: width - 13 };
  const long = spec === undefined ? [] : [instancesAttribute(spec, whole), paramsAttribute(spec, whole)];
  for (const attribute of long) {
    for (const [index, spans] of (attribute?.lines ?? []).entries()) {
      rows.push([index === 0 ? (attribute?.name ?? '') : '', lineText(spans)]);
    }
  }
  const isBeside = width >= NARROW || rows.every(([, value]) => 2 + 10 + 1 + displayWidth(value) <= width);
  const lines = rows.flatMap(([name, value]) => {
    const head = `  ${paint('dim', isBeside ? name.padEnd(10) : name)}`;
    if (isBeside) return [`${head} ${value}`];
    return [...(name === '' ? [] : [head]), ...wrap(value, width - 4).map((part) => `    ${part}`)];
  });
  return `${paint('bold', safeText(address, 200))}\n${lines.join('\n')}\n`;
}
