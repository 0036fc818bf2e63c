/**
 * No plan could be made → what `plan --out` leaves behind: a document that says so, in the place of the plan.
 *
 * Invariant: the error is the same with and without it. What stood there stays unless it is a plan, as nobody knows
 * what it is to whom; an old plan does not stay, as it would be taken for this one.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { resolveOrigin } from '../api/origin.ts';
import { ownRecordIn } from '../files/own-record.ts';
import { readBounded } from '../files/read-file.ts';
import { targetOf } from '../files/target.ts';
import type { DesiredSettings } from '../model/desired.ts';
import { type FailedPlan, failedPlanToJson } from '../model/failed-plan.ts';
import type { Plan } from '../model/plan.ts';
import { version } from '../version.ts';
import { loadFileSettings } from './load-file.ts';
import { ownFiles, refuseOverwriting, writeOutput } from './output-file.ts';
import { diagnosticsOf } from './report-error.ts';
import type { Session } from './session.ts';

export type Attempt = Pick<Plan, 'mode' | 'at' | 'scope'> & {
  /** As far as the work came. */
  readonly name?: string;
  readonly api?: string;
  /** There is a plan: what failed is the telling. */
  readonly isMade?: boolean;
};

export async function leaveFailedPlan(
  session: Session,
  out: string,
  error: unknown,
  attempt: Attempt,
): Promise<void> {
  if (attempt.isMade === true || isOfCommandLine(error)) return;
  const { mode, at, scope } = attempt;
  const isKnown = attempt.name !== undefined && attempt.api !== undefined;
  const { name, api } = isKnown ? { ...NOBODY, ...attempt } : await whoseIn(session);
  const failed: FailedPlan = {
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
  const text = failedPlanToJson(failed);
  try {
    if (out === '-') session.printJsonText(text);
    else if (await mayReplace(session, out)) await writeOutput(session, out, text, { isPrivate: true });
  } catch {
    // The error that led here is the one to be told.
  }
}

/** What is wrong with it is no news about the plan. */
function isOfCommandLine(error: unknown): boolean {
  return diagnosticsOf(error).some(({ code }) => /^cli(?:\.|$)/.test(code));
}

async function mayReplace(session: Session, out: string): Promise<boolean> {
  await refuseOverwriting(session, await ownFiles(session), { '--out': out });
  const { path, found, descriptor } = await targetOf(resolve(session.cwd, out));
  if (found === null || descriptor !== null || !found.isFile()) return true;
  if (found.size === 0) return true;
  const { bytes } = readBounded(path, { largest: ENOUGH });
  return ownRecordIn(bytes)?.kind === 'plan';
}

/** Bytes of a plan, in which its first keys are. */
const ENOUGH = 4096;

interface Whose {
  readonly name: string | null;
  readonly api: string | null;
}

const NOBODY: Whose = { name: null, api: null };

/** Batches that are wrong leave the settings legible. A pipe cannot be read twice. */
async function whoseIn(session: Session): Promise<Whose> {
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
