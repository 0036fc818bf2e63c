/** The recorded state on screen: which batch belongs to which address, and which creates are in doubt. */
import { safeText } from '../model/safe-text.ts';
import type { State } from '../model/state.ts';
import { painter } from './color.ts';
import { batchesText } from './phrases.ts';
import { tableLines } from './table.ts';
import { formatTime } from './time.ts';

export interface StateView {
  /** Address → its target in words. */
  readonly targets: Readonly<Record<string, string>>;
  /** An IANA zone. */
  readonly timezone: string;
  readonly width: number;
  readonly color: boolean;
}

/** Ends with a line break. */
export function renderState(state: State, view: StateView): string {
  const paint = painter(view.color);
  const entries = Object.entries(state.entries);
  const lines = [
    `${paint('bold', safeText(state.name, 80))} at ${safeText(state.api, 200)}`,
    paint('dim', `lineage ${safeText(state.lineage, 60)}, serial ${state.serial}`),
    '',
  ];
  if (entries.length === 0) lines.push('The state owns no batches.');
  const rows = entries.map(([address, entry]) => [
    { text: safeText(address, 200), style: 'bold' as const },
    { text: batchesText(entry.batchIds) },
    { text: safeText(entry.spec.template.name, 120) },
    { text: safeText(view.targets[address] ?? '', 200) },
    { text: entry.spec.executeAt === null ? 'once' : formatTime(entry.spec.executeAt, view.timezone) },
  ]);
  lines.push(...tableLines(rows, { width: view.width, paint, flexible: [2, 3, 0] }));
  if (state.intents.length > 0) {
    lines.push('', 'In doubt, to be settled by the next apply:');
    for (const intent of state.intents) {
      lines.push(`  ${safeText(intent.address, 200)}, begun ${formatTime(intent.since, view.timezone)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
