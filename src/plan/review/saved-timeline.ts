/**
 * A saved plan → its timeline, without the state and the observation that it was made from. Pure.
 *
 * Invariant: nothing is drawn where nothing says when it is: a batch that exists and has no time of its own ran, or will
 * run, at a moment that a plan does not hold.
 */
import type { Change, Plan } from '../../model/plan.ts';
import type { Timeline } from '../../model/timeline.ts';
import { inOrder } from './lanes.ts';
import { placeSkipped } from './skipped-lanes.ts';
import { placeChange } from './timeline.ts';

/** `now`: unix seconds. */
export function savedTimeline(plan: Plan, now: number): Timeline {
  const aliases = { fleets: plan.aliases?.fleets ?? {}, regions: plan.aliases?.regions ?? {} };
  const sight = { aliases, inventory: { fleets: {}, regions: {} }, byId: new Map() };
  const input = { state: null, now };
  const placed = plan.changes.filter(isTimed).flatMap((change) => placeChange(change, sight, input));
  return { now, lanes: inOrder([...placed, ...placeSkipped(plan.skipped, placed)]) };
}

function isTimed(change: Change): boolean {
  if (change.action === 'create') return true;
  if (change.action === 'cancel' && change.before === null) return change.unmanaged.executeAt !== null;
  const spec = change.before ?? change.after;
  return spec?.executeAt != null;
}
