/** `fleetform apply` and `destroy`: lock, plan, show, ask, do, and, if told to, wait for the end of the batches. */
import { InterruptedError } from '../../apply/errors.ts';
import { followBatches } from '../../apply/follow.ts';
import { type ApplyResult, apply as runApply } from '../../apply/run.ts';
import { FleetformError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { hasChanges, hasErrors } from '../../plan/plan.ts';
import { createProgress } from '../../render/progress.ts';
import { applySummary } from '../../render/summary.ts';
import { version } from '../../version.ts';
import { askForApproval, canAsk } from '../approve.ts';
import { eventWriter } from '../event-writer.ts';
import type { Session } from '../session.ts';
import { showPlan } from '../show-plan.ts';
import { INTERRUPTED_EXIT, stopOnSignal } from '../signals.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { readPlan } from './show.ts';

export interface ApplyFlags {
  readonly autoApprove?: boolean;
  /** Seconds. */
  readonly lockTimeout?: number;
  /** true: as long as it takes; else seconds. */
  readonly wait?: true | number;
  readonly force?: boolean;
  readonly assumeMissing?: boolean;
  readonly allowEmpty?: boolean;
  readonly parallelism?: number;
}

export async function apply(
  session: Session,
  planFile: string | undefined,
  flags: ApplyFlags,
  mode: 'normal' | 'destroy' = 'normal',
): Promise<number> {
  const reviewed = planFile === undefined ? undefined : await readPlan(session, planFile);
  const stop = stopOnSignal((name) => {
    session.warn(
      `\n${name}: nothing new is begun; finishing what is under way. A second one exits at once.\n`,
    );
  });
  const workspace = await openWorkspace(session, flags);
  try {
    const result = await work(session, workspace, stop.signal, reviewed, flags, reviewed?.mode ?? mode);
    const code = exitCodeOf(result);
    const { outcome } = result;
    if (outcome !== null && session.flags.json !== true && (code !== 0 || hasChanges(result.plan))) {
      session.print(`\n${applySummary(outcome)}\n`);
    }
    if (code !== 0 || flags.wait === undefined) return code;
    return await waitForEnd(session, workspace, result, flags.wait, stop.signal);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    session.warn('Interrupted; nothing was begun.\n');
    return INTERRUPTED_EXIT;
  } finally {
    stop.dispose();
    workspace.close();
  }
}

async function work(
  session: Session,
  workspace: Workspace,
  stop: AbortSignal,
  reviewed: Plan | undefined,
  flags: ApplyFlags,
  mode: 'normal' | 'destroy',
): Promise<ApplyResult> {
  const { desired } = workspace;
  const progress = createProgress(progressOptions(session));
  const events = eventWriter(session);
  let wasShown = false;
  const show = (plan: Plan) => {
    wasShown = true;
    if (session.flags.json !== true) {
      showPlan(session, plan, { now: workspace.now(), concise: true, aliases: desired.aliases });
    }
    events.plan(plan);
  };
  try {
    const result = await runApply({
      ...workspace,
      fleetformVersion: version,
      options: {
        mode,
        force: flags.force === true,
        assumeMissing: flags.assumeMissing === true,
        allowEmpty: flags.allowEmpty === true,
      },
      ...(reviewed === undefined ? {} : { reviewed }),
      lockTimeoutMs: (flags.lockTimeout ?? 0) * 1000,
      stop,
      emit(event) {
        events.event(event);
        if (session.flags.json !== true) progress.emit(event);
      },
      async approve(plan) {
        show(plan);
        if (flags.autoApprove === true) return true;
        if (!canAsk(session)) throw notApproved();
        return askForApproval(session, question(plan, mode), stop);
      },
    });
    if (!wasShown) show(result.plan);
    return result;
  } finally {
    await progress.end();
  }
}

function exitCodeOf(result: ApplyResult): number {
  const { outcome, plan } = result;
  if (outcome === null) return 1;
  if (outcome.interrupted) return INTERRUPTED_EXIT;
  if (hasErrors(plan)) return 1;
  return outcome.failed + outcome.unknown + outcome.skipped > 0 ? 1 : 0;
}

async function waitForEnd(
  session: Session,
  workspace: Workspace,
  result: ApplyResult,
  wait: true | number,
  stop: AbortSignal,
): Promise<number> {
  const wanted = new Set(workspace.desired.batches.map((batch) => batch.address));
  const entries = Object.entries(result.state?.entries ?? {});
  const batches = entries
    .filter(([address]) => wanted.has(address))
    .map(([address, entry]) => ({ address, batchIds: entry.batchIds }));
  const progress = createProgress(progressOptions(session));
  const events = eventWriter(session);
  try {
    const followed = await followBatches({
      ...workspace,
      batches,
      stop,
      ...(wait === true ? {} : { timeoutMs: wait * 1000 }),
      emit(event) {
        events.event(event);
        if (session.flags.json !== true) progress.emit(event);
      },
    });
    await progress.end();
    if (followed.ended === 'interrupted') return INTERRUPTED_EXIT;
    const open = followed.running.map(({ address, batchId }) => `${address} (batch ${batchId})`);
    if (open.length > 0) session.warn(`Not over when the wait ended: ${open.join(', ')}\n`);
    const { renderFailures } = await import('../../render/failures.ts');
    session.warn(renderFailures(followed.failures, { color: session.errColor }));
    return open.length + followed.failures.length > 0 ? 1 : 0;
  } finally {
    await progress.end();
  }
}

function progressOptions(session: Session) {
  const { stderr, env } = session.world;
  return {
    stream: stderr,
    isTTY: Boolean(stderr.isTTY),
    ci: Boolean(env.CI),
    color: session.errColor,
    quiet: session.flags.quiet === true || session.flags.json === true,
    width: session.width,
  };
}

function question(plan: Plan, mode: 'normal' | 'destroy'): string {
  const what = mode === 'destroy' ? 'cancel all of this' : 'do this';
  return hasChanges(plan) ? `Shall fleetform ${what} at ${plan.api}?` : 'There is nothing to do.';
}

function notApproved(): FleetformError {
  return new FleetformError(
    'apply.not-approved',
    'nobody can be asked for approval here: this is no terminal',
    {
      hint: 'Nothing was done. Review the plan, then run apply with --auto-approve, or apply a saved plan.',
    },
  );
}
