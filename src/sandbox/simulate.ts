/**
 * Where a task stands at a moment: computed, never stored, so that the clock can jump. Each action takes some
 * seconds; both their length and whether the task fails depend on the seed and the task's id alone.
 */
import { hash, type SandboxTask, type SandboxTemplate } from './world.ts';

export interface TaskMoment {
  readonly resultCode: 0 | 1 | 2 | 125 | 126 | 127;
  readonly currentActionIdx: number;
  readonly lastActivityAt: number | null;
  readonly finishedAt: number | null;
  readonly resultText: string;
}

export interface Rules {
  readonly seed: number;
  /** 0 to 1: the share of tasks that fail. */
  readonly failRate: number;
}

export function momentOf(
  task: SandboxTask,
  template: SandboxTemplate,
  now: number,
  rules: Rules,
): TaskMoment {
  const until = Math.min(now, task.pausedAt ?? now, task.cancelledAt ?? now);
  const elapsed = until - task.startsAt - task.pausedFor;
  const durations = template.actions.map((_, idx) => 4 + (hash(`${rules.seed}/${task.id}/${idx}`) % 7));
  const total = durations.reduce((sum, seconds) => sum + seconds, 0);
  let currentActionIdx = 0;
  for (let sum = durations[0] ?? 0; sum <= elapsed && currentActionIdx < durations.length - 1; ) {
    currentActionIdx += 1;
    sum += durations[currentActionIdx]!;
  }
  const hasBegun = elapsed >= 0;
  if (hasBegun && elapsed >= total) {
    const finishedAt = task.startsAt + task.pausedFor + total;
    const fails = hash(`${rules.seed}/${task.id}/fails`) / 2 ** 32 < rules.failRate;
    return {
      resultCode: fails ? 126 : 127,
      currentActionIdx,
      lastActivityAt: finishedAt,
      finishedAt,
      resultText: fails ? `action ${currentActionIdx} ended with exit code 1` : '',
    };
  }
  const lastActivityAt = hasBegun ? until : null;
  if (task.cancelledAt !== null) {
    const finishedAt = task.cancelledAt;
    return { resultCode: 125, currentActionIdx, lastActivityAt, finishedAt, resultText: 'cancelled' };
  }
  const resultCode = task.pausedAt !== null ? 2 : hasBegun ? 1 : 0;
  return { resultCode, currentActionIdx, lastActivityAt, finishedAt: null, resultText: '' };
}

/** The caller has seen that it is not final. Toggling back moves its start by the time that it was held up. */
export function toggle(task: SandboxTask, now: number): void {
  if (task.pausedAt === null) {
    task.pausedAt = now;
    return;
  }
  task.pausedFor += Math.max(0, now - Math.max(task.pausedAt, task.startsAt + task.pausedFor));
  task.pausedAt = null;
}
