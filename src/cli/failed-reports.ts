/**
 * A command failed → what it leaves where its reports were asked for: reports that say so, and why.
 *
 * Invariant: the error is the same with and without them. What is wrong with the command line touches no file: it is no
 * news about what the reports are of.
 */
import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { resolveOrigin } from '../api/origin.ts';
import type { DesiredSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import type { Failed } from '../render/html/failed.ts';
import { version } from '../version.ts';
import { loadFileSettings } from './load-file.ts';
import { ownFiles, refuseOverwriting } from './output-file.ts';
import { diagnosticsOf } from './report-error.ts';
import { type Report, tryReports } from './reports.ts';
import { reviewLinks } from './review-links.ts';
import type { Session } from './session.ts';

/** `reports`: asked for only if there is a place for them. What goes wrong with them is told after the error. */
export async function leaveReports(
  session: Session,
  error: unknown,
  outputs: Readonly<Record<string, string | undefined>>,
  reports: () => readonly Report[] | Promise<readonly Report[]>,
): Promise<void> {
  if (isOfCommandLine(error) || Object.values(outputs).every((file) => file === undefined)) return;
  try {
    await refuseOverwriting(session, await ownFiles(session), outputs);
    for (const one of await tryReports(session, await reports())) session.tellLast(one);
  } catch (other) {
    if (other instanceof FleetformError) session.tellLast(other);
  }
}

function isOfCommandLine(error: unknown): boolean {
  return diagnosticsOf(error).some(({ code }) => code === 'cli.usage');
}

/** The page of a command that has no other report. */
export async function leavePage(
  session: Session,
  what: 'status' | 'calendar',
  file: string,
  error: unknown,
): Promise<void> {
  await leaveReports(session, error, { '--html': file }, async () => {
    const { name, api: known } = await whoseIn(session);
    const api = what === 'calendar' ? null : known;
    const diagnostics = diagnosticsOf(error);
    const failed = { what, name, api, file: await sourceOf(session), diagnostics };
    const text = () => failedPage(session, failed);
    return [{ kind: 'page', file, text, instead: text }];
  });
}

export async function failedPage(session: Session, failed: Failed): Promise<string> {
  const { renderFailedPage } = await import('../render/html/failed.ts');
  const { cwd, localZone: timezone } = session;
  const links = reviewLinks(session.world.env);
  const now = Math.floor(Date.now() / 1000);
  return renderFailedPage(failed, { now, timezone, cwd, fleetformVersion: version, links });
}

/** What the desired state would be read from, for where its name is not known. */
export async function sourceOf(session: Session): Promise<string> {
  const [given] = session.flags.file ?? [];
  const path = given ?? (await ownFiles(session)).files[0] ?? 'fleetform.yaml';
  return relative(session.cwd, resolve(session.cwd, path)).split(sep).join('/') || '.';
}

export interface Whose {
  readonly name: string | null;
  readonly api: string | null;
}

const NOBODY: Whose = { name: null, api: null };

/** Batches that are wrong leave the settings legible. A pipe cannot be read twice. */
export async function whoseIn(session: Session): Promise<Whose> {
  const isAgain = (session.flags.file ?? []).every((file) => {
    const found = statSync(resolve(session.cwd, file), { throwIfNoEntry: false });
    return found?.isFile() === true || found?.isDirectory() === true;
  });
  if (!isAgain) return NOBODY;
  try {
    const { name, api: file } = await loadFileSettings(session);
    return { name, api: originIn(session, file) };
  } catch {
    return NOBODY;
  }
}

/** No key is sent to it: whether it may have one is no question here. */
function originIn({ flags, world }: Session, file: DesiredSettings['api']): string | null {
  try {
    return resolveOrigin({ flag: flags.apiUrl, env: world.env, file, hasToken: false }).origin;
  } catch {
    return null;
  }
}
