/**
 * Where every address stands, for `fleetform status`: desired, recorded and observed side by side.
 *
 * Invariant: a row for each address that the file or the state names, and one only.
 */
import type { TaskCounts } from '../../model/batch-phase.ts';
import type { Desired } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Observation, Task } from '../../model/observed.ts';
import { ownedBatches } from '../../model/recorded.ts';
import type { Spec, State } from '../../model/state.ts';
import type { Status, StatusRow } from '../../model/status.ts';
import { unmanagedBatches } from '../decide/claims.ts';
import { lookAtBound } from '../world/bound.ts';
import { describeTargets } from '../world/targets.ts';
import { createWorld, NOTHING_WANTED } from '../world/world.ts';
import { WHOLE } from './selection.ts';

export interface StatusInput {
  readonly desired: Pick<Desired, 'blocks' | 'freezes' | 'aliases'>;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds. */
  readonly now: number;
  /** Batch id → its failed tasks, where they were read. */
  readonly failed: ReadonlyMap<Id, readonly Task[]>;
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

/** With the occurrences of its schedules, as far as they are to be made now, or exist. */
function wantedNow({ desired: { blocks, freezes, aliases }, state, observation, now }: StatusInput) {
  const desired = { ...NOTHING_WANTED, blocks, freezes, aliases };
  return createWorld({ desired, state, observation, now, settle: 0, mode: 'normal', scope: WHOLE }).wanted;
}

/** In the file's order; what only the state knows comes after. */
export function statusOf(input: StatusInput): Pick<Status, 'rows' | 'unmanaged'> {
  const { desired, state, observation, now } = input;
  const byId = new Map(observation.batches.map((batch) => [batch.id, batch]));
  const entries = new Map(Object.entries(state?.entries ?? {}));
  const rows: StatusRow[] = [];
  const bound = (address: string, targetText: string, spec: Spec, batchIds: readonly Id[]): StatusRow => {
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
  for (const { address, targetText, template, executeAt } of wantedNow(input)) {
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
