/** How many game servers a plan reaches. One that several batches reach is one game server. */
import type { Id } from '../../model/ids.ts';
import type { Change } from '../../model/plan.ts';
import { isMaking } from '../../model/plan-summary.ts';
import type { World } from '../world/world.ts';

/** Of what it creates and replaces, as far as the inventory shows. */
export function reachOf(changes: readonly Change[], world: Pick<World, 'servers'>): number {
  const reached = new Set<Id>();
  for (const change of changes.filter(isMaking)) {
    for (const server of world.servers(change.after) ?? []) reached.add(server);
  }
  return reached.size;
}
