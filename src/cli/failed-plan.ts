/**
 * No plan could be made → what `plan` leaves behind in the place of each of its outputs: a document, a comment and a
 * page that say so.
 *
 * Invariant: what stands at `--out` stays unless it is a plan, as nobody knows what it is to whom; an old plan does not
 * stay, as it would be taken for this one.
 */
import { relative, resolve, sep } from 'node:path';
import { targetOf } from '../files/target.ts';
import { type FailedPlan, failedPlanToJson } from '../model/failed-plan.ts';
import type { Plan } from '../model/plan.ts';
import type { Entry } from '../render/markdown/plans.ts';
import { version } from '../version.ts';
import { failedPage, leaveReports, sourceOf, whoseIn } from './failed-reports.ts';
import { diagnosticsOf } from './report-error.ts';
import { isReport, type Report } from './reports.ts';
import { reviewLinks } from './review-links.ts';
import type { Session } from './session.ts';

export type Attempt = Pick<Plan, 'mode' | 'at' | 'scope'> & {
  /** As far as the work came. */
  readonly name?: string;
  readonly api?: string;
  /** There is a plan: what failed is the telling, and has been told. */
  readonly isMade?: boolean;
};

export type PlanOutputs = {
  readonly '--out': string | undefined;
  readonly '--markdown': string | undefined;
  readonly '--html': string | undefined;
};

export async function leaveFailedPlan(
  session: Session,
  outputs: PlanOutputs,
  error: unknown,
  attempt: Attempt,
): Promise<void> {
  if (attempt.isMade === true) return;
  await leaveReports(session, error, outputs, async () => {
    const isKnown = attempt.name !== undefined && attempt.api !== undefined;
    const whose = isKnown ? { name: attempt.name!, api: attempt.api! } : await whoseIn(session);
    return reportsOf(session, outputs, failedPlan(attempt, whose, error));
  });
}

export function failedPlan(
  { mode, at, scope }: Attempt,
  { name, api }: Pick<FailedPlan, 'name' | 'api'>,
  error: unknown,
): FailedPlan {
  return {
    formatVersion: '1.0',
    fleetformVersion: version,
    failed: true,
    plannedAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    name,
    api,
    mode,
    scope,
    at,
    diagnostics: diagnosticsOf(error),
  };
}

async function reportsOf(session: Session, outputs: PlanOutputs, failed: FailedPlan): Promise<Report[]> {
  const { '--out': out, '--markdown': markdown, '--html': html } = outputs;
  const source = await sourceOf(session);
  // As `show` names it, which makes the same comment of the document.
  const file = out === undefined || out === '-' ? source : shownPath(session, out);
  const texts = {
    plan: () => failedPlanToJson(failed),
    markdown: () => failedComment(session, failed, file),
    page: () => failedPage(session, { ...failed, what: 'plan', file }),
  };
  const isOutMine = out !== undefined && (await mayReplace(session, out));
  return [
    ...(isOutMine ? [reportOf('plan', out, texts.plan)] : []),
    ...(markdown === undefined ? [] : [reportOf('markdown', markdown, texts.markdown)]),
    ...(html === undefined ? [] : [reportOf('page', html, texts.page)]),
  ];
}

function reportOf(kind: Report['kind'], file: string, text: Report['text']): Report {
  return { kind, file, text, instead: text };
}

async function failedComment(session: Session, failed: FailedPlan, file: string): Promise<string> {
  const { name, api, mode, at, scope, diagnostics } = failed;
  const entry: Entry = { file, plan: null, name, api, mode, at, scope, diagnostics };
  const { renderPlans } = await import('../render/markdown/plans.ts');
  const links = reviewLinks(session.world.env);
  return renderPlans([entry], { timezone: session.localZone, cwd: session.cwd, links });
}

function shownPath({ cwd }: Session, file: string): string {
  return relative(cwd, resolve(cwd, file)).split(sep).join('/');
}

/** What cannot be looked at is tried: then it is said that it cannot be written. */
async function mayReplace(session: Session, out: string): Promise<boolean> {
  if (out === '-') return true;
  try {
    const { path, found, descriptor } = await targetOf(resolve(session.cwd, out));
    if (found === null || descriptor !== null || !found.isFile() || found.size === 0) return true;
    return isReport(path, 'plan');
  } catch {
    return true;
  }
}
