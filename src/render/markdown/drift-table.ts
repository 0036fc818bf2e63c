/** What a plan made with --refresh-only found: a table by kind, and folded which game servers and what they said. */

import { blockOf, parseOccurrence } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Drift } from '../../model/plan.ts';
import { safeText } from '../../model/safe-text.ts';
import { listText } from '../../model/words.ts';
import { counted, someOf } from '../phrases.ts';
import { cellCode, code, fence } from './escape.ts';
import { blocks, type Fold, type Listing, lazily, rowText, table, tableOf } from './fit.ts';

const KINDS: readonly Drift['kind'][] = ['vanished', 'failed', 'cancelled', 'paused', 'resumed', 'uncovered'];
const TEXTS_SHOWN = 20;
const SERVERS_SHOWN = 20;

/** A row for each of the first findings, as many as there is room for; the others are counted by their kinds. */
export function driftListing(drift: readonly Drift[]): Listing {
  const ordered = KINDS.flatMap((kind) => drift.filter((one) => one.kind === kind));
  const found = foundRows(ordered);
  const rows = lazily(found, (some) => {
    const [one] = some;
    const name =
      some.length === 1 ? cellCode(one.address) : `${cellCode(blockOf(one.address))} (${some.length})`;
    const ids = some.flatMap(({ batchIds }) => batchIds);
    return rowText([one.kind, name, concernedText(together(some)), cellCode(listText(ids))]);
  });
  return {
    length: found.length,
    text: (shown) =>
      blocks([
        tableOf(['Found', 'Address', 'Concerns', 'Batch'], rows(0, shown)),
        shown > 0 && shown < found.length ? 'The other findings, counted:' : '',
        kindRows(found.slice(shown).flat()),
      ]),
    missing: (shown) => {
      const rest = found.slice(shown).flat().length;
      return rest === 0 ? '' : `the rows of ${counted(rest, 'finding')}`;
    },
  };
}

type FoundRow = readonly [Drift, ...Drift[]];

/** The same of several occurrences of a block is one row. */
function foundRows(drift: readonly Drift[]): FoundRow[] {
  const rows = groupBy(drift, ({ kind, address }) =>
    parseOccurrence(address) === null ? Symbol('of its own') : JSON.stringify([kind, blockOf(address)]),
  );
  return [...rows.values()] as [Drift, ...Drift[]][];
}

function together(some: FoundRow): Drift {
  const sum = (of: 'count' | 'total') => some.reduce((all, one) => all + one[of], 0);
  return { ...some[0], count: sum('count'), total: sum('total') };
}

function kindRows(drift: readonly Drift[]): string {
  const rows = byKind(drift).map(([kind, found]) => {
    const count = found.reduce((sum, one) => sum + one.count, 0);
    return [kind, String(found.length), kind === 'vanished' ? '' : unitText(kind, count)];
  });
  return table(['Found', 'Findings', 'Concerns'], rows, [1]);
}

export function driftFold(drift: readonly Drift[]): Fold {
  const items = byKind(drift)
    .flatMap(([, found]) => found)
    .filter((one) => one.texts.length > 0 || (one.servers.length > 0 && !isAll(one)))
    .map((one) => ({ markdown: driftItem(one), count: 1 }));
  return {
    about: 'findings',
    items,
    total: items.length,
    title: (count) => `Game servers of ${counted(count, 'finding')}`,
    missing: (count) => `the game servers of ${counted(count, 'finding')}`,
  };
}

/** Of all nobody needs to be told which. */
function isAll({ kind, count, total }: Drift): boolean {
  return kind !== 'uncovered' && count === total;
}

function byKind(drift: readonly Drift[]): [Drift['kind'], Drift[]][] {
  return KINDS.map((kind): [Drift['kind'], Drift[]] => [
    kind,
    drift.filter((one) => one.kind === kind),
  ]).filter(([, found]) => found.length > 0);
}

function concernedText({ kind, count, total }: Drift): string {
  if (kind === 'vanished') return 'the API no longer knows it';
  if (kind === 'uncovered') return `${counted(count, 'game server')} not covered`;
  return someOf(count, total, 'task');
}

function unitText(kind: Drift['kind'], count: number): string {
  return counted(count, kind === 'uncovered' ? 'game server' : 'task');
}

function driftItem(drift: Drift): string {
  const head = `${drift.kind}: ${code(drift.address)}, ${concernedText(drift)}`;
  if (drift.texts.length === 0) {
    const rest = drift.count - Math.min(drift.count, drift.servers.length);
    const more = rest > 0 ? `, and ${rest} not named here` : '';
    return `${head}: ${code(listText(drift.servers, SERVERS_SHOWN), 600)}${more}`;
  }
  const lines = drift.texts.slice(0, TEXTS_SHOWN).map(({ server, text }) => {
    return ` game server ${safeText(server, 24)}: ${safeText(text.trim(), 300) || 'failed without a message'}`;
  });
  const rest = drift.count - lines.length;
  return blocks([`${head}:`, fence('text', rest > 0 ? [...lines, ` … and ${rest} more`] : lines)]);
}
