/** Saved plans, one or several → stdout, and one comment. What cannot be shown does not keep the others from it. */
import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { DiagnosticsError, FleetformError } from '../model/errors.ts';
import { type FailedPlan, isFailed } from '../model/failed-plan.ts';
import type { Plan } from '../model/plan.ts';
import { planDigest, planToJson } from '../model/plan-text.ts';
import { safeText } from '../model/safe-text.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { MOST_PLANS } from '../render/markdown/most-plans.ts';
import type { Entry } from '../render/markdown/plans.ts';
import { version } from '../version.ts';
import { ownFiles, refuseOverwriting, stdoutFlag } from './output-file.ts';
import { planExitCode } from './plan-exit.ts';
import { diagnosticsOf } from './report-error.ts';
import { type Report, writeReports } from './reports.ts';
import { reviewLinks } from './review-links.ts';
import { readSaved } from './saved-plan.ts';
import { type Session, usageError } from './session.ts';
import { showPlan } from './show-plan.ts';

interface Flags {
  readonly detailedExitcode?: boolean;
  readonly markdown?: string;
  readonly html?: string;
}

export async function showPlans(session: Session, files: readonly string[], flags: Flags): Promise<number> {
  const outputs = { '--markdown': flags.markdown, '--html': flags.html };
  const onStdout = stdoutFlag(session, outputs) !== undefined;
  refuseTwice(session, files);
  refuseTooMany(files, flags);
  if (flags.markdown !== undefined || flags.html !== undefined) {
    await refuseOverwriting(session, await ownFiles(session), outputs);
    for (const [name, file] of Object.entries(outputs)) refuseOverPlan(session, files, name, file);
  }
  const entries: Entry[] = [];
  // In turn: some of them may be pipes, and one at a time is in memory twice.
  for (const file of files) entries.push(await entryOf(session, file));
  await writeReports(session, reportsOf(session, entries, flags));
  if (!onStdout) tell(session, entries);
  else tellFailures(session, entries);
  const codes = entries.map(({ plan }) => (plan === null ? 1 : planExitCode(plan, flags)));
  return codes.includes(1) ? 1 : Math.max(...codes);
}

/** Throws `cli.usage`. Of one that is not there, the reading tells. */
function refuseTwice(session: Session, files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const path = realPath(resolve(session.cwd, file));
    const other = seen.get(path);
    if (other !== undefined) {
      const both = other === file ? `${file} is given twice` : `${other} and ${file} are the same plan`;
      throw usageError(safeText(both, 400), 'Name each plan once.');
    }
    seen.set(path, file);
  }
}

/** Throws `cli.usage`. */
function refuseTooMany(files: readonly string[], { html, markdown }: Flags): void {
  if (html !== undefined && files.length > 1) {
    throw usageError(
      `--html is the page of one plan, and ${files.length} were given`,
      'Make a page of each, or one comment of all with --markdown.',
    );
  }
  if (markdown !== undefined && files.length > MOST_PLANS) {
    throw usageError(
      `--markdown: ${files.length} plans are too many for one comment; it has room for ${MOST_PLANS}`,
      'Make several comments of them.',
    );
  }
}

