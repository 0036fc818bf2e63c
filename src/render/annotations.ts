/**
 * Findings → workflow commands of GitHub Actions (`::error file=…,line=…::…`), which it shows at their lines. Pure.
 *
 * Invariant: each line that comes out is one command, `error` or `warning`, whatever a file or an answer says: what is
 * quoted is made safe as everywhere, and then written as the runner's own escapes.
 */
import type { Diagnostic, SourceRange } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { countText, type Finding, findingsOf } from './findings.ts';

export interface AnnotationsView {
  /** Of the checked-out repository: paths are told relative to it. */
  readonly folders: readonly string[];
  /** Before anything is escaped: a key may hold what is. */
  readonly redact: (text: string) => string;
}

/** As many of each as GitHub shows of one step. */
const MOST = 10;
/** UTF-16 code units. */
const LONGEST = 800;

/** Ends with a line break, or is empty. */
export function annotations(diagnostics: readonly Diagnostic[], view: AnnotationsView): string {
  const findings = findingsOf(diagnostics);
  const first = (wanted: 'error' | 'warning') =>
    findings.filter(({ severity }) => severity === wanted).slice(0, MOST);
  return [...first('error'), ...first('warning')].map((finding) => `${command(finding, view)}\n`).join('');
}

function command(finding: Finding, { folders, redact }: AnnotationsView): string {
  const { severity, code, message, hint, range, subject } = finding;
  const said = (text: string, longest = LONGEST) => safeText(redact(text), longest);
  const about = subject === undefined ? '' : `${said(subject, 120)}${countText(finding)}: `;
  const file = range === undefined ? null : fileIn(range, folders, said);
  const place = range === undefined || file !== null ? '' : ` (${said(range.file, 200)}:${range.line})`;
  const properties = [
    ...(file === null || range === undefined
      ? []
      : [`file=${property(file)}`, `line=${range.line}`, `col=${range.column}`]),
    `title=${property(`fleetform: ${said(code, 60)}`)}`,
  ];
  const lines = [`${about}${said(message)}${place}`, ...(hint === undefined ? [] : [`Hint: ${said(hint)}`])];
  return `::${severity} ${properties.join(',')}::${lines.map(data).join('%0A')}`;
}

/** null: it is not in the repository, or its name is none that a log can show as it is. */
function fileIn(
  { file }: SourceRange,
  folders: readonly string[],
  said: (text: string, longest: number) => string,
): string | null {
  const folder = folders
    .map((one) => (/[/\\]$/.test(one) ? one : `${one}${one.includes('\\') ? '\\' : '/'}`))
    .find((one) => file.startsWith(one));
  if (folder === undefined) return null;
  const path = file.slice(folder.length).replaceAll('\\', '/');
  return said(path, 1000) === path ? path : null;
}

/** As `@actions/core` writes them. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
