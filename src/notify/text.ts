/** What happened → a line for people, and, for Slack, its message. Texts of the API are in it: they are untrusted. */
import { unended } from '../model/words.ts';
import { counted, driftText } from '../render/phrases.ts';
import { applySummary } from '../render/summary.ts';
import type { Happening } from './message.ts';

/** Lines of drift, and of errors. */
const LINES = 5;

/** One line, or a few. `omitted`: failures that were not told. */
export function textOf(happening: Happening, omitted: number, operation = 'apply'): string {
  const text = saidOf(happening, operation);
  return omitted === 0 ? text : `${text}\n${counted(omitted, 'more failure')} not told here.`;
}

function saidOf(happening: Happening, operation: string): string {
  switch (happening.type) {
    case 'change_failed': {
      const { action, address, error, unknown } = happening;
      return `${action} of ${address} ${unknown ? 'is unknown (it may have happened anyway)' : 'failed'}: ${error.message}`;
    }
    case 'task_failed': {
      const { address, server, batchId, message } = happening;
      return `task failed: ${address}, game server ${server} (batch ${batchId}): ${message}`;
    }
    case 'failures': {
      const { failures, count } = happening;
      return `${counted(count, 'failure')}:\n${listed(
        failures.map((one) => saidOf(one, operation)),
        count,
      )}`;
    }
    case 'summary': {
      const { counts, interrupted } = happening;
      return applySummary({ ...counts, interrupted }, operation === 'destroy' ? 'destroy' : 'normal');
    }
    case 'waited': {
      const { ended, failedTasks, unfinished } = happening;
      const head = ended === 'done' ? 'All batches that were waited for are over' : WAIT_ENDED[ended];
      return `${head}: ${counted(failedTasks, 'task')} failed, ${counted(unfinished, 'batch', 'batches')} not over.`;
    }
    case 'error': {
      const lines = happening.errors.map(({ message }) => unended(message));
      return `error: ${listed(lines, happening.count)}`;
    }
    case 'drift': {
      const lines = happening.drift.map(
        (one) => `${one.address}: ${driftText({ ...one, servers: [], texts: [] })}`,
      );
      return `Drift: ${listed(lines, happening.count)}`;
    }
  }
}

const WAIT_ENDED = { timeout: 'The wait has timed out', interrupted: 'The wait was interrupted' } as const;

function listed(lines: readonly string[], count: number): string {
  const shown = lines.slice(0, LINES);
  return [...shown, ...(count > shown.length ? [`… and ${count - shown.length} more`] : [])].join('\n');
}

/** As Slack asks for: without these three nothing in it is a mention or a link. */
export function slackEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
