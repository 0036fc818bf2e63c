/**
 * What has to be looked at besides the lists, so that `plan` can tell: batches out of the list's sight, the tasks
 * of candidates, today's game servers of fleets and regions. Pure: `observe/` does the looking.
 */
import { batchPhase, isLive } from '../model/batch-phase.ts';
import type { Desired } from '../model/desired.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, Template } from '../model/observed.ts';
import type { PlanScope } from '../model/plan.ts';
import type { Spec, State } from '../model/state.ts';
import { isDue } from './decide/decide.ts';
import { isToReplace } from './review/selection.ts';
import { wasOverBeforeItsTime } from './sameness/evidence.ts';
import { entryOf, ownedBatches } from './sameness/settle.ts';
import { hasTimeOf, mayBeNewBatchOf } from './sameness/times.ts';
import { type ResolvedBatch, resolveBatches } from './world/spec.ts';

/** `sample` tells template and targets, `all` how much can still be stopped. */
export type TaskLook = 'sample' | 'all';

export interface LooksInput {
  readonly desired: Pick<Desired, 'batches' | 'claims'>;
  readonly state: State | null;
  readonly templates: readonly Template[];
  readonly batches: readonly Batch[];
  /** Unix seconds. */
  readonly now: number;
  readonly scope: Pick<PlanScope, 'refresh' | 'replaces'>;
  /** Look for what happened to the bound batches, too. */
  readonly isDrift: boolean;
}

/** Bound batches that the list doesn't show. */
export function unlistedBatches(state: State | null, listed: readonly Batch[]): Id[] {
  const seen = new Set(listed.map((batch) => batch.id));
  return [...ownedBatches(state)].filter((id) => !seen.has(id));
}

/** Batch id → how closely to look at its tasks. `input.batches` has the listed and the bound ones. */
export function taskLooks(input: LooksInput): Map<Id, TaskLook> {
  const looks = new Map<Id, TaskLook>();
  const { resolved } = resolveBatches(input.desired.batches, input.templates);
  const owned = ownedBatches(input.state);
  const free = input.batches.filter((batch) => !owned.has(batch.id));
  const makeable = resolved.filter((batch) => mayBeMade(batch, input));
  for (const batch of free) {
    const look = lookAtFree(batch, makeable, input);
    if (look !== undefined) looks.set(batch.id, look);
  }
  if (!input.scope.refresh) return looks;
  const byId = new Map(input.batches.map((batch) => [batch.id, batch]));
  const byAddress = new Map(resolved.map((batch) => [batch.desired.address, batch]));
  for (const [address, entry] of Object.entries(input.state?.entries ?? {})) {
    const wanted = byAddress.get(address);
    const mayBeMadeAgain =
      wanted !== undefined && wanted.desired.executeAt !== null && isDue(wanted.desired, input.now);
    const mayBeCancelled =
      wanted?.digest !== entry.digest || isToReplace(input.scope, address) || entry.replacing === true;
    const isToggled = wanted?.desired.paused !== undefined;
    for (const id of entry.batchIds) {
      const batch = byId.get(id);
      if (batch === undefined || batch.numTasks === 0) continue;
      const phase = batchPhase(batch, input.now);
      if (!isLive(phase)) {
        // Cancelled before it ran, or after it had begun? Its tasks tell, if anything hangs on it.
        if (mayBeMadeAgain && !mayBeCancelled && isCancelledLate(batch, input.now)) looks.set(id, 'all');
      } else if (isToggled || (mayBeCancelled && phase === 'running')) looks.set(id, 'all');
      // Who failed, who was cancelled or paused, who is not covered: only the tasks can tell.
      if (input.isDrift && (isLive(phase) || phase !== 'done')) looks.set(id, 'all');
    }
  }
  return looks;
}

/** The fleets and regions whose game servers have to be known, for counts and for evidence. */
export function inventoryLooks(input: LooksInput): { fleets: Id[]; regions: Id[] } {
  const fleets = new Set<Id>();
  const regions = new Set<Id>();
  const add = (spec: Pick<Spec, 'fleets' | 'regions'>) => {
    for (const id of spec.fleets) fleets.add(id);
    for (const id of spec.regions) regions.add(id);
  };
  const { resolved } = resolveBatches(input.desired.batches, input.templates);
  for (const batch of resolved) if (mayBeMade(batch, input)) add(batch.spec);
  for (const intent of input.state?.intents ?? []) add(intent.spec);
  if (input.isDrift) {
    const byId = new Map(input.batches.map((batch) => [batch.id, batch]));
    for (const entry of Object.values(input.state?.entries ?? {})) {
      const phases = entry.batchIds.flatMap((id) => {
        const batch = byId.get(id);
        return batch === undefined ? [] : [batchPhase(batch, input.now)];
      });
      if (phases.includes('scheduled')) add(entry.spec);
    }
  }
  return { fleets: [...fleets], regions: [...regions] };
}

function lookAtFree(
  batch: Batch,
  makeable: readonly ResolvedBatch[],
  input: LooksInput,
): TaskLook | undefined {
  if (batch.numTasks === 0) return undefined;
  const isCandidate = makeable.some(({ spec }) =>
    spec.executeAt === null ? input.state === null : hasTimeOf(spec.executeAt, batch),
  );
  const isInDoubt = input.state?.intents.some((intent) => mayBeNewBatchOf(intent, batch)) ?? false;
  if (isCandidate || isInDoubt) return isCancelledLate(batch, input.now) ? 'all' : 'sample';
  const isClaimable = input.desired.claims.templates.length > 0 && isLive(batchPhase(batch, input.now));
  return isClaimable ? 'all' : undefined;
}

/** Whether it did something before it was cancelled: one task that had begun is enough, and any may be the one. */
function isCancelledLate(batch: Batch, now: number): boolean {
  return batchPhase(batch, now) === 'cancelled' && !wasOverBeforeItsTime(batch, now);
}

/** Unbound, or bound to what is not it, or not there any more. */
function mayBeMade(batch: ResolvedBatch, input: LooksInput): boolean {
  const entry = entryOf(input.state, batch.desired.address);
  if (isToReplace(input.scope, batch.desired.address)) return true;
  if (entry?.digest !== batch.digest || entry.replacing === true) return true;
  return input.scope.refresh && isVanished(entry.batchIds, input.batches, input.now);
}

/** Gone, or cancelled to the last task: it may have to be made again. */
function isVanished(ids: readonly Id[], batches: readonly Batch[], now: number): boolean {
  const known = batches.filter((batch) => ids.includes(batch.id));
  return known.every((batch) => batchPhase(batch, now) === 'cancelled');
}
