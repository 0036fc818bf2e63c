/** Where the batches of a desired-state file stand. Made by `plan/review/`, drawn by `render/`. */
import type { BatchPhase, TaskCounts } from './batch-phase.ts';
import type { Id } from './ids.ts';
import type { UnmanagedBatch } from './plan.ts';

/** How the batches of a file are doing. */
export interface Status {
  readonly name: string;
  readonly api: string;
  readonly rows: readonly StatusRow[];
  readonly unmanaged: readonly UnmanagedBatch[];
}

/** Of one address: what is desired, recorded and observed. */
export interface StatusRow {
  readonly address: string;
  /** null: nobody knows. */
  readonly template: string | null;
  readonly targetText: string;
  /** Unix seconds; null: once. */
  readonly executeAt: number | null;
  readonly batchIds: readonly Id[];
  /** `missing`: the API knows none of the batches. */
  readonly phase: BatchPhase | 'missing' | 'not applied';
  readonly counts: TaskCounts;
  readonly numTasks: number;
  readonly failures: readonly StatusFailure[];
}

/** A task that has failed, and what it said. */
export interface StatusFailure {
  /** The game server. */
  readonly entityId: Id;
  readonly resultText: string;
}
