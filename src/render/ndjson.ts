/**
 * Events → JSON objects, one per line, after the habits of Terraform's machine-readable UI. The writer adds the
 * time. Ids are strings; text from the API is escaped by JSON itself.
 */
import type { ApplyEvent } from '../model/apply-events.ts';
import type { Diagnostic } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

export function versionLine(fleetform: string): object {
  return { type: 'version', fleetform, ui: '1.0' };
}

/** What a plan is about to do, its numbers, and what is to be minded. */
export function planLines(plan: Plan): object[] {
  const planned = plan.changes
    .filter((change) => change.action !== 'no-op')
    .map(({ address, action, reason, batchIds, servers }) => ({
      type: 'planned_change',
      change: { address, action, reason, batchIds, servers },
    }));
  const moved = plan.moves.map(({ from, to }) => ({
    type: 'planned_change',
    change: { address: to, action: 'move', reason: `it was ${from}`, from },
  }));
  const diagnostics = plan.diagnostics.map(diagnosticLine);
  return [
    ...planned,
    ...moved,
    { type: 'change_summary', operation: 'plan', changes: plan.summary },
    ...diagnostics,
  ];
}

export function diagnosticLine(diagnostic: Diagnostic): object {
  return { type: 'diagnostic', diagnostic };
}

/** None for what `planLines` has told already. */
export function eventLine(event: ApplyEvent): object[] {
  switch (event.type) {
    case 'planned':
      return [];
    case 'start': {
      const { address, action, batchIds } = event;
      return [{ type: 'apply_start', address, action, batchIds }];
    }
    case 'progress': {
      const { address, action, done, total } = event;
      return [{ type: 'apply_progress', address, action, done, total }];
    }
    case 'complete': {
      const { address, action, batchIds, seconds } = event;
      return [{ type: 'apply_complete', address, action, batchIds, seconds }];
    }
    case 'failed': {
      const { address, action, error, unknown } = event;
      return [{ type: 'apply_errored', address, action, error, unknown }];
    }
    case 'skipped': {
      const { address, action, reason } = event;
      return [
        {
          type: 'apply_errored',
          address,
          action,
          error: { code: 'apply.skipped', message: reason },
          unknown: false,
        },
      ];
    }
    case 'batch': {
      const { address, batchId, phase, counts, total } = event;
      return [{ type: 'batch_progress', address, batchId, phase, counts, total }];
    }
    case 'waiting':
    case 'note': {
      const message = event.type === 'note' ? event.message : event.reason;
      const code = event.type === 'note' ? 'apply.note' : 'apply.waiting';
      return [diagnosticLine({ severity: 'note', code, message })];
    }
    case 'summary': {
      const { type: _, ...changes } = event;
      return [{ type: 'change_summary', operation: 'apply', changes }];
    }
  }
}
