/** How a wait ended: what failed, and what is not over, as findings. Result texts are untrusted. */
import type { Diagnostic } from '../model/errors.ts';
import type { Task } from '../model/observed.ts';
import { counted } from './phrases.ts';
import { formatTime } from './time.ts';

interface Unfinished {
  readonly address: string;
  readonly batchId: string;
  readonly phase: string;
  readonly finished: number;
  readonly total: number;
}

export function failureFindings(
  failures: readonly { readonly address: string; readonly task: Task }[],
): Diagnostic[] {
  return failures.map(({ address, task }) => ({
    severity: 'error',
    code: 'apply.task-failed',
    message: `game server ${task.entityId} (task ${task.id}): ${task.resultText.trim() || 'failed without a message'}`,
    address,
  }));
}

/** What is still on its way when nobody waits any longer. */
export function unfinishedFindings(open: readonly Unfinished[]): Diagnostic[] {
  return open.map(({ address, batchId, phase, finished, total }) => ({
    severity: 'error',
    code: 'apply.wait-timeout',
    message: `batch ${batchId} is ${phase}: ${finished} of ${counted(total, 'task')} finished when the wait ended`,
    hint: '`fleetform status --watch` follows it further.',
    address,
  }));
}

/** What a wait leaves to its own time. `timezone` is an IANA name. */
export function laterText(
  { address, batchId, executeAt }: { address: string; batchId: string; executeAt: number },
  timezone: string,
): string {
  return `Not waiting for: ${address}, batch ${batchId}, which starts ${formatTime(executeAt, timezone)}.\n`;
}

export function pausedText(address: string): string {
  return `Not waiting for: ${address}, which is paused.\n`;
}
