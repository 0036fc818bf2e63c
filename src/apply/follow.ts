/** Follows batches to their end by reading: the live progress of `apply --wait`. */
import { ApiError } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import { type BatchPhase, batchPhase, finishedTasks, isLive } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import { NOTHING_SHOWN, type Shown, shownWith } from '../model/shown.ts';
import { found } from '../observe/found.ts';
import { mapInFlight } from '../observe/map-in-flight.ts';
import { LONGEST_LOOK } from '../observe/observe.ts';
import { countTasks } from '../plan/world/bound.ts';
import { pause } from './doubt.ts';

/** Which batches are followed, for how long, and who is told. */
export interface FollowInput {
  readonly api: FleetApi;
  /** Address → its batches. */
  readonly batches: readonly { readonly address: string; readonly batchIds: readonly Id[] }[];
  /** Told of what happens meanwhile. */
  readonly emit: (event: ApplyEvent) => void;
  /** Told of each task that failed, once its batch is over. */
  readonly onFailure?: (failure: Failure) => void;
  readonly stop: AbortSignal;
  /** Unix seconds. */
  readonly now: () => number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds; what starts later than that is not waited for. Undefined: to the end, however long. */
  readonly timeoutMs?: number;
  /** Milliseconds between one look and the next; default 2,000. */
  readonly everyMs?: number;
}

/** A batch that is not over, and how far it is. */
export interface OpenBatch {
  readonly address: string;
  readonly batchId: Id;
  readonly phase: BatchPhase;
  readonly finished: number;
  readonly total: number;
}

/** A task that has failed, and of which batch it is. */
export interface Failure {
  readonly address: string;
  readonly batchId: Id;
  readonly task: Task;
}

/** How the following ended, and how far each batch was by then. */
export interface FollowResult {
  readonly ended: 'done' | 'timeout' | 'interrupted';
  /** Batches that are not over, and how far they are. */
  readonly running: readonly OpenBatch[];
  /** Batches that start only after the time is up: they were looked at once. `executeAt` is in unix seconds. */
  readonly later: readonly { readonly address: string; readonly batchId: Id; readonly executeAt: number }[];
  /** Tasks that failed, of batches that were followed. `resultText` is untrusted. */
  readonly failures: readonly Failure[];
}

/** Waits until the batches are over, the time is up or `stop` is aborted; only reads. */
export async function followBatches(input: FollowInput): Promise<FollowResult> {
  const followed: Followed = { open: [], later: [], failures: [] };
  try {
    return await follow(input, followed);
  } catch (error) {
    // A look that the stop has cut off is none.
    if (!input.stop.aborted || !(error instanceof ApiError)) throw error;
    const { open, later, failures } = followed;
    return { ended: 'interrupted', running: open, later, failures };
  }
}

interface Followed {
  open: readonly OpenBatch[];
  readonly later: { address: string; batchId: Id; executeAt: number }[];
  readonly failures: Failure[];
}

async function follow(input: FollowInput, followed: Followed): Promise<FollowResult> {
  const { later, failures } = followed;
  const everyMs = input.everyMs ?? 2000;
  let open = input.batches.flatMap(({ address, batchIds }) =>
    batchIds.map((batchId) => ({ address, batchId })),
  );
  const last = new Map<Id, OpenBatch>();
  const unknown = new Map<Id, number>();
  const shown = new Map<Id, Shown>();
  const until =
    input.timeoutMs === undefined ? Number.POSITIVE_INFINITY : input.now() + input.timeoutMs / 1000;
  for (let waited = 0; ; waited += everyMs) {
    const api = input.api.stoppedBy(input.stop).within(LONGEST_LOOK);
    const looks = await mapInFlight(api, open, async (one) => ({
      ...one,
      batch: await found(api.getBatch(one.batchId)),
    }));
    const still: OpenBatch[] = [];
    for (const { address, batchId, batch: answer } of looks) {
      if (answer === null) {
        // One 404 proves nothing; one that nobody knows for a while is not waited for.
        const looksWithout = (unknown.get(batchId) ?? 0) + 1;
        unknown.set(batchId, looksWithout);
        if (looksWithout < UNKNOWN_LOOKS) {
          still.push(last.get(batchId) ?? { address, batchId, phase: 'scheduled', finished: 0, total: 0 });
        }
        continue;
      }
      unknown.delete(batchId);
      // What an earlier look has shown of it is there, whether this one tells of it or not.
      const all = shownWith(shown.get(batchId) ?? NOTHING_SHOWN, answer);
      shown.set(batchId, all);
      const batch = { ...answer, taskIds: [...all.ids], numTasks: all.total };
      const phase = batchPhase(batch, input.now());
      if (phase === 'scheduled' && batch.executeAt !== null && batch.executeAt > until) {
        later.push({ address, batchId, executeAt: batch.executeAt });
        continue;
      }
      // The counters tell what is over; reading every task on every look would be a flood.
      const counts = countTasks({ ...batch, tasks: [], templateName: null }, input.now());
      input.emit({ type: 'batch', address, batchId, phase, counts, total: batch.numTasks });
      if (isLive(phase)) {
        const one = { address, batchId, phase, finished: finishedTasks(batch), total: batch.numTasks };
        last.set(batchId, one);
        still.push(one);
      } else if (phase === 'failed') {
        const failed = (await failedTasks(api, batch.taskIds)).map((task) => ({ address, batchId, task }));
        failures.push(...failed);
        for (const failure of failed) input.onFailure?.(failure);
      }
    }
    open = still;
    followed.open = still;
    if (open.length === 0) return { ended: 'done', running: [], later, failures };
    if (input.stop.aborted) return { ended: 'interrupted', running: still, later, failures };
    if (input.timeoutMs !== undefined && waited >= input.timeoutMs) {
      return { ended: 'timeout', running: still, later, failures };
    }
    if (!(await pause(input, everyMs))) return { ended: 'interrupted', running: still, later, failures };
  }
}

const UNKNOWN_LOOKS = 5;

async function failedTasks(api: FleetApi, taskIds: readonly Id[]): Promise<Task[]> {
  const tasks = await mapInFlight(api, taskIds, (id) => found(api.getTask(id)));
  return tasks.flatMap((task) => (task !== null && task.phase === 'failed' ? [task] : []));
}
