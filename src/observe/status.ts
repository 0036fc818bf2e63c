/** What is known of every address, for `fleetform status`: desired, recorded and observed side by side. */
import type { FleetApi } from '../api/port.ts';
import type { batchPhase, TaskCounts } from '../model/batch-phase.ts';
import type { Desired } from '../model/desired.ts';
import type { Id } from '../model/ids.ts';
import type { Observation, Task } from '../model/observed.ts';
import type { UnmanagedBatch } from '../model/plan.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { Spec, State } from '../model/state.ts';
import { unmanagedBatches } from '../plan/decide/claims.ts';
import { lookAtBound } from '../plan/world/bound.ts';
import { describeTargets } from '../plan/world/targets.ts';
import { found } from './found.ts';
import { LONGEST_LOOK, observeBound } from './observe.ts';

export interface AddressStatus {
  readonly address: string;
  readonly template: string | null;
  readonly targetText: string;
  readonly executeAt: number | null;
  readonly batchIds: readonly Id[];
  readonly phase: ReturnType<typeof batchPhase> | 'missing' | 'not applied';
  readonly counts: TaskCounts;
  readonly numTasks: number;
  readonly failures: readonly { readonly entityId: Id; readonly resultText: string }[];
}

export interface StatusInput {
  readonly desired: Pick<Desired, 'batches' | 'aliases'>;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds. */
  readonly now: number;
  /** Batch id → its failed tasks, where they were read. */
  readonly failed: ReadonlyMap<Id, readonly Task[]>;
}

export interface StatusLook {
  readonly observation: Observation;
  readonly failed: StatusInput['failed'];
}

/**
 * What is bound, and which tasks of it have failed. Throws as `observe` does; one look takes no longer than any other.
 */
export async function lookAtStatus(
  client: FleetApi,
  { state, now }: { readonly state: State | null; readonly now: () => number },
): Promise<StatusLook> {
  const api = client.within(LONGEST_LOOK);
  const observation = await observeBound(api, { state, now });
  const owned = ownedBatches(state);
  const troubled = observation.batches.filter((batch) => batch.numTasksFailed > 0 && owned.has(batch.id));
  const failed = await Promise.all(
    troubled.map(async ({ id, taskIds }): Promise<[Id, Task[]]> => {
      const tasks = await Promise.all(taskIds.map((task) => found(api.getTask(task))));
      return [id, tasks.filter((task) => task !== null).filter((task) => task.phase === 'failed')];
    }),
  );
  return { observation, failed: new Map(failed) };
}

const NO_TASKS: TaskCounts = {
  pending: 0,
  running: 0,
  paused: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  unknown: 0,
};

/** In the file's order; what only the state knows comes after. Pure. */
export function statusOf(input: StatusInput): { rows: AddressStatus[]; unmanaged: UnmanagedBatch[] } {
  const { desired, state, observation, now } = input;
  const byId = new Map(observation.batches.map((batch) => [batch.id, batch]));
  const entries = new Map(Object.entries(state?.entries ?? {}));
  const rows: AddressStatus[] = [];
  const bound = (address: string, targetText: string, spec: Spec, batchIds: readonly Id[]): AddressStatus => {
    const seen = lookAtBound(batchIds, byId, now);
    return {
      address,
      template: spec.template.name,
      targetText,
      executeAt: spec.executeAt,
      batchIds,
      phase: seen.phase === 'unknown' ? 'missing' : seen.phase,
      counts: seen.tasks,
      numTasks: seen.servers ?? 0,
      failures: batchIds
        .flatMap((id) => input.failed.get(id) ?? [])
        .map(({ entityId, resultText }) => ({ entityId, resultText })),
    };
  };
  for (const { address, targetText, template, executeAt } of desired.batches) {
    const entry = entries.get(address);
    entries.delete(address);
    if (entry !== undefined) rows.push(bound(address, targetText, entry.spec, entry.batchIds));
    else {
      rows.push({
        address,
        targetText,
        executeAt,
        batchIds: [],
        phase: 'not applied',
        counts: NO_TASKS,
        numTasks: 0,
        failures: [],
        template: 'name' in template ? template.name : `template ${template.id}`,
      });
    }
  }
  for (const [address, entry] of entries) {
    rows.push(bound(address, describeTargets(entry.spec, desired.aliases), entry.spec, entry.batchIds));
  }
  return { rows, unmanaged: unmanagedBatches(observation.batches, ownedBatches(state), now) };
}
