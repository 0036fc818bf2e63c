/**
 * Is what answers at another URL the account that the state was made with? Where the old URL still answers, both are
 * read and compared; else what the state remembers is. Only reads.
 *
 * Invariant: one thing that is certainly another is a no, however much is the same. Two accounts may number alike, so
 * that ids are the same tells nothing; and the state knows no game servers, so what it remembers alone is no certain yes.
 */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, Task } from '../model/observed.ts';
import type { State, StateEntry } from '../model/state.ts';
import { found } from '../observe/found.ts';
import { mapInFlight } from '../observe/map-in-flight.ts';
import { isKnownOver } from '../plan/world/over.ts';

export interface Comparison {
  readonly same: readonly Id[];
  /** They are somebody else's there, or not there; in which way. */
  readonly others: readonly Difference[];
  /** It cannot be told. */
  readonly unknown: readonly Id[];
}

export interface Difference {
  readonly id: Id;
  /** `its time of creation`. */
  readonly what: string;
}

/** null: nothing differs. `unknown`: there was nothing to compare. */
type Verdict = string | null | 'unknown';

/**
 * All that is bound, and all that either of them lists, field by field; of what may still run, every task. null: the
 * old one shows nothing that could be compared.
 */
export async function compareAccounts(
  state: State,
  from: FleetApi,
  to: FleetApi,
): Promise<Comparison | null> {
  const bound = boundIn(state);
  // The old one first: what is made meanwhile is then in the other list, and is asked for at both.
  const lists = [await from.listBatches(), await to.listBatches()];
  const ids = new Set([...bound.keys(), ...lists.flatMap((list) => list.map(({ id }) => id))]);
  const pairs = await mapInFlight(to, [...ids], async (id) => {
    const before = await found(from.getBatch(id));
    return { id, before, after: await found(to.getBatch(id)) };
  });
  if (pairs.every(({ before }) => before === null)) return null;
  const verdicts = new Map<Id, Verdict>(
    pairs.map(({ id, before, after }) => [id, batchVerdict(before, after)]),
  );
  const tasks = pairs.flatMap(({ id, before }) => {
    const entry = bound.get(id);
    if (before === null || verdicts.get(id) !== null) return [];
    return tasksToAsk(before, entry !== undefined && !isKnownOver(entry)).map((taskId) => ({ id, taskId }));
  });
  const looks = await mapInFlight(to, tasks, async ({ id, taskId }) => {
    const before = await found(from.getTask(taskId));
    return { id, what: taskVerdict(before, await found(to.getTask(taskId))) };
  });
  for (const { id, what } of looks) if (what !== null) verdicts.set(id, what);
  return comparisonOf(verdicts);
}

/** All that is bound, by what was stamped when it was bound. `now`: unix seconds, by the clock of the API. */
export async function compareRecord(state: State, to: FleetApi, now: number): Promise<Comparison> {
  const bound = [...boundIn(state)];
  const looks = await mapInFlight(to, bound, async ([id, entry]) => {
    const batch = await found(to.getBatch(id));
    if (batch === null)
      return [id, isExpected(entry, now) ? 'the batch, which is not known there' : 'unknown'] as const;
    return [id, stampVerdict(entry, batch)] as const;
  });
  const entityIds = await strangers(new Map(bound), looks, to);
  return comparisonOf(new Map<Id, Verdict>([...looks, ...entityIds]));
}

function boundIn({ entries }: State): Map<Id, StateEntry> {
  return new Map(Object.values(entries).flatMap((entry) => entry.batchIds.map((id) => [id, entry] as const)));
}

function comparisonOf(verdicts: ReadonlyMap<Id, Verdict>): Comparison {
  const all = [...verdicts];
  const idsOf = (wanted: Verdict) => all.flatMap(([id, verdict]) => (verdict === wanted ? [id] : []));
  const others = all.flatMap(([id, what]) => (what === null || what === 'unknown' ? [] : [{ id, what }]));
  return { same: idsOf(null), others, unknown: idsOf('unknown') };
}

/** `after` was read later: it may have got more tasks. */
function batchVerdict(before: Batch | null, after: Batch | null): Verdict {
  if (before === null && after === null) return 'unknown';
  if (after === null) return 'the batch, which is not known there';
  if (before === null) return 'the batch, which is not known at the old URL';
  if (before.createdAt !== after.createdAt) return 'its time of creation';
  if (before.executeAt !== after.executeAt) return 'its time';
  const there = new Set(after.taskIds);
  if (before.numTasks > after.numTasks || before.taskIds.some((id) => !there.has(id))) return 'its tasks';
  return null;
}

function taskVerdict(before: Task | null, after: Task | null): Verdict {
  if (before === null && after === null) return null;
  if (before === null || after === null) return 'its tasks';
  if (before.entityId !== after.entityId) return 'its game servers';
  if (before.name !== after.name) return 'its template';
  return before.batchId === after.batchId ? null : 'its tasks';
}

/** What is over can do no harm: two of its tasks tell enough of it. */
function tasksToAsk({ taskIds }: Batch, isLive: boolean): readonly Id[] {
  return isLive ? taskIds : [...new Set([...taskIds.slice(0, 1), ...taskIds.slice(-1)])];
}

/** Nothing may have removed it yet. */
function isExpected(entry: StateEntry, now: number): boolean {
  const { executeAt } = entry.spec;
  return !isKnownOver(entry) && (executeAt === null || executeAt > now);
}

function stampVerdict({ stamps, spec }: StateEntry, { id, createdAt, executeAt, taskIds }: Batch): Verdict {
  const stamp = stamps !== undefined && Object.hasOwn(stamps, id) ? stamps[id] : undefined;
  const time = stamp?.executeAt ?? spec.executeAt;
  if (stamp != null && stamp.createdAt !== null && stamp.createdAt !== createdAt)
    return 'its time of creation';
  if (stamp?.taskId != null && !taskIds.includes(stamp.taskId)) return 'its tasks';
  // What is paused, or was late, may have got another time since.
  if (time !== null && executeAt !== null && time !== executeAt) return 'unknown';
  return stamp?.createdAt == null ? 'unknown' : null;
}

/** Where the state names game servers one by one: batches that run on others. */
async function strangers(
  bound: ReadonlyMap<Id, StateEntry>,
  looks: readonly (readonly [Id, Verdict])[],
  to: FleetApi,
): Promise<(readonly [Id, Verdict])[]> {
  const asked = looks.flatMap(([id, verdict]) => {
    const entry = bound.get(id);
    // What its times cannot tell, its game servers may.
    const isOpen = verdict === null || verdict === 'unknown';
    return isOpen && entry !== undefined && !isKnownOver(entry) && isByServer(entry) ? [{ id, entry }] : [];
  });
  const seen = await mapInFlight(to, asked, async ({ id, entry }) => {
    const { taskIds } = (await found(to.getBatch(id))) ?? { taskIds: [] };
    const named = new Set(entry.spec.instances);
    for (const taskId of taskIds) {
      const task = await found(to.getTask(taskId));
      if (task !== null && !named.has(task.entityId)) return [[id, 'its game servers'] as const];
    }
    return [];
  });
  return seen.flat();
}

function isByServer({ spec: { instances, fleets, regions, labels } }: StateEntry): boolean {
  return instances.length > 0 && fleets.length + regions.length + labels.length === 0;
}
