/**
 * `lifecycle.preventCancel`: what it forbids, and when it begins and ends to protect.
 *
 * Invariant: a guard that the file lifts in the same step as the change that it would forbid does not go by in silence.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic, SourcePlace } from '../../../model/errors.ts';

export function prevented(address: string, action: string, at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.prevented',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` forbids that`,
    hint:
      at === undefined
        ? 'Restore its block with `preventCancel: false`, and apply that first.'
        : 'Set `preventCancel: false` on its block and apply that first.',
    address,
    ...at,
  };
}

/** The state remembers the guard, the file lifts it and changes the batch in one step. */
export function guardLifted(desired: DesiredBatch, action: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.guard-lifted',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` was in force until this change to the file`,
    hint: 'If that is not intended, restore `preventCancel: true`.',
    address: desired.address,
    ...desired.at,
  };
}

/** Nothing is called for it, so no change would tell. */
export function guardRecorded(desired: DesiredBatch): Diagnostic {
  const message = desired.preventCancel
    ? 'once applied, `lifecycle.preventCancel` protects it, even if its block is deleted'
    : 'once applied, `lifecycle.preventCancel` no longer protects it';
  return { severity: 'note', code: 'plan.guard', message, address: desired.address, ...desired.at };
}
