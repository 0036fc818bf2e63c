/** Which of a plan's runs usually take so long that they still run when a freeze begins. */
import type { Diagnostic } from '../../model/errors.ts';
import type { Change } from '../../model/plan.ts';
import { overrunFindings } from '../decide/findings/overruns.ts';
import { usualDurations } from '../world/durations.ts';
import type { World } from '../world/world.ts';

/** `isMeant`: does the selection leave that address in? */
export function findOverruns(
  changes: readonly Change[],
  world: World,
  isMeant: (address: string) => boolean,
): Diagnostic[] {
  if (world.desired.freezes.length === 0) return [];
  const ahead = new Set(changes.filter(isAhead).map(({ address }) => address));
  const runs = world.runs
    .filter(({ desired: { address } }) => ahead.has(address) && isMeant(address))
    .map((run) => ({ ...run, executeAt: Math.max(run.desired.executeAt ?? world.now, world.now) }));
  return overrunFindings(
    runs,
    ({ desired, executeAt }) => world.freezeAfter(desired, executeAt),
    usualDurations(world),
  );
}

/** What is to begin. */
function isAhead(change: Change): boolean {
  if (change.action === 'create' || change.action === 'replace') return true;
  return 'phase' in change && change.phase === 'scheduled' && change.action !== 'cancel';
}
