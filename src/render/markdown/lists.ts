/** What a plan tells besides its changes, folded: moves, what is forgotten, unchanged, unmanaged. */
import type { Change, Plan, UnmanagedBatch } from '../../model/plan.ts';
import { counted } from '../phrases.ts';
import { cellCode, code, prose } from './escape.ts';
import { blocks, type Fold, table } from './fit.ts';
import { timeText } from './times.ts';

export function listFolds(plan: Plan, timezone: string): Fold[] {
  const of = (action: Change['action']) => plan.changes.filter((change) => change.action === action);
  return [
    listFold(plan.moves, 'moved address', 'moved addresses', (moves) =>
      moves.map(({ from, to }) => `- ${code(from)} goes on as ${code(to)}`).join('\n'),
    ),
    listFold(of('forget'), 'batch to forget', 'batches to forget', byReason),
    listFold(of('no-op'), 'unchanged batch', 'unchanged batches', byReason),
    listFold(plan.unmanaged, 'unmanaged batch, left alone', 'unmanaged batches, left alone', (batches) =>
      unmanagedTable(batches, timezone),
    ),
  ].filter((fold) => fold.items.length > 0);
}

/** More than these are counted. */
const SHOWN = 100;

function listFold<T>(
  all: readonly T[],
  singular: string,
  plural: string,
  render: (shown: readonly T[]) => string,
): Fold {
  const phrase = counted(all.length, singular, plural);
  const rest = all.length - SHOWN;
  const markdown = blocks([render(all.slice(0, SHOWN)), rest > 0 ? `and ${rest} more` : '']);
  return {
    items: all.length === 0 ? [] : [{ markdown, count: all.length }],
    title: () => phrase,
    missing: () => `the list of ${phrase.replace(/,.*/, '')}`,
  };
}

/** One line per reason: few reasons hold for many. */
function byReason(changes: readonly Change[]): string {
  return [...new Set(changes.map((change) => change.reason))]
    .map((reason) => {
      const own = changes.filter((change) => change.reason === reason);
      return `- ${own.map((change) => code(change.address)).join(', ')}: ${prose(reason, 120)}`;
    })
    .join('\n');
}

function unmanagedTable(unmanaged: readonly UnmanagedBatch[], timezone: string): string {
  const rows = unmanaged.map((batch) => [
    cellCode(batch.batchId, 24),
    batch.phase,
    batch.template === null ? 'unknown' : cellCode(batch.template),
    String(batch.numTasks),
    batch.executeAt === null ? 'once' : timeText(batch.executeAt, timezone),
  ]);
  return table(['Batch', 'Phase', 'Template', 'Tasks', 'Time'], rows, [3]);
}
