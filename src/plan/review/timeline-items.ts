/** What a timeline shows of one run: one that is planned, or one that there is. Pure. */
import type { BatchPhase } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Change, UnmanagedBatch } from '../../model/plan.ts';
import type { Spec } from '../../model/state.ts';
import type { TimelineItem, TimelineKind } from '../../model/timeline.ts';
import { lookAtBound } from '../world/bound.ts';

export function planned(
  change: Extract<Change, { after: Spec }>,
  spec: Spec,
  kind: TimelineKind,
  now: number,
): TimelineItem {
  return {
    kind,
    run: change.address,
    address: change.address,
    isPast: false,
    action: change.action,
    template: spec.template.name,
    batchIds: [],
    at: spec.executeAt ?? now,
    isOnce: spec.executeAt === null,
    until: null,
    otherEnd: null,
    phase: null,
    servers: change.servers,
    targetText: change.targetText,
  };
}

interface Subject {
  readonly address: string;
  readonly targetText: string;
  readonly batchIds: readonly Id[];
  /** null: nobody knows. */
  readonly spec: Spec | null;
  readonly action: TimelineItem['action'];
  /** For when it is not in sight. */
  readonly said?: Said;
}

/** What a plan says of a batch. */
export interface Said {
  readonly phase: BatchPhase | 'unknown';
  readonly servers: number | null;
  /** Of one that nobody owns. */
  readonly unmanaged?: UnmanagedBatch | null;
}

export function existing(
  { address, targetText, batchIds, spec, action, said }: Subject,
  byId: ReadonlyMap<Id, ObservedBatch>,
  now: number,
  kind?: TimelineKind,
): TimelineItem {
  const recorded = said?.phase === 'unknown' ? undefined : said?.phase;
  const bound = lookAtBound(batchIds, byId, now, recorded);
  const [first] = bound.batches;
  const ends = bound.batches.map((batch) => batch.finishedAt);
  return {
    kind: kind ?? kindOfPhase(bound.phase),
    run: address,
    address,
    isPast: false,
    action,
    template: spec?.template.name ?? first?.templateName ?? said?.unmanaged?.template ?? null,
    batchIds,
    at: spec?.executeAt ?? first?.executeAt ?? first?.createdAt ?? said?.unmanaged?.executeAt ?? now,
    // The API may give it a time all the same.
    isOnce:
      (spec === null ? (first?.executeAt ?? said?.unmanaged?.executeAt ?? null) : spec.executeAt) === null,
    until: ends.includes(null) || ends.length === 0 ? null : Math.max(...ends.map((end) => end ?? 0)),
    otherEnd: null,
    phase: bound.phase,
    servers: bound.phase === 'unknown' ? null : (bound.servers ?? said?.servers ?? null),
    targetText,
  };
}

/** What is over counts as past, whatever may still be open on it: it is not what an address stands for. */
export function past(item: TimelineItem): TimelineItem {
  return { ...item, isPast: item.kind === 'ran' };
}

/** The run of a batch that no address stands for. */
export function batchRun(ids: readonly Id[]): string {
  return `batch:${ids.join('+')}`;
}

export function kindOfPhase(phase: TimelineItem['phase']): TimelineKind {
  if (phase === 'scheduled' || phase === 'running') return phase;
  return 'ran';
}
