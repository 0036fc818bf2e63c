/** The game servers that a batch failed on, with what their host agents said: untrusted text. */
import type { Task } from '../model/observed.ts';
import { safeText } from '../model/safe-text.ts';
import { painter } from './color.ts';

const SHOWN = 20;

/** Empty without failures; otherwise ends with a line break. */
export function renderFailures(
  failures: readonly { readonly address: string; readonly task: Task }[],
  options: { readonly color: boolean },
): string {
  if (failures.length === 0) return '';
  const paint = painter(options.color);
  const lines = failures.slice(0, SHOWN).map(({ address, task }) => {
    const said = safeText(task.resultText, 200) || 'no reason given';
    return `  ${safeText(address, 200)}: game server ${task.entityId} (task ${task.id}): ${said}`;
  });
  if (failures.length > SHOWN) lines.push(`  … and ${failures.length - SHOWN} more`);
  const count = `${failures.length} ${failures.length === 1 ? 'task' : 'tasks'} failed:`;
  return `${paint('bold', paint('red', count))}\n${lines.join('\n')}\n`;
}
