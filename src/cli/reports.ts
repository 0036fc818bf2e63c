/**
 * The reports of one command → where they were asked for. Each is tried, whatever becomes of the others.
 *
 * Invariant: what a report cannot take the place of does not stay as though it were new: its older content goes, or the
 * error says that it is still there. What is no report of ours is nobody's to take away.
 */
import { resolve } from 'node:path';
import { overwrite } from '../files/overwrite.ts';
import { ownRecordIn } from '../files/own-record.ts';
import { LARGEST, readBounded } from '../files/read-file.ts';
import { lstatOrNull, targetOf } from '../files/target.ts';
import { DiagnosticsError, FleetformError } from '../model/errors.ts';
import { redactJson } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';
import { writeOutput } from './output-file.ts';
import { diagnosticsOf } from './report-error.ts';
import type { Session } from './session.ts';

export type ReportKind = 'plan' | 'markdown' | 'page';

export interface Report {
  readonly kind: ReportKind;
  /** Or `-`. */
  readonly file: string;
  text(): string | Promise<string>;
  /** What stands in place of older content where the text cannot be written. Default: nothing. */
  instead?(error: unknown): string | Promise<string>;
}

/** Files first. Returns what went wrong, in order. */
export async function tryReports(session: Session, reports: readonly Report[]): Promise<FleetformError[]> {
  const errors: FleetformError[] = [];
  const isLast = ({ file }: Report) => Number(file === '-');
  for (const report of [...reports].sort((a, b) => isLast(a) - isLast(b))) {
    try {
      await put(session, report);
    } catch (error) {
      errors.push(await withOlder(session, report, error));
    }
  }
  return errors;
}

/** Throws the first of the errors; the others are told at the end. */
export async function writeReports(session: Session, reports: readonly Report[]): Promise<void> {
  const [first, ...others] = await tryReports(session, reports);
  for (const error of others) session.tellLast(error);
  if (first !== undefined) throw first;
}

async function put(session: Session, report: Report): Promise<void> {
  const { kind, file } = report;
  const text = await report.text();
  if (kind === 'plan' && file === '-') session.printJsonText(text);
  // It holds the params of every task.
  else await writeOutput(session, file, text, { isPrivate: kind === 'plan' });
}

async function withOlder(session: Session, report: Report, thrown: unknown): Promise<FleetformError> {
  const error =
    thrown instanceof FleetformError ? thrown : new DiagnosticsError('cli.report', diagnosticsOf(thrown));
  const { file, kind } = report;
  if (file === '-') return error;
  const path = resolve(session.cwd, file);
  const older = await olderIn(path, kind);
  if (older === 'none') return error;
  const isGone = older === 'ours' && (await overwrite(path, await insteadOf(session, report, error)));
  const name = safeText(file, 200);
  const fate = isGone
    ? `what an earlier run left in ${name} has been taken out of it`
    : older === 'unknown'
      ? `what an earlier run left in ${name}, if it did, is still there`
      : `${name} is still the older file`;
  return new FleetformError(error.code, `${error.message}; ${fate}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: thrown,
  });
}

async function insteadOf(session: Session, report: Report, error: FleetformError): Promise<string> {
  const text = (await report.instead?.(error)) ?? '';
  return redactJson(text, session.redactor.redact);
}

/** `other`: something that is not ours; `unknown`: nobody may look. */
async function olderIn(path: string, kind: ReportKind): Promise<'none' | 'ours' | 'other' | 'unknown'> {
  try {
    const { path: real, found, descriptor } = await targetOf(path);
    if (descriptor !== null || found?.isFile() !== true || found.size === 0) return 'none';
    return isReport(real, kind) ? 'ours' : 'other';
  } catch (error) {
    if (leadsNowhere(error)) return 'none';
    // A link of another user's, or a folder that is closed.
    const isThere = await lstatOrNull(path).then(
      (found) => found !== null,
      (thrown) => !leadsNowhere(thrown),
    );
    return isThere ? 'unknown' : 'none';
  }
}

/** Such a path never had a file. */
function leadsNowhere(error: unknown): boolean {
  return ['ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Of the kind, as far as it can be read. */
export function isReport(path: string, kind: ReportKind): boolean {
  try {
    // Whoever has sorted the keys of a plan has put the telling ones behind all else.
    const { bytes } = readBounded(path, { largest: kind === 'plan' ? LARGEST : BEGINNING });
    if (kind === 'plan') return ownRecordIn(bytes)?.kind === 'plan';
    const text = bytes.toString('utf8');
    return kind === 'markdown' ? /^\s*<!-- fleetform:/.test(text) : text.includes('<title>fleetform ');
  } catch {
    return false;
  }
}

/** Bytes: a page has its title in them. */
const BEGINNING = 4096;
