/**
 * Where a task is at a moment: computed, never stored, so that the clock can jump. Each action takes some
 * seconds; their length, whether the task fails and at which action depend on the seed and the task's id alone.
 */
import { hash, type SandboxTask, type SandboxTemplate } from './world.ts';

export interface TaskMoment {
  readonly resultCode: 0 | 1 | 2 | 125 | 126 | 127;
  readonly currentActionIdx: number;
  readonly lastActivityAt: number | null;
  readonly finishedAt: number | null;
  readonly resultText: string;
}

/** How fast things go, in whole seconds of the sandbox's clock. */
export interface Pace {
  /** An action takes at least and at most this long. */
  readonly actionSeconds: readonly [number, number];
  /** A task begins at most this long after its batch is due. */
  readonly staggerSeconds: number;
}

/** A batch of two or three actions is through in 20 to 40 seconds: long enough to watch, short enough to wait for. */
export const DEMO_PACE: Pace = { actionSeconds: [4, 10], staggerSeconds: 11 };

export interface Rules {
  readonly seed: number;
  /** 0 to 1: the share of tasks that fail. */
  readonly failRate: number;
  readonly pace: Pace;
}

export function momentOf(
  task: SandboxTask,
  template: SandboxTemplate,
  now: number,
  rules: Rules,
): TaskMoment {
  const until = Math.min(now, task.pausedAt ?? now, task.cancelledAt ?? now);
  const elapsed = until - task.startsAt - task.pausedFor;
  const hasBegun = elapsed >= 0;
  const { durations, fails } = courseOf(task, template, rules);
  const total = durations.reduce((sum, seconds) => sum + seconds, 0);
  const currentActionIdx = actionAt(elapsed, durations);
  if (hasBegun && elapsed >= total) {
    const finishedAt = task.startsAt + task.pausedFor + total;
    const resultText = fails ? `action ${currentActionIdx} ended with exit code 1` : '';
    return {
      resultCode: fails ? 126 : 127,
      currentActionIdx,
      lastActivityAt: finishedAt,
      finishedAt,
      resultText,
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

/** The seconds of each action that it goes through; one that fails ends with the action that failed. */
function courseOf(
  task: SandboxTask,
  template: SandboxTemplate,
  { seed, failRate, pace }: Rules,
): { durations: number[]; fails: boolean } {
  const [shortest, longest] = pace.actionSeconds;
  const durations = template.actions.map(
    (_, idx) => shortest + (hash(`${seed}/${task.id}/${idx}`) % (longest - shortest + 1)),
  );
  const fails = hash(`${seed}/${task.id}/fails`) / 2 ** 32 < failRate;
  if (!fails || durations.length === 0) return { durations, fails };
  return { durations: durations.slice(0, 1 + (hash(`${seed}/${task.id}/at`) % durations.length)), fails };
}

function actionAt(elapsed: number, durations: readonly number[]): number {
  let idx = 0;
  for (let end = durations[0] ?? 0; end <= elapsed && idx < durations.length - 1; end += durations[idx]!)
    idx += 1;
  return idx;
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
