/** The changes that decisions come to: one constructor each, which knows what that kind of change has to hold. */
import type { DesiredBatch } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type {
  AdoptChange,
  CancelChange,
  CreateChange,
  ForgetChange,
  MissedChange,
  NoOpChange,
  PauseChange,
  ReplaceChange,
} from '../../model/plan.ts';
import type { Spec, StateEntry } from '../../model/state.ts';
import type { Bound } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';

/** `servers`: how many it will reach; null: unknown. `before`: the batches that it made earlier, all over. */
export function createChange(
  batch: ResolvedBatch,
  reason: string,
  servers: number | null,
  before: readonly Id[] = [],
): CreateChange {
  return {
    ...placeOf(batch.desired),
    action: 'create',
    reason,
    batchIds: before,
    servers,
    before: null,
    after: batch.spec,
    ...wishesOf(batch.desired),
  };
}

/** `servers`: how many the new one will reach; null: unknown. */
export function replaceChange(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  reason: string,
  servers: number | null,
): ReplaceChange {
  return {
    ...placeOf(batch.desired),
    ...existing(entry.batchIds, bound),
    action: 'replace',
    reason,
    servers,
    before: entry.spec,
    after: batch.spec,
    ...wishesOf(batch.desired),
  };
}

export function cancelChange(place: Place, entry: StateEntry, bound: Bound, reason: string): CancelChange {
  return {
    ...place,
    ...existing(entry.batchIds, bound),
    action: 'cancel',
    reason,
    before: entry.spec,
    after: null,
  };
}

export function forgetChange(place: Place, entry: StateEntry, bound: Bound, reason: string): ForgetChange {
  const { batchIds, spec } = entry;
  return { ...place, action: 'forget', reason, batchIds, servers: bound.servers, before: spec, after: null };
}

/** `renamed`: the address that has had it, and the spec that it was made from. */
export function adoptChange(
  batch: ResolvedBatch,
  batchIds: readonly Id[],
  bound: Bound,
  reason: string,
  renamed: { readonly from: string; readonly before: Spec } | null = null,
): AdoptChange {
  return {
    ...placeOf(batch.desired),
    ...existing(batchIds, bound),
    action: 'adopt',
    reason,
    before: renamed?.before ?? null,
    after: batch.spec,
    from: renamed?.from ?? null,
    preventCancel: batch.desired.preventCancel,
  };
}

export function toggleChange(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  action: 'pause' | 'resume',
): PauseChange {
  return {
    ...placeOf(batch.desired),
    ...existing(entry.batchIds, bound),
    action,
    reason: `the file says \`paused: ${action === 'pause'}\``,
    before: entry.spec,
    after: batch.spec,
    preventCancel: batch.desired.preventCancel,
  };
}

export function noOpChange(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  reason: string,
): NoOpChange {
  return {
    ...placeOf(batch.desired),
    ...existing(entry.batchIds, bound),
    action: 'no-op',
    reason,
    before: entry.spec,
    after: batch.spec,
    preventCancel: batch.desired.preventCancel,
  };
}

/** `servers`: how many it would have reached; null: unknown. */
export function missedChange(batch: ResolvedBatch, reason: string, servers: number | null): MissedChange {
  return {
    ...placeOf(batch.desired),
    action: 'missed',
    reason,
    batchIds: [],
    servers,
    before: null,
    after: batch.spec,
  };
}

export interface Place {
  readonly address: string;
  readonly targetText: string;
}

export function placeOf({ address, targetText }: Place): Place {
  return { address, targetText };
}

function existing(batchIds: readonly Id[], { servers, phase, tasks }: Bound) {
  return { batchIds, servers, phase, tasks };
}

function wishesOf({ paused, preventCancel }: DesiredBatch) {
  return { paused: paused === true, preventCancel };
}
