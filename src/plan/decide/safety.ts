/** Bounds on a plan: arithmetic over it, the same for `plan` and `apply`. Each is overruled by its own flag only. */
import type { Desired } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Change } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';

export interface SafetyOptions {
  readonly force: boolean;
  readonly allowEmpty: boolean;
  readonly mode: 'normal' | 'destroy';
}

export function checkSafety(
  desired: Desired,
  state: State | null,
  changes: readonly Change[],
  options: SafetyOptions,
): Diagnostic[] {
  const owned = Object.keys(state?.entries ?? {}).length;
  const diagnostics: Diagnostic[] = [];
  if (options.mode === 'normal' && desired.batches.length === 0 && owned > 0 && !options.allowEmpty) {
    diagnostics.push({
      severity: 'error',
      code: 'plan.empty',
      message: `the file has no batches, while the state owns ${owned}: that would cancel all of them`,
      hint: 'If that is meant, say so with --allow-empty, or use `fleetform destroy`.',
    });
  }
  for (const finding of overLimits(desired, owned, changes)) {
    diagnostics.push({
      severity: options.force ? 'warning' : 'error',
      code: 'plan.limit',
      message: finding,
      hint: options.force
        ? 'Overruled by --force.'
        : 'Raise the limit in the file, or overrule it with --force.',
    });
  }
  return diagnostics;
}

function overLimits(desired: Desired, owned: number, changes: readonly Change[]): string[] {
  const { limits } = desired;
  const creates = changes.filter((change) => change.action === 'create' || change.action === 'replace');
  const cancels = changes.filter((change) => change.action === 'cancel' || change.action === 'replace');
  const servers = creates.reduce((sum, change) => sum + (change.servers ?? 0), 0);
  const uncounted = creates.filter((change) => change.servers === null).length;
  // A claimed batch is none that the state owns.
  const ours = cancels.filter((change) => change.before !== null).length;
  const percent = owned === 0 ? 0 : (ours / owned) * 100;
  const findings: string[] = [];
  if (limits.create !== undefined && creates.length > limits.create) {
    findings.push(
      `the plan creates ${batchCount(creates.length)}, more than limits.create (${limits.create})`,
    );
  }
  if (limits.cancel !== undefined && cancels.length > limits.cancel) {
    findings.push(
      `the plan cancels ${batchCount(cancels.length)}, more than limits.cancel (${limits.cancel})`,
    );
  }
  if (limits.cancelPercent !== undefined && percent > limits.cancelPercent) {
    findings.push(
      `the plan cancels ${ours} of ${owned} owned batches (${Math.ceil(percent)} %), ` +
        `more than limits.cancelPercent (${limits.cancelPercent})`,
    );
  }
  if (limits.servers !== undefined && servers > limits.servers) {
    findings.push(`the plan reaches ${servers} game servers, more than limits.servers (${limits.servers})`);
  } else if (limits.servers !== undefined && uncounted > 0) {
    findings.push(
      `limits.servers (${limits.servers}) cannot be checked: ` +
        `the game servers of ${uncounted} of the batches to create are not known`,
    );
  }
  return findings;
}

function batchCount(count: number): string {
  return count === 1 ? '1 batch' : `${count} batches`;
}
