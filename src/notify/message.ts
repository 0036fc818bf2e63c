/**
 * What is told to whoever is to be notified: plain data, whose JSON form is `schemas/notification.schema.json`. How it is
 * made from events, errors and plans.
 *
 * Invariant: each list and text in it has a bound, and each text was rid of credentials before it was cut.
 */
import type { ApplyCounts, ApplyEvent } from '../model/apply-events.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import type { Action, Drift, Plan } from '../model/plan.ts';
import type { Redact } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';

export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly address?: string;
}

export type Failure =
  | {
      readonly type: 'change_failed';
      readonly address: string;
      readonly action: Action;
      readonly error: Trouble;
      /** It may have happened anyway. */
      readonly unknown: boolean;
    }
  | {
      readonly type: 'task_failed';
      readonly address: string;
      readonly batchId: Id;
      readonly taskId: Id;
      readonly server: Id;
      readonly message: string;
    };

export type Happening =
  | Failure
  /** What failed while an earlier message was under way; `failures` are the first of `count`. */
  | { readonly type: 'failures'; readonly count: number; readonly failures: readonly Failure[] }
  | { readonly type: 'summary'; readonly counts: ApplyCounts; readonly interrupted: boolean }
  /** The end of --wait. */
  | {
      readonly type: 'waited';
      readonly ended: 'done' | 'timeout' | 'interrupted';
      readonly failedTasks: number;
      /** Batches that were not over. */
      readonly unfinished: number;
    }
  /** It ended with an error; `errors` are the first of `count`. */
  | { readonly type: 'error'; readonly count: number; readonly errors: readonly Trouble[] }
  /** `drift` is the first of `count`. */
  | {
      readonly type: 'drift';
      readonly count: number;
      readonly drift: readonly Pick<Drift, 'address' | 'kind' | 'batchIds' | 'count' | 'total'>[];
    };

/** Characters, and entries of a list. */
const LONGEST = 600;
const LONGEST_NAME = 200;
export const MOST = 20;

export function isFailure(happening: Happening): happening is Failure {
  return happening.type === 'change_failed' || happening.type === 'task_failed';
}

/** null: it is not worth a notification. */
export function happeningOf(event: ApplyEvent, redact: Redact): Happening | null {
  if (event.type === 'summary') {
    const { type, interrupted, ...counts } = event;
    return { type, interrupted, counts };
  }
  if (event.type !== 'failed') return null;
  const { action, error, unknown } = event;
  return {
    type: 'change_failed',
    address: cut(event.address, redact, LONGEST_NAME),
    action,
    error: { code: error.code, message: cut(error.message, redact) },
    unknown,
  };
}

export function taskFailed(address: string, batchId: Id, task: Task, redact: Redact): Failure {
  return {
    type: 'task_failed',
    address: cut(address, redact, LONGEST_NAME),
    batchId,
    taskId: task.id,
    server: task.entityId,
    message: cut(task.resultText.trim(), redact) || 'failed without a message',
  };
}

export function errorsIn(diagnostics: readonly Diagnostic[], redact: Redact): Happening {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    type: 'error',
    count: errors.length,
    errors: errors.slice(0, MOST).map(({ code, message, address }) => ({
      code,
      message: cut(message, redact),
      ...(address === undefined ? {} : { address: cut(address, redact, LONGEST_NAME) }),
    })),
  };
}

export function driftIn({ drift }: Pick<Plan, 'drift'>, redact: Redact): Happening {
  return {
    type: 'drift',
    count: drift.length,
    drift: drift.slice(0, MOST).map(({ address, kind, batchIds, count, total }) => ({
      address: cut(address, redact, LONGEST_NAME),
      kind,
      batchIds: batchIds.slice(0, MOST),
      count,
      total,
    })),
  };
}

function cut(text: string, redact: Redact, length = LONGEST): string {
  return safeText(redact(text), length);
}
