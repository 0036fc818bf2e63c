/**
 * Which game servers do runs near each other reach? Only what that takes is asked of the inventory: two that name the
 * same fleet meet, however many game servers it has.
 */
import type { Id } from '../../model/ids.ts';
import type { Spec } from '../../model/state.ts';
import type { World } from '../world/world.ts';
import { hasNear } from './near-runs.ts';
import type { RunAhead, Target } from './runs-ahead.ts';

/** A part of a target. */
export interface Place {
  readonly kind: 'fleets' | 'regions';
  readonly id: Id;
}

/** `asked`: what it has must be known, to tell what else reaches it. `named`: whatever else reaches it names it, too. */
type Look = 'asked' | 'named';
type Places = Record<Place['kind'], ReadonlyMap<Id, Look>>;

/**
 * Fleets and regions that something near may reach, too. A game server is of one fleet and of one region, so two
 * fleets have none in common.
 */
export function placesToAsk(runs: readonly RunAhead[]): Places {
  const places = { fleets: new Map<Id, Look>(), regions: new Map<Id, Look>() };
  /** Those that may reach a place without naming it, or not all of it. Few as a rule: thousands may be near each other. */
  const unlike = (other: Place['kind']) =>
    runs.filter(({ target }) => target[other].length + target.instances.length + target.except.size > 0);
  const others = { fleets: unlike('regions'), regions: unlike('fleets') };
  const done = new Set<Target>();
  for (const run of runs) {
    if (done.has(run.target)) continue;
    for (const [kind, other] of [
      ['fleets', 'regions'],
      ['regions', 'fleets'],
    ] as const) {
      for (const id of run.target[kind]) {
        if (places[kind].get(id) === 'asked') continue;
        const names = ({ target }: RunAhead) => target[kind].includes(id);
        const mayReach = ({ target }: RunAhead) =>
          target[other].length + target.instances.length > 0 || target[kind].includes(id);
        const isNamed = places[kind].has(id) || hasNear(runs, run, names);
        const isPart = isNamed && run.target.except.size > 0;
        if (isPart || hasNear(others[kind], run, mayReach)) places[kind].set(id, 'asked');
        else if (isNamed) places[kind].set(id, 'named');
      }
    }
    if (
      run.target.fleets.every((id) => places.fleets.get(id) === 'asked') &&
      run.target.regions.every((id) => places.regions.get(id) === 'asked')
    )
      done.add(run.target);
  }
  return places;
}

/** What a target reaches of those places: game servers, and places whose game servers nobody tells. */
export interface Reach {
  readonly servers: ReadonlySet<Id>;
  readonly untold: readonly Place[];
}

export function reachOf(places: Places, world: World): (target: Target) => Reach {
  const known = new Map<string, ReadonlySet<Id> | null>();
  const serversOf = ({ kind, id }: Place) => {
    const key = `${kind} ${id}`;
    if (!known.has(key)) known.set(key, look(kind, id));
    return known.get(key)!;
  };
  function look(kind: Place['kind'], id: Id): ReadonlySet<Id> | null {
    if (places[kind].get(id) === 'asked') return world.servers({ ...NOTHING, [kind]: [id] });
    const members = world.membersInSight(kind, id);
    return members === null ? null : new Set(members);
  }
  return (target) => {
    const servers = new Set<Id>(target.instances);
    const untold: Place[] = [];
    for (const kind of ['fleets', 'regions'] as const) {
      for (const id of target[kind].filter((one) => places[kind].has(one))) {
        const found = serversOf({ kind, id });
        for (const server of found ?? []) servers.add(server);
        if (found === null) untold.push({ kind, id });
      }
    }
    for (const server of target.except) servers.delete(server);
    return { servers, untold };
  };
}

const NOTHING: Spec = {
  template: { id: '', name: '' },
  fleets: [],
  regions: [],
  instances: [],
  labels: [],
  executeAt: null,
  params: [],
  revision: null,
};
