/**
 * A plan's changes and what is unmanaged → the runs that are still to come or under way, and what each of them reaches
 * as far as its request or its tasks say. What is paused is no run: only a person makes it go on.
 */
import { baseOf, blockOf } from '../../model/addresses.ts';
import { isAllPaused, isFinalTask, isLive } from '../../model/batch-phase.ts';
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Change, UnmanagedBatch } from '../../model/plan.ts';
import type { Spec } from '../../model/state.ts';
import type { Twin } from '../sameness/twins.ts';
import type { World } from '../world/world.ts';

/** What several runs may share, as one object. */
export interface Target {
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  readonly instances: readonly Id[];
  /** Those of its game servers that it certainly leaves alone. */
  readonly except: ReadonlySet<Id>;
  /** false: it may reach more than that. */
  readonly isWhole: boolean;
}

export interface RunAhead {
  /** Of one that is unmanaged: `batch:ID`. */
  readonly address: string;
  /** Without the time of its occurrence. */
  readonly base: string;
  readonly block: string;
  readonly unmanaged: UnmanagedBatch | null;
  /** Unix seconds, not before now. */
  readonly at: number;
  readonly hasBegun: boolean;
  /** Does the selection leave it in? What is unmanaged is nobody's to select. */
  readonly isMeant: boolean;
  /** The batches that it is, as far as they exist. */
  readonly batchIds: readonly Id[];
  /** Batches that may be the same run. */
  readonly mayBe: readonly Id[];
  readonly target: Target;
}

type Ahead = Exclude<Change, { action: 'cancel' | 'forget' | 'missed' }>;

/** Of the file: in its order. */
export function runsAhead(
  changes: readonly Change[],
  twins: readonly Twin[],
  world: World,
  isMeant: (address: string) => boolean,
): RunAhead[] {
  const targetOf = targets();
  const twinsOf = groupBy(twins, ({ address }) => address);
  return changes.filter(isAhead).map((change) => {
    const { address, after } = change;
    const isMade = change.action === 'create' || change.action === 'replace';
    const hasBegun = !isMade && change.phase === 'running';
    const batchIds = isMade ? [] : change.batchIds;
    const waits = isMade ? [...change.awaits, ...change.batchIds] : [];
    return {
      address,
      base: baseOf(address),
      block: blockOf(address),
      unmanaged: null,
      at: hasBegun ? world.now : Math.max(after.executeAt ?? world.now, world.now),
      hasBegun,
      isMeant: isMeant(address),
      batchIds,
      mayBe: [...waits, ...(twinsOf.get(address) ?? []).map(({ batch }) => batch.id)],
      target: targetOf(after, left(batchIds, change.action === 'resume', world)),
    };
  });
}

function isAhead(change: Change): change is Ahead {
  switch (change.action) {
    case 'create':
    case 'replace':
      return !change.paused;
    case 'adopt':
      if (change.toggle === 'pause') return false;
      return isGoingOn(change) && (change.toggle === 'resume' || !isAllPaused(change.tasks));
    case 'no-op':
      return isGoingOn(change) && !isAllPaused(change.tasks);
    case 'resume':
      return isGoingOn(change);
    default:
      return false;
  }
}

function isGoingOn({ phase }: Extract<Change, { phase: unknown }>): boolean {
  return phase !== 'unknown' && isLive(phase);
}

const NONE: ReadonlySet<Id> = new Set();

/** The game servers that batches will not touch any more. */
function left(ids: readonly Id[], isResumed: boolean, { byId }: World): ReadonlySet<Id> {
  const tasks = ids.flatMap((id) => byId.get(id)?.tasks ?? []);
  const isOver = (task: (typeof tasks)[number]) =>
    isFinalTask(task) || (task.phase === 'paused' && !isResumed);
  if (!tasks.some(isOver)) return NONE;
  const over = tasks.filter(isOver);
  const open = new Set(tasks.filter((task) => !isOver(task)).map(({ entityId }) => entityId));
  return new Set(over.map(({ entityId }) => entityId).filter((server) => !open.has(server)));
}

/** The occurrences of a block share the lists of its target, so each list is written out once. */
function targets(): (spec: Spec, except: ReadonlySet<Id>) => Target {
  const texts = new Map<readonly Id[], string>();
  const known = new Map<string, Target>();
  const textOf = (ids: readonly Id[]) => {
    const text = texts.get(ids) ?? ids.join();
    if (!texts.has(ids)) texts.set(ids, text);
    return text;
  };
  return ({ fleets, regions, instances, labels }, except) => {
    const isWhole = labels.length === 0;
    const key = `${textOf(fleets)};${textOf(regions)};${textOf(instances)};${isWhole}`;
    const same = except.size === 0 ? known.get(key) : undefined;
    if (same !== undefined) return same;
    const target = { fleets, regions, instances, except, isWhole };
    if (except.size === 0) known.set(key, target);
    return target;
  };
}

/** What its tasks reach is told by `targetOfTasks`, once somebody has looked at them. */
export function unmanagedRun(unmanaged: UnmanagedBatch, now: number): RunAhead {
  const { batchId, executeAt, phase } = unmanaged;
  const address = `batch:${batchId}`;
  return {
    address,
    base: address,
    block: address,
    unmanaged,
    at: phase === 'running' ? now : Math.max(executeAt ?? now, now),
    hasBegun: phase === 'running',
    isMeant: false,
    batchIds: [batchId],
    mayBe: [],
    target: { fleets: [], regions: [], instances: [], except: NONE, isWhole: false },
  };
}

export function targetOfTasks({ tasks, numTasks }: Pick<ObservedBatch, 'tasks' | 'numTasks'>): Target {
  const open = tasks.filter((task) => !isFinalTask(task) && task.phase !== 'paused');
  const instances = [...new Set(open.map(({ entityId }) => entityId))];
  return { fleets: [], regions: [], instances, except: NONE, isWhole: tasks.length >= numTasks };
}
