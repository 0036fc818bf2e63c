/** The phase of a batch, from its counters, refined by the tasks that were read. */
import type { Batch, ObservedBatch, Task, TaskPhase } from './observed.ts';

/**
 * - scheduled: no task has begun. - running: some have begun, not all are final.
 * - done: all ended well. - failed: all are final, at least one failed.
 * - cancelled: all are final and none ran to its end. - stopped: all are final, some were cancelled, none failed.
 */
export type BatchPhase = 'scheduled' | 'running' | 'done' | 'failed' | 'cancelled' | 'stopped';

/** How many of a batch's tasks are where. `unknown`: not final, and nobody looked closer. */
export interface TaskCounts {
  readonly pending: number;
  readonly running: number;
  readonly paused: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly unknown: number;
}

const FINAL_TASK: ReadonlySet<TaskPhase> = new Set<TaskPhase>(['cancelled', 'failed', 'done']);

export function isFinalTask(task: Pick<Task, 'phase'>): boolean {
  return FINAL_TASK.has(task.phase);
}

/** How many tasks are final, by the batch's own counters. */
export function finishedTasks(batch: Batch): number {
  return batch.numTasksOk + batch.numTasksFailed + batch.numTasksCancelled;
}

/** It has tasks, and names them all. */
export function isFullyNamed({ numTasks, taskIds }: Batch): boolean {
  return numTasks > 0 && taskIds.length >= numTasks;
}

/** By its counters the batch is over, so the task is shown as it was before. */
export function isShownTooOld(task: Pick<Task, 'phase'>, batch: Batch): boolean {
  return !isFinalTask(task) && batch.numTasks > 0 && finishedTasks(batch) >= batch.numTasks;
}

/** `now` in unix seconds tells a batch that waits for its time from one that has begun. */
export function batchPhase(batch: Batch & Partial<Pick<ObservedBatch, 'tasks'>>, now: number): BatchPhase {
  const finished = finishedTasks(batch);
  const isFinal = batch.numTasks > 0 ? finished >= batch.numTasks : hasStarted(batch, now);
  if (isFinal) {
    if (batch.numTasksFailed > 0) return 'failed';
    if (batch.numTasksCancelled > 0) return batch.numTasksOk > 0 ? 'stopped' : 'cancelled';
    return 'done';
  }
  const begun =
    batch.tasks?.some((t) => t.phase === 'running' || t.phase === 'done' || t.phase === 'failed') ?? false;
  if (begun || batch.numTasksOk + batch.numTasksFailed > 0) return 'running';
  return hasStarted(batch, now) ? 'running' : 'scheduled';
}

export function isLive(phase: BatchPhase): boolean {
  return phase === 'scheduled' || phase === 'running';
}

/** What is not over of it goes on only once somebody resumes it. */
export function isAllPaused(tasks: TaskCounts): boolean {
  return tasks.paused > 0 && tasks.pending + tasks.running + tasks.unknown === 0;
}

function hasStarted(batch: Batch, now: number): boolean {
  return batch.finishedAt !== null || (batch.executeAt ?? batch.createdAt ?? 0) <= now;
}
