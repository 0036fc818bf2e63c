/** What a plan lets the state know before anything is called. */

import type { AdoptChange, Plan } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import type { State } from '../model/state.ts';
import { renameAddresses } from '../plan/sameness/moves.ts';
import { settleIntents, withSettlement } from '../plan/sameness/settle.ts';
import { specDigest } from '../plan/world/spec.ts';
import { bind, markReplacing, rebind, unbind, updateEntry } from '../state/transitions.ts';
import type { ApplyContext } from './context.ts';

/**
 * Everything that needs no call: moved addresses, settled intents, adoptions, what is forgotten, what is about to be
 * replaced by its like, what is remembered of a batch that stays. Where nothing is done, phases are not worth a write:
 * a new serial would make saved plans stale.
 */
export function recordKnown(state: State, plan: Plan, ctx: ApplyContext): State {
  const moved = renameAddresses(state, new Map(plan.moves.map(({ from, to }) => [from, to])));
  const isWorthIt = hasChanges(plan);
  let next = withSettlement(moved, settleIntents(moved, ctx.observation));
  for (const change of plan.changes) {
    if (change.action === 'adopt') next = adopted(next, change, ctx.now());
    if (change.action === 'forget') next = unbind(next, change.address);
    if (change.action === 'replace') {
      const isTheSame = next.entries[change.address]?.digest === specDigest(change.after);
      next = markReplacing(next, change.address, isTheSame);
    }
    if (change.action === 'pause' || change.action === 'resume') {
      next = updateEntry(next, change.address, { preventCancel: change.preventCancel });
    }
    if (change.action === 'no-op') {
      next = markReplacing(next, change.address, false);
      const { phase, preventCancel } = change;
      // What was seen of a batch is worth more than that it cannot be seen any more.
      const isNews = isWorthIt && phase !== 'unknown';
      next = updateEntry(next, change.address, isNews ? { phase, preventCancel } : { preventCancel });
    }
  }
  return next;
}

function adopted(state: State, change: AdoptChange, now: number): State {
  const { address, batchIds, after: spec, preventCancel, phase, from } = change;
  if (from !== null) return rebind(state, from, address, preventCancel);
  return bind(state, {
    address,
    batchIds,
    spec,
    digest: specDigest(spec),
    preventCancel,
    phase,
    createdAt: now,
  });
}
