/** The lanes of a timeline, in order: those of single game servers below their fleet. Pure. */
import type { Desired, Targets } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import { compareNaturally } from '../../model/natural-order.ts';
import type { Inventory } from '../../model/observed.ts';
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { aliasOf } from '../world/targets.ts';

export type Lane = Pick<TimelineLane, 'kind' | 'name' | 'fleet'>;

export interface Placed {
  readonly lane: Lane;
  readonly item: TimelineItem;
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
  const lanes = new Map<string, { lane: Lane; items: Set<TimelineItem> }>();
  for (const { lane, item } of withHomes(placed, home)) {
    const key = JSON.stringify([lane.kind, lane.name, lane.fleet]);
    const known = lanes.get(key);
    if (known === undefined) lanes.set(key, { lane, items: new Set([item]) });
    else known.items.add(item);
  }
  return [...lanes.values()]
    .map(({ lane, items }): TimelineLane => ({ ...lane, items: [...items].sort((a, b) => a.at - b.at) }))
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

/** Game servers whose fleet is known stand with it. */
function rank({ kind, fleet }: Lane): number {
  return LANES.indexOf(fleet === undefined ? kind : 'fleet');
}

function isPast({ items }: TimelineLane): boolean {
  return items.every((item) => item.isPast);
}

/** Game servers of one batch that have lanes of their own. */
const MOST_NAMED = 3;

export function lanesOf(spec: Targets, aliases: Desired['aliases']): Lane[] {
  const named = (kind: 'fleet' | 'region', known: Readonly<Record<string, Id>>, id: Id): Lane => ({
    kind,
    name: aliasOf(known, id),
  });
  return [
    ...spec.fleets.map((id) => named('fleet', aliases.fleets, id)),
    ...spec.regions.map((id) => named('region', aliases.regions, id)),
    ...(spec.instances.length > MOST_NAMED
      ? [{ kind: 'instances', name: '' } as const]
      : spec.instances.map((id) => ({ kind: 'instance', name: id }) as const)),
    ...(spec.labels.length > 0 ? [{ kind: 'labels', name: '' } as const] : []),
  ];
}
