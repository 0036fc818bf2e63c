/** `fleetform plan`: load, observe, plan, show. It reads only, and takes no lock. */
import { resolve } from 'node:path';
import { targetOf } from '../../files/target.ts';
import type { Observation } from '../../model/observed.ts';
import type { Plan } from '../../model/plan.ts';
import { hasErrors } from '../../model/plan-summary.ts';
import { planDigest } from '../../model/plan-text.ts';
import { safeText } from '../../model/safe-text.ts';
import type { State } from '../../model/state.ts';
import { survey } from '../../observe/observe.ts';
import { planned } from '../../plan/plan.ts';
import { overrules } from '../../plan/review/overrules.ts';
import { timelineOf } from '../../plan/review/timeline.ts';
import { version } from '../../version.ts';
import { annotate, annotateError } from '../annotate.ts';
import { commandText } from '../command-text.ts';
import type { Attempt, PlanOutputs } from '../failed-plan.ts';
import { loadFile } from '../load-file.ts';
import { type Notifications, notifications } from '../notifications.ts';
import { refuseOverwriting, stdoutFlag } from '../output-file.ts';
import { planExitCode } from '../plan-exit.ts';
import { planReports } from '../plan-reports.ts';
import { type PlanningFlags, scopeOf, settleOf } from '../planning.ts';
import { type Report, writeReports } from '../reports.ts';
import { reviewLinks } from '../review-links.ts';
import { type Session, usageError } from '../session.ts';
import { showPlan } from '../show-plan.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

export interface PlanFlags extends PlanningFlags {
  readonly out?: string;
  readonly markdown?: string;
  readonly html?: string;
  readonly detailedExitcode?: boolean;
  readonly destroy?: boolean;
  readonly refreshOnly?: boolean;
  readonly concise?: boolean;
  /** Unix seconds. */
  readonly at?: number;
}

interface Made {
  readonly plan: Plan;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds: of what the plan says, which is another time than now with --at. */
  readonly at: number;
}

export async function plan(session: Session, flags: PlanFlags): Promise<number> {
  if (flags.refreshOnly !== true) return planNotified(session, flags, null);
  let notified: Notifications;
  try {
    notified = await notifications(session, 'plan');
  } catch (error) {
    // Where they go is a setting of the environment: without it there is no plan either.
    return planNotified(session, flags, () => Promise.reject(error));
  }
  return notified.whole(() => planNotified(session, flags, notified));
}

async function planNotified(
  session: Session,
  flags: PlanFlags,
  notified: Notifications | null | (() => Promise<never>),
): Promise<number> {
  const outputs = { '--out': flags.out, '--markdown': flags.markdown, '--html': flags.html };
  stdoutFlag(session, outputs);
  refuseContradictions(flags);
  const attempt = attemptOf(flags);
  try {
    if (typeof notified === 'function') return await notified();
    return await makeAndTell(session, flags, { outputs, attempt, notified });
  } catch (error) {
    if (Object.values(outputs).some((file) => file !== undefined)) {
      const { leaveFailedPlan } = await import('../failed-plan.ts');
      await leaveFailedPlan(session, outputs, error, attempt);
    }
    await annotateError(session, error);
    throw error;
  }
}

