/** Which game servers do runs near each other reach? Only what that takes is asked of the inventory. */
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

type Asked = Record<Place['kind'], ReadonlySet<Id>>;

/**
 * Fleets and regions that something near may reach, too. A game server is of one fleet and of one region, so two
 * fleets have none in common.
 */
export function placesToAsk(runs: readonly RunAhead[]): Asked {
  const asked = { fleets: new Set<Id>(), regions: new Set<Id>() };
  const done = new Set<Target>();
  for (const run of runs) {
    if (done.has(run.target)) continue;
    for (const [kind, other] of [
      ['fleets', 'regions'],
      ['regions', 'fleets'],
    ] as const) {
      for (const id of run.target[kind]) {
        if (asked[kind].has(id)) continue;
        const mayReach = ({ target }: RunAhead) =>
          target[kind].includes(id) || target[other].length + target.instances.length > 0;
        if (hasNear(runs, run, mayReach)) asked[kind].add(id);
      }
    }
    if (
      run.target.fleets.every((id) => asked.fleets.has(id)) &&
      run.target.regions.every((id) => asked.regions.has(id))
    )
      done.add(run.target);
  }
  return asked;
}

/** What a target reaches of what is asked for: game servers, and places whose game servers nobody tells. */
export interface Reach {
  readonly servers: ReadonlySet<Id>;
  readonly untold: readonly Place[];
}

export function reachOf(asked: Asked, world: World): (target: Target) => Reach {
  const known = new Map<string, ReadonlySet<Id> | null>();
  const serversOf = ({ kind, id }: Place) => {
    const key = `${kind} ${id}`;
    if (!known.has(key)) known.set(key, world.servers({ ...NOTHING, [kind]: [id] }));
    return known.get(key)!;
  };
  return (target) => {
    const servers = new Set<Id>(target.instances);
    const untold: Place[] = [];
    for (const kind of ['fleets', 'regions'] as const) {
      for (const id of target[kind].filter((one) => asked[kind].has(one))) {
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
