/** The changes that decisions come to: one constructor each, which knows what that kind of change has to hold. */
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type {
  AdoptChange,
  ClaimedCancel,
  CreateChange,
  ForgetChange,
  MissedChange,
  NoOpChange,
  OwnedCancel,
  PauseChange,
  ReplaceChange,
} from '../../model/plan.ts';
import { safeText } from '../../model/safe-text.ts';
import type { StateEntry } from '../../model/state.ts';
import type { Bound } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';

/** What a batch that is to be made has to be told, and to wait for. */
export interface Making {
  /** How many game servers it will reach; null: unknown. */
  readonly servers: number | null;
  readonly follows: readonly Id[];
  readonly awaits: readonly Id[];
}

export function createChange(batch: ResolvedBatch, reason: string, making: Making): CreateChange {
  return {
    ...placeOf(batch.desired),
    action: 'create',
    reason,
    batchIds: [],
    servers: making.servers,
    before: null,
    ...makingOf(batch, making),
  };
}

export function replaceChange(
  batch: ResolvedBatch,
  entry: StateEntry,
  bound: Bound,
  reason: string,
  making: Making,
): ReplaceChange {
  return {
    ...placeOf(batch.desired),
    ...existing(entry.batchIds, bound),
    action: 'replace',
    reason: `${reason}${shownAs(entry, bound)}`,
    servers: making.servers,
    before: entry.spec,
    ...makingOf(batch, making),
  };
}

function makingOf({ desired, spec, digest }: ResolvedBatch, { follows, awaits }: Making) {
  const { paused, preventCancel } = desired;
  const notAfter = notAfterOf({ desired });
  return { after: spec, digest, paused: paused === true, preventCancel, notAfter, follows, awaits };
}

/** When it is too late for it to be made; null: never. */
export function notAfterOf({
  desired: { executeAt, startingDeadline },
}: Pick<ResolvedBatch, 'desired'>): number | null {
  return executeAt === null ? null : executeAt + startingDeadline;
}

export function cancelChange(place: Place, entry: StateEntry, bound: Bound, reason: string): OwnedCancel {
  return {
    ...place,
    ...existing(entry.batchIds, bound),
    action: 'cancel',
    reason: `${reason}${shownAs(entry, bound)}`,
    before: entry.spec,
    unmanaged: null,
    after: null,
    preventCancel: entry.preventCancel,
  };
}

/** Of a batch that nobody owns, and that is certainly what the address asked for. */
export function foundCancel(
  place: Place,
  { id, templateName, executeAt, numTasks }: ObservedBatch,
  bound: Bound,
  reason: string,
): ClaimedCancel {
  const phase = bound.phase === 'unknown' ? 'scheduled' : bound.phase;
  return {
    ...place,
    ...existing([id], bound),
    action: 'cancel',
    reason,
    before: null,
    unmanaged: { batchId: id, template: templateName, executeAt, numTasks, phase },
    after: null,
    preventCancel: false,
  };
}

/** What the API shows of it, where that is not what the record says. */
function shownAs({ spec }: StateEntry, { batches }: Bound): string {
  const names = new Set(batches.flatMap(({ templateName }) => templateName ?? []));
  names.delete(spec.template.name);
  return [...names].map((name) => `; the API shows it as "${safeText(name, 80)}"`).join('');
}

export function forgetChange(place: Place, entry: StateEntry, bound: Bound, reason: string): ForgetChange {
  const { batchIds, spec } = entry;
  return { ...place, action: 'forget', reason, batchIds, servers: bound.servers, before: spec, after: null };
}

export function adoptChange(
  batch: ResolvedBatch,
  batchIds: readonly Id[],
  bound: Bound,
  reason: string,
  toggle: AdoptChange['toggle'],
): AdoptChange {
  return {
    ...placeOf(batch.desired),
    ...existing(batchIds, bound),
    action: 'adopt',
    reason,
    before: null,
    after: batch.spec,
    digest: batch.digest,
    toggle,
    notAfter: notAfterOf(batch),
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