/** What is known of a plan before it is made; the rest is added as it becomes known. */
function attemptOf(flags: PlanFlags): Writable<Attempt> {
  const at = flags.at === undefined ? null : new Date(flags.at * 1000).toISOString().replace('.000Z', 'Z');
  return { mode: modeOf(flags), at, scope: scopeOf(flags) };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function modeOf(flags: PlanFlags): Plan['mode'] {
  if (flags.refreshOnly === true) return 'refresh-only';
  return flags.destroy === true ? 'destroy' : 'normal';
}

interface Telling {
  readonly outputs: PlanOutputs;
  readonly attempt: Writable<Attempt>;
  readonly notified: Notifications | null;
}

async function makeAndTell(
  session: Session,
  flags: PlanFlags,
  { outputs, attempt, notified }: Telling,
): Promise<number> {
  const onStdout = Object.values(outputs).includes('-');
  const load = async () => {
    const desired = await loadFile(session);
    attempt.name = desired.name;
    notified?.about({ name: desired.name });
    return desired;
  };
  const workspace = await openWorkspace(session, load, flags);
  attempt.api = workspace.api.origin;
  notified?.about({ api: workspace.api.origin });
  try {
    await refuseOverwriting(session, workspace.desired, outputs);
    const made = await make(session, workspace, flags);
    notified?.drift(made.plan);
    if (hasErrors(made.plan)) notified?.errors(made.plan.diagnostics);
    attempt.isMade = true;
    // First, so that stdout never has a plan and an error in one: a file may prove not to be writable.
    await writeReports(session, reportsOf(session, workspace, made, outputs));
    if (!onStdout) {
      const { aliases } = workspace.desired;
      showPlan(session, made.plan, { now: made.at, concise: flags.concise === true, aliases });
    }
    if (flags.out !== undefined && flags.out !== '-') {
      const { descriptor, found } = await targetOf(resolve(session.cwd, flags.out));
      const isKept = descriptor === null && found?.isFile() === true;
      session.remark(`\n${savedText(session, made.plan, flags.out, isKept)}\n`);
    }
    await annotate(session, made.plan.diagnostics);
    return planExitCode(made.plan, flags);
  } finally {
    await workspace.close();
  }
}

function refuseContradictions(flags: PlanFlags): void {
  if (flags.destroy === true && flags.replace !== undefined) {
    throw usageError(
      '--destroy cancels; it cannot be combined with --replace, which creates',
      'Leave out one of them.',
    );
  }
  if (flags.refreshOnly !== true) return;
  const others = [
    ['--destroy', flags.destroy === true],
    ['--replace', flags.replace !== undefined],
    ['--refresh=false', flags.refresh === 'false'],
  ] as const;
  const contradicting = others.find(([, isGiven]) => isGiven);
  if (contradicting !== undefined) {
    throw usageError(
      `--refresh-only plans no changes; it cannot be combined with ${contradicting[0]}`,
      'Leave out one of them.',
    );
  }
}

async function make(
  session: Session,
  { desired, api, backend, now }: Workspace,
  flags: PlanFlags,
): Promise<Made> {
  const scope = scopeOf(flags);
  const options = {
    mode: modeOf(flags),
    at: flags.at ?? null,
    settle: settleOf(session, flags, api),
  } as const;
  const reading = backend.read();
  const { observation, thought } = await survey(api, { desired, state: reading, now, scope, options });
  const state = await reading;
  const basis = { desired, state, observation, now: observation.at, fleetformVersion: version };
  const { plan: made } = planned({ ...basis, api: api.origin, options: { ...options, scope } }, thought);
  return { plan: made, state, observation, at: flags.at ?? observation.at };
}

function reportsOf(
  session: Session,
  { desired, timezone }: Workspace,
  { plan: made, state, observation, at }: Made,
  outputs: PlanOutputs,
): Report[] {
  const { aliases } = desired;
  const links = reviewLinks(session.world.env);
  const view = { now: at, timezone, aliases, cwd: session.cwd, fleetformVersion: version, links };
  const { changes, skipped } = made;
  const timeline = () => timelineOf({ changes, skipped, state, observation, aliases, now: at });
  return planReports(outputs, made, { view, timeline });
}

/** `isKept`: in a file that can be read again. */
function savedText(session: Session, made: Plan, path: string, isKept: boolean): string {
  if (!isKept) return `Written to ${safeText(path)} (${planDigest(made)}).`;
  const saved = `Saved to ${safeText(path)} (${planDigest(made)})`;
  if (made.at !== null || made.mode === 'refresh-only') return `${saved}; it cannot be applied.`;
  const errors = made.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.some((diagnostic) => diagnostic.code !== 'plan.limit')) {
    return `${saved}. It has errors, so it cannot be applied.`;
  }
  const file = path.startsWith('-') ? `./${path}` : path;
  const command = commandText(
    session.flags,
    ['apply', file, ...overrules(made).flat()],
    session.redactor.redact,
  );
  if (command === null) return `${saved}.`;
  return errors.length === 0
    ? `${saved}. To apply exactly this plan:\n  ${command}`
    : `${saved}. It is over a limit; to apply it anyway:\n  ${command} --force`;
}
