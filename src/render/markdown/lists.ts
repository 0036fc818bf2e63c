/** What a plan tells besides its changes, folded: moves, what is forgotten, unchanged, unmanaged. */
import type { Change, Plan, UnmanagedBatch } from '../../model/plan.ts';
import { counted } from '../phrases.ts';
import { cellCode, code, prose } from './escape.ts';
import { blocks, type Listing, lazily, rowText, tableOf } from './fit.ts';
import { timeText } from './times.ts';

/** In the order of what they matter. */
export function foldedLists(plan: Plan, timezone: string): FoldedLists {
  const of = (action: Change['action']) => plan.changes.filter((change) => change.action === action);
  return {
    moves: listing(plan.moves, 'moved address', 'moved addresses', (moves) => {
      const lines = lazily(moves, ({ from, to }) => `- ${code(from)} moves to ${code(to)}`);
      return (shown) => lines(0, shown).join('\n');
    }),
    forgets: listing(of('forget'), 'batch to forget', 'batches to forget', byReason),
    unmanaged: listing(
      plan.unmanaged,
      'unmanaged batch, left alone',
      'unmanaged batches, left alone',
      (batches) => unmanagedTable(batches, timezone),
    ),
    unchanged: listing(of('no-op'), 'unchanged batch', 'unchanged batches', byReason),
  };
}

export interface FoldedLists {
  readonly moves: Listing;
  readonly forgets: Listing;
  readonly unmanaged: Listing;
  readonly unchanged: Listing;
}

function listing<T>(
  all: readonly T[],
  singular: string,
  plural: string,
  renderer: (all: readonly T[]) => (shown: number) => string,
): Listing {
  const phrase = counted(all.length, singular, plural);
  const render = renderer(all);
  return {
    length: all.length,
    text: (shown) => {
      if (shown === 0) return '';
      const rest = all.length - shown;
      const markdown = blocks([render(shown), rest > 0 ? `and ${rest} more` : '']);
      return blocks([`<details>\n<summary>${phrase}</summary>`, markdown, '</details>']);
    },
    missing: (shown) => {
      const what = phrase.replace(/,.*/, '');
      if (shown === all.length) return '';
      return shown === 0 ? `the list of ${what}` : `${all.length - shown} of ${what}`;
    },
  };
}

/** One line per reason: few reasons hold for many. */
function byReason(changes: readonly Change[]): (shown: number) => string {
  const names = lazily(changes, (change) => code(change.address));
  return (shown) => {
    const lines = new Map<string, string[]>();
    for (const [index, name] of names(0, shown).entries()) {
      const { reason } = changes[index]!;
      const own = lines.get(reason);
      if (own === undefined) lines.set(reason, [name]);
      else own.push(name);
    }
    return [...lines].map(([reason, own]) => `- ${own.join(', ')}: ${prose(reason, 120)}`).join('\n');
  };
}

function unmanagedTable(unmanaged: readonly UnmanagedBatch[], timezone: string): (shown: number) => string {
  const rows = lazily(unmanaged, (batch) =>
    rowText([
      cellCode(batch.batchId, 24),
      batch.phase,
      batch.template === null ? 'unknown' : cellCode(batch.template),
      String(batch.numTasks),
      batch.executeAt === null ? 'once' : timeText(batch.executeAt, timezone),
    ]),
  );
  return (shown) => tableOf(['Batch', 'Phase', 'Template', 'Tasks', 'Time'], rows(0, shown), [3]);
}
