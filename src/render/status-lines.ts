/**
 * Which rows of a status are shown one by one: of a block's occurrences the next few, and what runs or failed. Pure.
 *
 * Invariant: every row is in exactly one line.
 */
import { blockOf, parseOccurrence } from '../model/addresses.ts';
import { groupBy } from '../model/group.ts';
import type { StatusRow } from '../model/status.ts';

export type StatusLine =
  | { readonly kind: 'row'; readonly row: StatusRow }
  /** The other occurrences of a block, below those that are shown. */
  | { readonly kind: 'rest'; readonly block: string; readonly rows: readonly StatusRow[] };

export function statusLines(rows: readonly StatusRow[]): StatusLine[] {
  const occurrences = rows.filter(({ address }) => parseOccurrence(address) !== null);
  const rests = new Map<StatusRow, StatusLine>();
  const hidden = new Set<StatusRow>();
  for (const [block, own] of groupBy(occurrences, ({ address }) => blockOf(address))) {
    const rest = restOf(own);
    for (const row of rest) hidden.add(row);
    if (rest.length > 0) rests.set(own.at(-1)!, { kind: 'rest', block, rows: rest });
  }
  return rows.flatMap((row) => {
    const rest = rests.get(row);
    const line = hidden.has(row) ? [] : [{ kind: 'row', row } as const];
    return rest === undefined ? line : [...line, rest];
  });
}

/** It moves, or is to be minded. */
export function isUrgent({ phase }: StatusRow): boolean {
  return phase === 'running' || phase === 'failed' || phase === 'missing';
}

/** It is still to come. */
export function isToCome({ phase }: StatusRow): boolean {
  return phase === 'scheduled' || phase === 'not applied';
}

const NEXT = 3;

function restOf(rows: readonly StatusRow[]): StatusRow[] {
  const next = rows.filter(isToCome).sort((a, b) => (a.executeAt ?? 0) - (b.executeAt ?? 0));
  const shown = new Set(next.slice(0, NEXT));
  const rest = rows.filter((row) => !shown.has(row) && !isUrgent(row));
  // Counting one takes as much room as showing it.
  return rest.length === 1 ? [] : rest;
}
