/** The lanes of a timeline, in order: those of single game servers below their fleet. Pure. */
import type { Desired, Targets } from '../../model/desired.ts';
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import { compareNaturally } from '../../model/natural-order.ts';
import type { Inventory } from '../../model/observed.ts';
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { aliasOf } from '../world/targets.ts';

export type Lane = Pick<TimelineLane, 'kind' | 'name' | 'fleet'>;

export interface Placed {
  readonly lane: Lane;
  /** With the tasks that it has on that lane. */
  readonly item: TimelineItem;
}

export interface LaneTarget {
  readonly lane: Lane;
  /** Its game servers, as a request names them; null: unknown. */
  readonly servers: readonly Id[] | null;
}

const LANES: readonly TimelineLane['kind'][] = [
  'fleet',
  'region',
  'instance',
  'instances',
  'labels',
  'earlier',
  'others',
];
/** Lanes of single game servers of a fleet; where there are more, they share one. */
const MOST_SINGLE = 12;

/** Game server → alias or id of its fleet; undefined: nobody looked, or it has none. */
export function homeOf(
  { fleets, homes: known }: Pick<Inventory, 'fleets' | 'homes'>,
  aliases: Desired['aliases'],
): (server: Id) => string | undefined {
  const homes = new Map<Id, string>();
  for (const [fleet, servers] of Object.entries(fleets)) {
    const name = aliasOf(aliases.fleets, fleet);
    for (const server of servers) homes.set(server, name);
  }
  return (server) => {
    const fleet = known?.get(server)?.fleetId;
    return homes.get(server) ?? (fleet == null ? undefined : aliasOf(aliases.fleets, fleet));
  };
}

/** `home`: of a game server; default: unknown. */
export function inOrder(
  placed: readonly Placed[],
  home: (server: Id) => string | undefined = () => undefined,
): TimelineLane[] {
  const lanes = groupBy(withHomes(placed, home), ({ lane }) =>
    JSON.stringify([lane.kind, lane.name, lane.fleet]),
  );
  return [...lanes.values()]
    .map((all): TimelineLane => ({ ...all[0]!.lane, items: withMoves(eachOnce(all)) }))
    .sort(
      (a, b) =>
        Number(isPast(a)) - Number(isPast(b)) ||
        rank(a) - rank(b) ||
        compareNaturally(a.fleet ?? a.name, b.fleet ?? b.name) ||
        LANES.indexOf(a.kind) - LANES.indexOf(b.kind) ||
        compareNaturally(a.name, b.name),
    );
}

function withHomes(placed: readonly Placed[], home: (server: Id) => string | undefined): Placed[] {
  const singles = new Map<string | undefined, Set<string>>();
  for (const { lane } of placed) {
    if (lane.kind !== 'instance') continue;
    const fleet = home(lane.name);
    singles.set(fleet, (singles.get(fleet) ?? new Set()).add(lane.name));
  }
  return placed.map(({ lane, item }) => {
    if (lane.kind !== 'instance') return { lane, item };
    const fleet = home(lane.name);
    const known = fleet === undefined ? {} : { fleet };
    const isCrowd = singles.get(fleet)!.size > MOST_SINGLE;
    return { lane: isCrowd ? { kind: 'instances', name: '', ...known } : { ...lane, ...known }, item };
  });
}

/** What comes from several game servers is one, with the tasks of them all. */
function eachOnce(placed: readonly Placed[]): TimelineItem[] {
  const runs = groupBy(placed, ({ item }) => JSON.stringify([item.run, item.kind, item.at]));
  return [...runs.values()]
    .map((same): TimelineItem => {
      const tasks = same.map(({ item }) => item.servers);
      const servers = tasks.includes(null) ? null : tasks.reduce((sum: number, one) => sum + one!, 0);
      return { ...same[0]!.item, servers };
    })
    .sort((a, b) => a.at - b.at);
}

/** Of a lane as it is drawn: what is replaced at another time moves, if it has times; or it goes, and comes. */
function withMoves(items: readonly TimelineItem[]): TimelineItem[] {
  const ends = groupBy(
    items.filter(({ action, isOnce }) => action === 'replace' && !isOnce),
    ({ run }) => run,
  );
  return items.map((item): TimelineItem => {
    const same = ends.get(item.run) ?? [];
    const other = same.find((end) => end.kind !== item.kind && end.at !== item.at);
    if (!same.includes(item) || other === undefined) return item;
    return { ...item, kind: item.kind === 'remove' ? 'move-from' : 'move-to', otherEnd: other.at };
  });
}

/** Game servers whose fleet is known stand with it. */
function rank({ kind, fleet }: Lane): number {
  return LANES.indexOf(fleet === undefined ? kind : 'fleet');
}

function isPast({ items }: TimelineLane): boolean {
  return items.every((item) => item.isPast);
}

/** Game servers of one batch that have lanes of their own. */
const MOST_NAMED = 3;

/** `inventory`: who holds which game servers; default: unknown. */
export function lanesOf(
  { fleets, regions, instances, labels }: Targets,
  aliases: Desired['aliases'],
  inventory: Pick<Inventory, 'fleets' | 'regions'> = { fleets: {}, regions: {} },
): LaneTarget[] {
  const target = (kind: Lane['kind'], name: string, servers: readonly Id[] | undefined): LaneTarget => ({
    lane: { kind, name },
    servers: servers ?? null,
  });
  return [
    ...fleets.map((id) => target('fleet', aliasOf(aliases.fleets, id), inventory.fleets[id])),
    ...regions.map((id) => target('region', aliasOf(aliases.regions, id), inventory.regions[id])),
    ...(instances.length > MOST_NAMED
      ? [target('instances', '', instances)]
      : [...new Set(instances)].map((id) => target('instance', id, [id]))),
    ...(labels.length > 0 ? [target('labels', '', undefined)] : []),
  ];
}
