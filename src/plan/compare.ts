/**
 * Does a plan that was reviewed still hold? Compared by what it would do, address by address. Counts that move on
 * by themselves (tasks done, servers of a fleet) and everything that the plan would not touch don't make it stale.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Change, Plan } from '../model/plan.ts';

/** What has changed since, in words for people; empty: the plan still holds. */
export function planDifferences(reviewed: Plan, fresh: Plan): string[] {
  const before = effects(reviewed);
  const after = effects(fresh);
  const differences: string[] = [];
  for (const [address, then] of before) {
    const now = after.get(address);
    if (now === undefined) differences.push(`${address}: was to ${verb(then)}, now there is nothing to do`);
    else if (now.action !== then.action) {
      differences.push(`${address}: was to ${verb(then)}, now it would ${verb(now)} (${now.reason})`);
    } else if (!isDeepStrictEqual(essence(then), essence(now))) {
      differences.push(`${address}: ${changedPart(then, now)} changed since`);
    }
  }
  for (const [address, now] of after) {
    if (!before.has(address)) differences.push(`${address}: now it would ${verb(now)} (${now.reason})`);
  }
  return differences;
}

function effects(plan: Plan): Map<string, Change> {
  return new Map(
    plan.changes
      .filter(({ action }) => action !== 'no-op' && action !== 'missed' && action !== 'forget')
      .map((change) => [change.address, change]),
  );
}

function essence(change: Change) {
  const { action, batchIds, before, after } = change;
  return { action, batchIds, before, after, paused: 'paused' in change ? change.paused : null };
}

function changedPart(then: Change, now: Change): string {
  if (!isDeepStrictEqual(then.batchIds, now.batchIds)) {
    return `its batch (${then.batchIds.join(', ') || 'none'} -> ${now.batchIds.join(', ') || 'none'})`;
  }
  return isDeepStrictEqual(then.before, now.before) ? 'what it asks for' : 'what it was before';
}

/** The batches of a create are those that it comes after. */
function verb(change: Change): string {
  return change.batchIds.length === 0 || change.action === 'create'
    ? change.action
    : `${change.action} batch ${change.batchIds.join(', ')}`;
}
