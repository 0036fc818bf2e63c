/** What a plan tells besides its changes, folded: moves, what is forgotten, unchanged, unmanaged. */
import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import type { Change, Plan, UnmanagedBatch } from '../../model/plan.ts';
import { zoneOf } from '../group-attributes.ts';
import { moveRows, movesText } from '../groups.ts';
import { counted } from '../phrases.ts';
import { type SkippedGroup, skippedGroups, skippedWords } from '../skipped.ts';
import type { TableView } from './changes-table.ts';
import { cellCode, code, prose } from './escape.ts';
import { blocks, type Listing, lazily, rowText, tableOf } from './fit.ts';
import { timeText } from './times.ts';

/** In the order of what they matter. */
export function foldedLists(plan: Plan, view: TableView): FoldedLists {
  const { timezone } = view;
  const of = (action: Change['action']) => plan.changes.filter((change) => change.action === action);
  return {
    skipped: skippedListing(plan, view),
    moves: listing(plan.moves, 'moved address', 'moved addresses', (moves) => {
      return (shown) =>
        moveRows(moves.slice(0, shown))
          .map((row) => `- ${code(row.from)} ${movesText(row)} ${code(row.to)}`)
          .join('\n');
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
  readonly skipped: Listing;
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

/** A table of its own, and not folded: what the file asks for is not done. */
function skippedListing({ skipped }: Plan, view: TableView): Listing {
  const groups = skippedGroups(skipped);
  const rows = lazily(groups, (group) => {
    const { count, when, until, doubt } = skippedWords(group, {
      timezone: zoneOf(group.block, view),
      now: view.now,
      reader: view.timezone,
    });
    const what = doubt === '' ? count : `${count}, ${doubt}`;
    return rowText([cellCode(group.block), what, when, `${cellCode(group.freeze)}, ${until}`]);
  });
  const countIn = (some: readonly SkippedGroup[]) => some.reduce((sum, { all }) => sum + all.length, 0);
  return {
    length: groups.length,
    text: (shown) => tableOf(['Block', 'Skipped', 'Times', 'Freeze'], rows(0, shown)),
    missing: (shown) =>
      shown === groups.length ? '' : `${counted(countIn(groups.slice(shown)), 'skipped occurrence')}`,
  };
}

/** One line per reason: few reasons hold for many. Occurrences of one block are named by it, and counted. */
function byReason(changes: readonly Change[]): (shown: number) => string {
  const names = lazily(changes, (change) => {
    return code(parseOccurrence(change.address) === null ? change.address : blockOf(change.address));
  });
  return (shown) => {
    const lines = new Map<string, Map<string, number>>();
    for (const [index, name] of names(0, shown).entries()) {
      const { reason } = changes[index]!;
      const own = lines.get(reason) ?? new Map<string, number>();
      lines.set(reason, own.set(name, (own.get(name) ?? 0) + 1));
    }
    return [...lines].map(([reason, own]) => `- ${namesText(own)}: ${prose(reason, 120)}`).join('\n');
  };
}

function namesText(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`)).join(', ');
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
