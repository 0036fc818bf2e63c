/** Which game servers a fleet or region holds, and where a game server belongs, from all that was asked about it. */
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import type { Home, Observation } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';

function membersOf(homes: ReadonlyMap<Id, Home>): Record<'fleets' | 'regions', Map<Id, Id[]>> {
  const entries = [...homes];
  const group = (key: keyof Home) =>
    new Map(
      [...groupBy(entries, ([, home]) => home[key] ?? '')].map(([id, of]) => [
        id,
        of.map(([server]) => server),
      ]),
    );
  return { fleets: group('fleetId'), regions: group('regionId') };
}

/** Of the kinds that the spec targets, one is not told yet. */
export function isHalfKnown(spec: Spec, home: Home | null): boolean {
  if (home === null) return false;
  return (
    (spec.fleets.length > 0 && home.fleetId === null) || (spec.regions.length > 0 && home.regionId === null)
  );
}

export function isHomeOf(spec: Spec, { fleetId, regionId }: Home): boolean {
  // Of a game server of which the API does not tell it, nothing can be said.
  const mayBeIn = (ids: readonly Id[], id: Id | null) => ids.length > 0 && (id === null || ids.includes(id));
  return mayBeIn(spec.fleets, fleetId) || mayBeIn(spec.regions, regionId);
}

export interface InventoryView {
  members(kind: 'fleets' | 'regions', id: Id): readonly Id[] | undefined;
  /** null: it lives no more, as far as anybody knows; undefined: nobody has asked. */
  home(server: Id): Home | null | undefined;
}

export function inventoryOf({ inventory }: Observation): InventoryView {
  const lists = {
    fleets: new Map(Object.entries(inventory.fleets)),
    regions: new Map(Object.entries(inventory.regions)),
  };
  const members: InventoryView['members'] = (kind, id) => lists[kind].get(id);
  if (inventory.homes !== null) {
    const { homes } = inventory;
    const all = membersOf(homes);
    return {
      // One answer may lack rows: what either of them has is there.
      members(kind, id) {
        const [one, other] = [lists[kind].get(id), all[kind].get(id)];
        return one === undefined ? undefined : [...new Set([...one, ...(other ?? [])])];
      },
      home: (server) => homes.get(server) ?? null,
    };
  }
  // What was asked for of one fleet tells that its game servers are no other's.
  const homes = new Map<Id, { fleetId: Id | null; regionId: Id | null }>();
  for (const kind of ['fleets', 'regions'] as const) {
    for (const [id, servers] of lists[kind]) {
      for (const server of servers) {
        const home = homes.get(server) ?? { fleetId: null, regionId: null };
        homes.set(server, kind === 'fleets' ? { ...home, fleetId: id } : { ...home, regionId: id });
      }
    }
  }
  return { members, home: (server) => homes.get(server) };
}
