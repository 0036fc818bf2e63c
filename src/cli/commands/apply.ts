/** `fleetform apply` and `destroy`: lock, plan, show, ask, apply, and, with --wait, wait until the batches finish. */

import { type ApplyResult, apply as runApply } from '../../apply/apply.ts';
import type { ApplyOutcome } from '../../apply/apply-plan.ts';
import { InterruptedError } from '../../apply/errors.ts';
import { followBatches } from '../../apply/follow.ts';
import { batchesToFollow } from '../../apply/to-follow.ts';
import { FleetformError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { hasChanges, hasErrors } from '../../model/plan-summary.ts';
import { planDigest } from '../../model/plan-text.ts';
import { renderDiagnostics } from '../../render/diagnostics.ts';
import { renderFailures } from '../../render/failures.ts';
import { failureFindings, laterText, pausedText, unfinishedFindings } from '../../render/follow.ts';
import { applySummary } from '../../render/summary.ts';
import { version } from '../../version.ts';
import { askForApproval, canAsk } from '../approve.ts';
import { type EventWriter, eventWriter } from '../event-writer.ts';
import { loadFile } from '../load-file.ts';
import type { LockFlags } from '../locked.ts';
import { type Notifications, notifications } from '../notifications.ts';
import { type PlanningFlags, refusePlanning, scopeOf, settleOf } from '../planning.ts';
import { checkDigest, readPlan } from '../saved-plan.ts';
import { openScreen, type Screen } from '../screen.ts';
import { type Session, usageError } from '../session.ts';
import { showPlan } from '../show-plan.ts';
import { INTERRUPTED_EXIT, stopOnSignal } from '../signals.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

export interface ApplyFlags extends PlanningFlags, LockFlags {
  readonly autoApprove?: boolean;
  /** true: as long as it takes; otherwise seconds. */
  readonly wait?: true | number;
  readonly force?: boolean;
  readonly destroy?: boolean;
  /** The digest of the plan that was reviewed. */
  readonly expect?: string;
}

export async function apply(
  session: Session,
  planFile: string | undefined,
  flags: ApplyFlags,
  mode: 'normal' | 'destroy' = flags.destroy === true ? 'destroy' : 'normal',
): Promise<number> {
  const notified = await notifications(session, mode === 'destroy' ? mode : 'apply');
  return notified.whole(() => applyNotified(session, planFile, flags, mode, notified));
}

async function applyNotified(
  session: Session,
  planFile: string | undefined,
  flags: ApplyFlags,
  mode: 'normal' | 'destroy',
  notified: Notifications,
): Promise<number> {
  const events = eventWriter(session);
  if (session.flags.json === true) session.tellErrors = (diagnostics) => events.diagnostics(diagnostics);
  if (planFile !== undefined) refusePlanning(flags);
  const reviewed = planFile === undefined ? undefined : await readPlan(session, planFile);
  if (flags.expect !== undefined) {
    if (reviewed === undefined) throw usageError('--expect needs a saved plan', 'Give its file as well.');
    checkDigest(reviewed, flags.expect);
  }
  if (reviewed !== undefined) session.remark(`Plan ${planDigest(reviewed)}\n`);
  const screen = openScreen(session);
  const load = async () => {
    const desired = await loadFile(session);
    notified.about({ name: desired.name });
    return desired;
  };
  const workspace = await openWorkspace(session, load, {
    ...flags,
    onWait: (text) => screen.notice(text, (line) => session.remark(`${line}\n`)),
  });
  notified.about({ api: workspace.api.origin });
  const stop = stopOnSignal((name) => {
    const again = name === 'SIGINT' ? 'Ctrl-C' : 'signal';
    const text = `${name}: finishing what is in progress. A second ${again} exits immediately.`;
    screen.keepNotice(text, (line) => session.warn(`\n${line}\n`));
  });
  let outcome: ApplyOutcome | undefined;
  let planned: Plan | undefined;
  const onOutcome = (told: ApplyOutcome) => {
    outcome = told;
  };
  const onPlanned = (plan: Plan) => {
    planned = plan;
  };
  const run: Run = {
    session,
    workspace,
    events,
    notified,
    screen,
    stop: stop.signal,
    flags,
    mode,
    onOutcome,
    onPlanned,
  };
  const printOutcome = () => {
    if (outcome === undefined || session.flags.json === true) return;
    const done = planned?.mode ?? mode;
    session.print(`\n${applySummary(outcome, done, planned?.summary.skipped)}\n`);
  };
  try {
    const result = await work(run, reviewed);
    if (hasErrors(result.plan)) notified.errors(result.plan.diagnostics);
    // Whoever asked to stop gets that told, also where nothing was left to be stopped.
    const code = stop.signal.aborted ? INTERRUPTED_EXIT : exitCodeOf(result);
    if (code !== 0 || hasChanges(result.plan)) printOutcome();
    if (code !== 0 || flags.wait === undefined) return code;
    return await waitForEnd(run, result, flags.wait);
  } catch (error) {
    if (!(error instanceof InterruptedError)) {
      printOutcome();
      throw error;
    }
    session.warn('Interrupted; nothing was started.\n');
    return INTERRUPTED_EXIT;
  } finally {
    // Until nothing of it is open, a signal is ours.
    await workspace.close().finally(() => stop.dispose());
  }
}

interface Run {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly events: EventWriter;
  readonly notified: Notifications;
  readonly screen: Screen;
  readonly stop: AbortSignal;
  readonly flags: ApplyFlags;
  readonly mode: 'normal' | 'destroy';
  /** Also where the apply fails after that. */
  readonly onOutcome: (outcome: ApplyOutcome) => void;
  readonly onPlanned: (plan: Plan) => void;
}

async function work(
  { session, workspace, events, notified, screen, stop, flags, mode, onOutcome, onPlanned }: Run,
  reviewed: Plan | undefined,
): Promise<ApplyResult> {
  const { desired } = workspace;
  const progress = screen.begin();
  try {
    return await runApply({
      ...workspace,
      fleetformVersion: version,
      options: {
        mode,
        force: flags.force === true,
        scope: scopeOf(flags),
        settle: settleOf(session, flags, workspace.api),
      },
      ...(reviewed === undefined ? {} : { reviewed }),
      lockTimeoutMs: (flags.lockTimeout ?? 0) * 1000,
      stop,
      onLockStuck: session.tellLast,
      emit(event) {
        if (event.type === 'summary') onOutcome(event);
        events.event(event);
        notified.event(event);
        if (session.flags.json !== true) progress.emit(event);
      },
      onPlan(plan) {
        onPlanned(plan);
        events.plan(plan);
        if (session.flags.json === true) return;
        const isReviewed = reviewed !== undefined;
        showPlan(session, plan, {
          now: workspace.now(),
          concise: true,
          aliases: desired.aliases,
          isReviewed,
          isApproved: flags.autoApprove === true,
        });
      },
      async approve(plan) {
        if (flags.autoApprove === true) return true;
        if (!canAsk(session)) throw notApproved();
        return askForApproval(session, question(plan, mode), stop);
      },
    });
  } finally {
    await progress.end();
  }
}

function exitCodeOf(result: ApplyResult): number {
  const { outcome, plan } = result;
  if (outcome === null) return 1;
  if (hasErrors(plan)) return 1;
  return outcome.failed + outcome.unknown + outcome.skipped > 0 ? 1 : 0;
}

async function waitForEnd(
  { session, workspace, events, notified, screen, stop }: Run,
  result: ApplyResult,
  wait: true | number,
): Promise<number> {
  const progress = screen.begin();
  const toFollow = batchesToFollow(result);
  try {
    const followed = await followBatches({
      ...workspace,
      batches: toFollow.filter(({ isPaused }) => !isPaused),
      stop,
      onFailure: notified.taskFailed,
      ...(wait === true ? {} : { timeoutMs: wait * 1000 }),
      emit(event) {
        events.event(event);
        if (session.flags.json !== true) progress.emit(event);
      },
    });
    notified.waited({
      ended: followed.ended,
      failedTasks: followed.failures.length,
      unfinished: followed.running.length,
    });
    await progress.end();
    for (const { address, isPaused } of toFollow) if (isPaused) session.remark(pausedText(address));
    for (const one of followed.later) session.remark(laterText(one, workspace.timezone));
    const unfinished = followed.ended === 'timeout' ? unfinishedFindings(followed.running) : [];
    events.diagnostics([...failureFindings(followed.failures), ...unfinished]);
    const { errColor: color, width } = session;
    session.warn(renderFailures(followed.failures, { color }));
    session.warn(renderDiagnostics(unfinished, { color, width, timezone: workspace.timezone }));
    if (followed.ended === 'interrupted') return INTERRUPTED_EXIT;
    return followed.failures.length + unfinished.length > 0 ? 1 : 0;
  } finally {
    await progress.end();
  }
}

function question(plan: Plan, mode: 'normal' | 'destroy'): string {
  const what = mode === 'destroy' ? 'cancel all of these' : 'make these changes';
  if (hasChanges(plan)) return `Do you want fleetform to ${what} at ${plan.api}?`;
  const forgotten = plan.changes.filter(({ action }) => action === 'forget').map(({ address }) => address);
  return `Do you want fleetform to forget that ${forgotten.join(', ')} has run? If the file asks for it again, it runs again.`;
}

function notApproved(): FleetformError {
  return new FleetformError('apply.not-approved', 'cannot ask for approval: not a terminal', {
    hint: 'Nothing was done. Review the plan, then run this again with --auto-approve, or apply a saved plan.',
  });
}
