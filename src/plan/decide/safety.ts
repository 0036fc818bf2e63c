/** Bounds on a plan: arithmetic over it, the same for `plan` and `apply`. Each is overruled by its own flag only. */
import type { Desired } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/errors.ts';
import type { Change } from '../../model/plan.ts';
import { isMaking } from '../../model/plan-summary.ts';
import type { State } from '../../model/state.ts';

export interface SafetyOptions {
  readonly force: boolean;
  readonly allowEmpty: boolean;
  readonly mode: 'normal' | 'destroy';
}

export interface PlannedReach {
  readonly changes: readonly Change[];
  /** Distinct game servers that creates and replaces reach. */
  readonly reached: number;
}

export function checkSafety(
  desired: Desired,
  state: State | null,
  planned: PlannedReach,
  options: SafetyOptions,
): Diagnostic[] {
  const owned = Object.keys(state?.entries ?? {}).length;
  const diagnostics: Diagnostic[] = [];
  if (options.mode === 'normal' && desired.blocks.length === 0 && owned > 0 && !options.allowEmpty) {
    diagnostics.push({
      severity: 'error',
      code: 'plan.empty',
      message: `the file has no batches, but the state owns ${owned}: that would cancel all of them`,
      hint: 'If that is intended, use --allow-empty or `fleetform destroy`.',
    });
  }
  for (const finding of overLimits(desired, owned, planned)) {
    diagnostics.push({
      severity: options.force ? 'warning' : 'error',
      code: 'plan.limit',
      message: finding,
      hint: options.force
        ? 'Overridden by --force.'
        : 'Raise the limit in the file, or override it with `fleetform apply --force`.',
    });
  }
  return diagnostics;
}

function overLimits(desired: Desired, owned: number, { changes, reached }: PlannedReach): string[] {
  const { limits } = desired;
  const creates = changes.filter(isMaking);
  const cancels = changes.filter((change) => change.action === 'cancel' || change.action === 'replace');
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
      `the plan cancels ${ours} of ${owned} owned batches (${percentText(percent, limits.cancelPercent)} %), ` +
        `more than limits.cancelPercent (${limits.cancelPercent})`,
    );
  }
  if (limits.servers !== undefined && reached > limits.servers) {
    findings.push(`the plan reaches ${reached} game servers, more than limits.servers (${limits.servers})`);
  } else if (limits.servers !== undefined && uncounted > 0) {
    findings.push(
      `limits.servers (${limits.servers}) cannot be checked: ` +
        `the game servers of ${uncounted} of the batches to create are not known`,
    );
  }
  return findings;
}

/** A percentage that is over its limit does not look like one that is at it: 30.04 of 30 is not shown as 30. */
function percentText(percent: number, limit: number): string {
  for (const digits of [0, 1, 2, 3]) {
    const shown = Number(percent.toFixed(digits));
    if (shown > limit) return String(shown);
  }
  return String(percent);
}

function batchCount(count: number): string {
  return count === 1 ? '1 batch' : `${count} batches`;
}
