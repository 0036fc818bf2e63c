/** Which game servers there are, by fleet and region. One answer may lack rows, and it may not be answered at all. */
import { ApiError, isOver } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Home, Inventory } from '../model/observed.ts';
import { mapInFlight } from './map-in-flight.ts';

/** Whether the list of one fleet or region, and the list of all game servers, show other ones in it. */
export function isTornApart(
  { fleets, regions, homes }: Inventory,
  kind: 'fleet' | 'region',
  id: Id,
): boolean {
  const listed = (kind === 'fleet' ? fleets : regions)[id];
  if (homes === null || listed === undefined) return false;
  const key = kind === 'fleet' ? 'fleetId' : 'regionId';
  let count = 0;
  for (const home of homes.values()) if (home[key] === id) count += 1;
  return count !== listed.length || listed.some((server) => homes.get(server)?.[key] !== id);
}

/** What any answer has shown is there. */
export function merged(one: Inventory, other: Inventory): Inventory {
  const lists = (a: Inventory['fleets'], b: Inventory['fleets']) =>
    Object.fromEntries(Object.keys(b).map((id) => [id, [...new Set([...(a[id] ?? []), ...(b[id] ?? [])])]]));
  return {
    fleets: lists(one.fleets, other.fleets),
    regions: lists(one.regions, other.regions),
    homes: one.homes === null ? other.homes : new Map([...one.homes, ...(other.homes ?? [])]),
    unavailable: other.unavailable,
  };
}

interface InventoryLook {
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  readonly homes: boolean;
}

export async function lookAtInventory(
  api: FleetApi,
  before: Inventory,
  look: InventoryLook,
): Promise<Inventory> {
  if (look.fleets.length + look.regions.length === 0 && !look.homes) return before;
  const reasons = new Set<string>();
  const ask = async (filter: { fleetId?: Id; regionId?: Id }) => {
    try {
      return await api.listInstances(filter);
    } catch (error) {
      if (!(error instanceof ApiError) || isOver(error)) throw error;
      reasons.add(error.message);
      return null;
    }
  };
  const list = async (ids: readonly Id[], filter: (id: Id) => { fleetId?: Id; regionId?: Id }) => {
    const answers = await mapInFlight(api, ids, async (id) => ({ id, servers: await ask(filter(id)) }));
    return Object.fromEntries(
      answers.flatMap(({ id, servers }) => (servers === null ? [] : [[id, servers.map((one) => one.id)]])),
    );
  };
  const [fleets, regions, all] = await Promise.all([
    list(look.fleets, (fleetId) => ({ fleetId })),
    list(look.regions, (regionId) => ({ regionId })),
    look.homes ? ask({}) : null,
  ]);
  const homes =
    all === null
      ? before.homes
      : new Map<Id, Home>(all.map(({ id, fleetId, regionId }) => [id, { fleetId, regionId }]));
  // Whereabouts are asked for besides: that they do not answer is no news.
  if (look.fleets.length + look.regions.length === 0) reasons.clear();
  const unavailable = [...(before.unavailable === null ? [] : [before.unavailable]), ...reasons];
  return {
    fleets: { ...before.fleets, ...fleets },
    regions: { ...before.regions, ...regions },
    homes,
    unavailable: unavailable.length === 0 ? null : [...new Set(unavailable)].join('; '),
  };
}
