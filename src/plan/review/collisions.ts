/**
 * Two runs that reach the same game server within a few minutes: a deploy and a restart at once. Only said, nothing
 * hangs on it. What may be the same run twice is told as a twin or a question.
 *
 * Invariant: whatever is said is certain; only as much is asked for as runs near each other take.
 */
import { groupBy } from '../../model/group.ts';
import { compareIds, compareText, type Id } from '../../model/ids.ts';
import type { Decided } from '../decide/decide.ts';
import type { Twin } from '../sameness/twins.ts';
import type { World } from '../world/world.ts';
import { forNearPairs, hasNear } from './near-runs.ts';
import { type Place, placesToAsk, type Reach, reachOf } from './reached.ts';
import { type RunAhead, runsAhead, type Target, targetOfTasks, unmanagedRun } from './runs-ahead.ts';

/** Unmanaged batches whose tasks are asked for because of this alone: fewer than a hundred requests. */
const MOST_LOOKED_AT = 4;
/** As many are looked for: a file may have any number of runs at one time, and all of them meet. */
export const MOST_COLLISIONS = 20_000;

/** What the same targets reach: game servers, and places that both name and whose game servers nobody tells. */
export interface Shared {
  readonly servers: readonly Id[];
  readonly untold: readonly Place[];
}

export interface Collision {
  /** By time, then by address. */
  readonly runs: readonly [RunAhead, RunAhead];
  /** None of them has a game server of another. */
  readonly shared: readonly Shared[];
  /** false: there may be more. */
  readonly isWhole: boolean;
}

/** In the order of their times; `MOST_COLLISIONS` of them, or all. */
export function findCollisions(
  { changes, unmanaged }: Pick<Decided, 'changes' | 'unmanaged'>,
  twins: readonly Twin[],
  world: World,
  isMeant: (address: string) => boolean,
): Collision[] {
  const runs = [
    ...runsAhead(changes, twins, world, isMeant),
    ...unmanaged.map((batch) => unmanagedRun(batch, world.now)),
  ].sort(inOrder);
  const told = withTasks(runs, world);
  return collisionsAmong(told, reachOf(placesToAsk(told), world));
}

function inOrder(a: RunAhead, b: RunAhead): number {
  if (a.at !== b.at) return a.at - b.at;
  return a.unmanaged !== null && b.unmanaged !== null
    ? compareIds(a.unmanaged.batchId, b.unmanaged.batchId)
    : compareText(a.address, b.address);
}

/** What is unmanaged is known by its tasks alone. */
function withTasks(runs: readonly RunAhead[], world: World): RunAhead[] {
  const reachesAny = ({ target }: RunAhead) =>
    target.fleets.length + target.regions.length + target.instances.length > 0;
  let looks = 0;
  return runs.flatMap((run) => {
    if (run.unmanaged === null) return [run];
    const batch = world.byId.get(run.unmanaged.batchId);
    if (batch === undefined || !hasNear(runs, run, reachesAny)) return [];
    looks += 1;
    if (looks <= MOST_LOOKED_AT) world.wantTasks(batch, 'sample');
    return [{ ...run, target: targetOfTasks(batch) }];
  });
}

/** `runs`: in the order of their times. Game servers that the same targets reach are looked at together. */
export function collisionsAmong(runs: readonly RunAhead[], reach: (target: Target) => Reach): Collision[] {
  const byTarget = groupBy(runs.keys(), (i) => runs[i]!.target);
  const reaches = new Map([...byTarget.keys()].map((target) => [target, reach(target)]));
  const found = new Map<number, Collision & { readonly shared: Shared[] }>();
  for (const { targets, ...one } of sharedBy(reaches)) {
    const reaching = targets.flatMap((target) => byTarget.get(target)!);
    if (targets.length > 1) reaching.sort((a, b) => a - b);
    forNearPairs(runs, reaching, (a, b) => {
      const key = a * runs.length + b;
      const same = found.get(key);
      if (same !== undefined) same.shared.push(one);
      else if (found.size === MOST_COLLISIONS) return false;
      else {
        const pair = [runs[a]!, runs[b]!] as const;
        found.set(key, { runs: pair, shared: [one], isWhole: pair.every(isWhole) });
      }
      return true;
    });
  }
  return [...found].sort(([a], [b]) => a - b).map(([, collision]) => collision);

  function isWhole({ target }: RunAhead): boolean {
    return target.isWhole && reaches.get(target)!.untold.length === 0;
  }
}

/** Each game server, and each place that hides some, is in one of these. */
function sharedBy(reaches: ReadonlyMap<Target, Reach>): (Shared & { targets: readonly Target[] })[] {
  const targets = [...reaches.keys()];
  const servers = new Map<Id, number[]>();
  const places = new Map<string, number[]>();
  const placeOf = new Map<string, Place>();
  for (const [i, reach] of [...reaches.values()].entries()) {
    for (const server of reach.servers) add(servers, server, i);
    for (const place of reach.untold) {
      const key = `${place.kind} ${place.id}`;
      placeOf.set(key, place);
      add(places, key, i);
    }
  }
  const groups = new Map<string, { targets: Target[]; servers: Id[]; untold: Place[] }>();
  const groupOf = (by: readonly number[]) => {
    const key = by.join();
    const group = groups.get(key) ?? { targets: by.map((i) => targets[i]!), servers: [], untold: [] };
    groups.set(key, group);
    return group;
  };
  for (const [server, by] of servers) groupOf(by).servers.push(server);
  for (const [key, by] of places) groupOf(by).untold.push(placeOf.get(key)!);
  return [...groups.values()];
}

function add<K>(to: Map<K, number[]>, key: K, index: number): void {
  const list = to.get(key);
  if (list === undefined) to.set(key, [index]);
  else list.push(index);
}