function refuseOverPlan(
  { cwd }: Session,
  files: readonly string[],
  name: string,
  output: string | undefined,
): void {
  if (output === undefined || output === '-') return;
  const path = realPath(resolve(cwd, output));
  const plan = files.find((file) => realPath(resolve(cwd, file)) === path);
  if (plan !== undefined) {
    throw usageError(
      `${name} ${safeText(output, 200)} would overwrite the plan`,
      `Nothing was written. Give ${name} another file.`,
    );
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function entryOf(session: Session, file: string): Promise<Entry> {
  const path = relative(session.cwd, resolve(session.cwd, file)).split(sep).join('/');
  try {
    const saved: Plan | FailedPlan = await readSaved(session, file);
    if (!isFailed(saved)) return { file: path, plan: saved };
    const { name, api, mode, at, scope, diagnostics } = saved;
    return { file: path, plan: null, name, api, mode, at, scope, diagnostics };
  } catch (error) {
    if (!(error instanceof FleetformError)) throw error;
    return { file: path, plan: null, name: null, api: null, diagnostics: diagnosticsOf(error) };
  }
}

function reportsOf(session: Session, entries: readonly Entry[], { markdown, html }: Flags): Report[] {
  const reports: Report[] = [];
  if (markdown !== undefined) {
    reports.push({ kind: 'markdown', file: markdown, text: () => comment(session, entries) });
  }
  const [first] = entries;
  if (html !== undefined && first !== undefined) {
    reports.push({ kind: 'page', file: html, text: () => page(session, first) });
  }
  return reports;
}

/** Of one plan, what `plan --markdown` wrote. */
async function comment(session: Session, entries: readonly Entry[]): Promise<string> {
  const { cwd, localZone } = session;
  const links = reviewLinks(session.world.env);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && first.plan !== null) {
    const { plan } = first;
    const { renderMarkdown } = await import('../render/markdown/comment.ts');
    return renderMarkdown(plan, { now: timeOf(plan), timezone: plan.timezone ?? localZone, cwd, links });
  }
  const { renderPlans } = await import('../render/markdown/plans.ts');
  return renderPlans(entries, { timezone: localZone, cwd, links });
}

/** With the timeline that the plan holds. */
async function page(session: Session, entry: Entry): Promise<string> {
  if (entry.plan === null) {
    const { failedPage } = await import('./failed-reports.ts');
    return failedPage(session, { ...entry, what: 'plan' });
  }
  const { plan } = entry;
  const { cwd, localZone } = session;
  const now = timeOf(plan);
  const timezone = plan.timezone ?? localZone;
  const links = reviewLinks(session.world.env);
  const [{ renderPlanPage }, { savedTimeline }] = await Promise.all([
    import('../render/html/page.ts'),
    import('../plan/review/saved-timeline.ts'),
  ]);
  const view = { now, timezone, cwd, links, fleetformVersion: version, isFromSaved: true };
  return renderPlanPage(plan, savedTimeline(plan, now), view);
}

/** Unix seconds. */
function timeOf(plan: Plan): number {
  return Date.parse(plan.at ?? plan.plannedAt) / 1000;
}

function tell(session: Session, entries: readonly Entry[]): void {
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    if (first.plan === null) throw new DiagnosticsError('plan.failed', first.diagnostics);
    tellPlan(session, first.plan);
  } else if (session.flags.json === true) {
    session.printJsonText(`${JSON.stringify({ plans: entries.map(documentOf) }, null, 2)}\n`);
  } else {
    for (const [index, entry] of entries.entries()) {
      session.print(`${index === 0 ? '' : '\n'}${titleOf(entry)}\n\n`);
      if (entry.plan === null) tellFailures(session, [entry]);
      else tellPlan(session, entry.plan);
    }
  }
}

function tellPlan(session: Session, plan: Plan): void {
  showPlan(session, plan, { now: timeOf(plan) });
  if (session.flags.json !== true && session.flags.quiet !== true)
    session.print(`\nPlan ${planDigest(plan)}\n`);
}

function titleOf(entry: Entry): string {
  const name = entry.plan === null ? entry.name : entry.plan.name;
  const file = safeText(entry.file, 200);
  const title = name === null ? file : `${safeText(name, 100)} (${file})`;
  return `== ${title}${entry.plan === null ? ': no plan' : ''} ==`;
}

function documentOf(entry: Entry): object {
  if (entry.plan !== null) return { file: entry.file, plan: JSON.parse(planToJson(entry.plan)) };
  const { file, name, api, diagnostics } = entry;
  return { file, name, api, diagnostics };
}

function tellFailures(session: Session, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.plan !== null) continue;
    const { errColor: color, width, cwd } = session;
    session.warn(renderDiagnostics(entry.diagnostics, { color, width, cwd }));
  }
}
