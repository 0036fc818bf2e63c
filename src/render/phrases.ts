/** Short phrases that several screens share: counts, ids, the tasks of a batch. All of it safe and without colour. */
import type { TaskCounts } from '../model/batch-phase.ts';
import type { Change, Drift, PlanSummary } from '../model/plan.ts';
import { someBatchesText } from '../model/words.ts';

/** `1 task`, `40 tasks`, `2 batches`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

export function serversText(change: Change): string {
  const { action, servers, after } = change;
  if (servers !== null) return runsOnText(servers, batchesCounted(change));
  if (action !== 'create' && action !== 'replace' && action !== 'missed') {
    return 'game servers unknown: the batch is out of sight';
  }
  return after.labels.length > 0
    ? 'game servers unknown: only the API knows which ones have a label'
    : "game servers unknown: the inventory didn't answer";
}

/** Of how many batches `servers` tells: of what is to come of one, whatever was there before. */
export function batchesCounted({ action, batchIds }: Change): number {
  return action === 'create' || action === 'replace' || action === 'missed' ? 1 : batchIds.length;
}

/** Of one batch as many game servers as tasks; several batches may run on the same ones, so only their tasks add up. */
export function runsOnText(tasks: number, batches: number): string {
  return counted(tasks, batches > 1 ? 'task' : 'game server');
}

/**
 * `36 to 39 of 40 can still be stopped: 36 pending, 3 running, 1 done`. A running task may be cut off between two of
 * its actions, or be over before the cancel gets there.
 */
export function stoppableText(tasks: TaskCounts): string {
  const total = totalTasks(tasks);
  if (total === 0) return 'none seen';
  const certain = tasks.pending + tasks.paused;
  const perhaps = tasks.running + tasks.unknown;
  const range = perhaps === 0 ? `${certain}` : `${certain} to ${certain + perhaps}`;
  const parts = [`${tasks.pending} pending`, `${tasks.running} running`, `${tasks.done} done`];
  if (tasks.paused > 0) parts.push(`${tasks.paused} paused`);
  if (tasks.failed > 0) parts.push(`${tasks.failed} failed`);
  if (tasks.cancelled > 0) parts.push(`${tasks.cancelled} cancelled`);
  if (tasks.unknown > 0) parts.push(`${tasks.unknown} not looked at`);
  return `${range} of ${total} can still be stopped: ${parts.join(', ')}`;
}

/** `3 pending, 1 failed`: only what there is. */
export function countsText(tasks: TaskCounts): string {
  const parts = [
    [tasks.pending, 'pending'],
    [tasks.running, 'running'],
    [tasks.paused, 'paused'],
    [tasks.done, 'done'],
    [tasks.failed, 'failed'],
    [tasks.cancelled, 'cancelled'],
    [tasks.unknown, 'not looked at'],
  ].filter(([count]) => count !== 0);
  return parts.length === 0 ? 'none' : parts.map(([count, name]) => `${count} ${name}`).join(', ');
}

export function totalTasks(tasks: TaskCounts): number {
  return (
    tasks.pending + tasks.running + tasks.paused + tasks.done + tasks.failed + tasks.cancelled + tasks.unknown
  );
}

/** Whether a message says itself which address it is about. Any word of it may happen to be an address, too. */
export function isNamedIn(message: string, address: string): boolean {
  return message.includes(`"${address}"`);
}

/** How many can no longer change. */
export function finishedCount(tasks: TaskCounts): number {
  return tasks.done + tasks.failed + tasks.cancelled;
}

/** `██████░░░░` of `cells` columns. Only a whole is shown full, only nothing is shown empty. */
export function bar(done: number, total: number, cells = 10): string {
  const share = total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
  const rounded = Math.round(share * cells);
  const full = share === 0 ? 0 : share === 1 ? cells : Math.min(cells - 1, Math.max(1, rounded));
  return '█'.repeat(full) + '░'.repeat(cells - full);
}

/** `3 of 40 tasks`, `all 40 tasks`. */
export function someOf(count: number, total: number, singular: string): string {
  const some = count === total ? `all ${total}` : `${count} of ${total}`;
  return `${some} ${total === 1 ? singular : `${singular}s`}`;
}

/** What a finding of drift says, without its address: `3 of 40 tasks were cancelled outside fleetform (batch 41)`. */
export function driftText({ kind, count, total, batchIds }: Drift): string {
  const tasks = someOf(count, total, 'task');
  const batches = someBatchesText(batchIds);
  switch (kind) {
    case 'cancelled':
      return `${tasks} cancelled outside fleetform (${batches})`;
    case 'paused':
      return `${tasks} paused outside fleetform (${batches})`;
    case 'resumed':
      return `${tasks} not paused, although the file asks for it (${batches})`;
    case 'failed':
      return `${tasks} failed (${batches})`;
    case 'vanished':
      return `the API no longer knows ${batches}`;
    case 'uncovered':
      return `${counted(count, 'game server')} not covered by the pending ${batches}`;
  }
}

/** `12 game servers`, or, where several batches reach the same ones, `12 game servers in 16 tasks`. */
export function reachText({ servers, tasks }: Pick<PlanSummary, 'servers' | 'tasks'>): string {
  const reached = counted(servers, 'game server');
  return tasks === servers ? reached : `${reached} in ${counted(tasks, 'task')}`;
}
