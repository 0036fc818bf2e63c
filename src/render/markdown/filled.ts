/**
 * The parts of a comment → its text, as full as there is room for. Pure.
 *
 * Invariant: whole rows are told or counted as left out; nothing is lost between the two.
 */
import { counted } from '../phrases.ts';
import type { Parts } from './comment-parts.ts';
import { type FindingsRoom, WHERE } from './findings.ts';
import {
  blocks,
  bytes,
  countOf,
  type Fold,
  type FoldItem,
  fits,
  foldText,
  type Listing,
  widest,
} from './fit.ts';
import type { FoldedLists } from './lists.ts';

/** The fewest bytes of a row, and of one in a list: no more of them than there can be room for are even tried. */
export const SHORTEST_ROW = 40;
const SHORTEST_ENTRY = 5;

/** What is told one by one. */
export interface Shown {
  readonly findings: FindingsRoom;
  readonly changes: number;
  readonly drift: number;
  readonly lists: Readonly<Record<keyof FoldedLists, number>>;
  readonly folds: readonly Fold[];
  readonly kept: ReadonlySet<FoldItem>;
}

/** What has room in any form. */
export function nothingOf(parts: Parts): Shown {
  return {
    findings: { bytes: 0, most: 0 },
    changes: 0,
    drift: 0,
    lists: { skipped: 0, moves: 0, forgets: 0, unmanaged: 0, unchanged: 0 },
    folds: parts.foldsFor(0),
    kept: new Set(),
  };
}

/** What matters most takes its room first; what is left goes to the next. */
export function filled(parts: Parts, nothing: Shown, max: number): string {
  let shown = nothing;
  const add = (most: number, more: (count: number) => Partial<Shown>): void => {
    const isFitting = (count: number) => fits(assembled(parts, { ...shown, ...more(count) }), max);
    shown = { ...shown, ...more(widest(most, isFitting)) };
  };
  const rowsOf = ({ length }: Listing) => Math.min(length, Math.floor(max / SHORTEST_ROW));
  const addList = (name: keyof FoldedLists) =>
    add(Math.min(parts.lists[name].length, Math.floor(max / SHORTEST_ENTRY)), (count) => ({
      lists: { ...shown.lists, [name]: count },
    }));
  const { firstFindings } = parts;
  add(firstFindings.bytes, (room) => ({ findings: { ...firstFindings, bytes: room } }));
  add(rowsOf(parts.changes), (changes) => ({ changes }));
  addList('skipped');
  add(rowsOf(parts.drift), (drift) => ({ drift }));
  const { findings } = shown;
  add(max, (room) => (room === 0 ? {} : { findings: { bytes: findings.bytes + room, most: Infinity } }));
  addList('moves');
  addList('forgets');
  shown = { ...shown, folds: parts.foldsFor(shown.changes) };
  const details = inOrderOfSize(shown.folds);
  add(details.length, (count) => ({ kept: new Set(details.slice(0, count)) }));
  addList('unmanaged');
  addList('unchanged');
  return assembled(parts, shown);
}

/** The largest are left out first. */
function inOrderOfSize(folds: readonly Fold[]): FoldItem[] {
  const sized = folds.flatMap((fold) => fold.items).map((item) => [item, bytes(item.markdown)] as const);
  return sized.sort(([, a], [, b]) => a - b).map(([item]) => item);
}

export function assembled(parts: Parts, shown: Shown): string {
  const { lists, digest, frame } = parts;
  const top = [...parts.head, [...parts.notices, ...parts.findings(shown.findings)].join('\n')];
  const changes = parts.changes.text(shown.changes);
  const others = [lists.skipped.text(shown.lists.skipped), parts.drift.text(shown.drift)];
  const leftOut = leftOutText(parts, shown);
  const folds = [
    ...shown.folds.map((fold) => foldText(fold, (item) => shown.kept.has(item))),
    ...LISTS.map((name) => lists[name].text(shown.lists[name])),
  ];
  const parted = frame.isFolded
    ? [...others, leftOut, folded([changes, ...folds])]
    : [changes, ...others, leftOut, ...folds];
  return `${blocks([...top, ...parted, digest])}\n`;
}

function folded(parts: readonly string[]): string {
  const inside = blocks(parts);
  return inside === ''
    ? ''
    : blocks(['<details>\n<summary>Changes and details</summary>', inside, '</details>']);
}

/** As they stand in the comment. */
const LISTS: readonly (keyof FoldedLists)[] = ['moves', 'forgets', 'unchanged', 'unmanaged'];

function leftOutText(parts: Parts, shown: Shown): string {
  const missing = [
    parts.changes.missing(shown.changes),
    parts.drift.missing(shown.drift),
    ...missingDetails(parts, shown),
    parts.lists.skipped.missing(shown.lists.skipped),
    ...LISTS.map((name) => parts.lists[name].missing(shown.lists[name])),
  ].filter((text) => text !== '');
  return missing.length === 0 ? '' : `Left out for length: ${missing.join(', ')}; ${WHERE}.`;
}

/** In the brief form one number tells of the changes, whatever their action. */
function missingDetails({ isBrief }: Parts, { folds, kept }: Shown): string[] {
  const missing = folds
    .map((fold) => [fold, fold.total - countOf(fold.items.filter((item) => kept.has(item)))] as const)
    .filter(([, count]) => count > 0);
  const ofChanges = missing.filter(([fold]) => fold.about === 'changes');
  const isOneNumber = isBrief && ofChanges.length > 1;
  const sum = ofChanges.reduce((all, [, count]) => all + count, 0);
  return [
    ...(isOneNumber ? [`the details of ${counted(sum, 'change')}`] : []),
    ...missing
      .filter(([fold]) => !isOneNumber || fold.about !== 'changes')
      .map(([fold, count]) => fold.missing(count)),
  ];
}
