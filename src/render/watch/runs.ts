/**
 * What a live view tells of, most important first: failing, running, next, ended. Pure.
 *
 * Invariant: every row of the status is in exactly one group, and in it once.
 */
import { parseOccurrence } from '../../model/addresses.ts';
import { groupBy } from '../../model/group.ts';
import type { Status, StatusRow } from '../../model/status.ts';
import type { Timeline } from '../../model/timeline.ts';

export const GROUPS = ['failing', 'running', 'next', 'ended'] as const;
export type Group = (typeof GROUPS)[number];

/** A row of the status, and when it ran. */
export interface Run {
  readonly row: StatusRow;
  readonly group: Group;
  /** The address, of an occurrence without its time. */
  readonly base: string;
  /** Unix seconds; null: nobody knows, or it is still to be made, without a time. */
  readonly at: number | null;
  /** Unix seconds; null: not over, or nobody knows. */
  readonly until: number | null;
}

export function runsOf(status: Status, timeline: Timeline): Run[] {
  const times = new Map(
    timeline.lanes.flatMap(({ items }) =>
      items.flatMap((item) => (item.address === null || item.isPast ? [] : [[item.address, item] as const])),
    ),
  );
  const runs = status.rows.map((row): Run => {
    const item = times.get(row.address);
    const base = parseOccurrence(row.address)?.base ?? row.address;
    const at = row.executeAt ?? item?.at ?? null;
    return { row, group: groupOf(row), base, at, until: item?.until ?? null };
  });
  return GROUPS.flatMap((group) => runs.filter((run) => run.group === group).sort(ORDERS[group]));
}

export function byGroup(runs: readonly Run[]): ReadonlyMap<Group, readonly Run[]> {
  return groupBy(runs, ({ group }) => group);
}

function groupOf({ phase, counts }: StatusRow): Group {
  if (phase === 'failed' || phase === 'missing') return 'failing';
  if (phase === 'running') return counts.failed > 0 ? 'failing' : 'running';
  return phase === 'scheduled' || phase === 'not applied' ? 'next' : 'ended';
}

type Order = (a: Run, b: Run) => number;

const NEVER = Number.MAX_SAFE_INTEGER;
const soonest: Order = (a, b) => (a.at ?? NEVER) - (b.at ?? NEVER);
const latest: Order = (a, b) => (b.until ?? b.at ?? 0) - (a.until ?? a.at ?? 0);
/** What still runs can still be stopped. */
const moving: Order = (a, b) => Number(b.row.phase === 'running') - Number(a.row.phase === 'running');

const ORDERS: Readonly<Record<Group, Order>> = {
  failing: (a, b) => moving(a, b) || latest(a, b),
  running: soonest,
  next: soonest,
  ended: latest,
};
