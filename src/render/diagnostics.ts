/**
 * Findings and errors → blocks of text, after the habits of rustc and Terraform. Every word of them may quote a
 * file or an answer, so all of it is escaped; no block is longer than a few lines, however large what it quotes.
 */
import { inspect } from 'node:util';
import type { Diagnostic } from '../model/errors.ts';
import { DiagnosticsError, FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { type Paint, painter, type Style } from './color.ts';
import { wrap } from './display-width.ts';
import { countOf, countText, type Finding, findingsOf, severitiesText } from './findings.ts';
import { snippetLines } from './snippet.ts';

export interface DiagnosticsOptions {
  readonly color: boolean;
  /** Columns. Infinity: don't wrap. */
  readonly width: number;
  /** Paths below this folder are shown relative to it. */
  readonly cwd?: string;
  /** The clock that times are told on. None: they stay in UTC, as they were written. */
  readonly timezone?: string;
}

/** Errors first, then warnings, then notes, each in the order given; ends with a line break, or is empty. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string {
  const paint = painter(options.color);
  const findings = findingsOf(diagnostics, options.timezone);
  const blocks = findings
    .slice(0, SHOWN)
    .map((finding, index) => block(withoutEcho(finding, findings[index - 1]), options, paint).join('\n'));
  const rest = findings.slice(SHOWN);
  if (rest.length > 0) blocks.push(`… and ${countOf(rest)} more (${severitiesText(rest)})`);
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

export interface ErrorOptions {
  readonly color: boolean;
  /** Show the stack of a bug. */
  readonly debug: boolean;
  readonly width?: number;
  readonly cwd?: string;
}

/** What the top level prints of whatever was thrown; ends with a line break. */
export function renderError(error: unknown, options: ErrorOptions): string {
  const paint = painter(options.color);
  const width = options.width ?? Number.POSITIVE_INFINITY;
  if (error instanceof DiagnosticsError) {
    return renderDiagnostics(error.diagnostics, { ...options, width });
  }
  if (error instanceof FleetformError) {
    const lines = headed('error', linesOf(error.message), width, paint);
    if (error.hint !== undefined) lines.push(...hintLines(error.hint, width, paint));
    return `${lines.join('\n')}\n`;
  }
  return bug(error, width, options.debug, paint);
}

const SHOWN = 20;
/** Characters of one message or hint: about ten lines. */
const LONGEST = 800;
const STYLES: Readonly<Record<Diagnostic['severity'], Style>> = {
  error: 'red',
  warning: 'yellow',
  note: 'cyan',
};

/** Several findings on one line of a file show the line once, and say the same advice once. */
function withoutEcho(finding: Finding, previous: Finding | undefined): Finding {
  const { range, snippet, hint, ...rest } = finding;
  const isSameLine =
    range !== undefined && range.file === previous?.range?.file && range.line === previous.range.line;
  return {
    ...rest,
    ...(range === undefined ? {} : { range }),
    ...(snippet === undefined || isSameLine ? {} : { snippet }),
    ...(hint === undefined || (isSameLine && hint === previous.hint) ? {} : { hint }),
  };
}

function block(finding: Finding, options: DiagnosticsOptions, paint: Paint): string[] {
  const { range, snippet } = finding;
  const message = safeText(finding.message, LONGEST);
  const subject =
    finding.subject === undefined ? '' : `${safeText(finding.subject, 120)}${countText(finding)}: `;
  const lines = headed(finding.severity, [subject + message], options.width, paint);
  if (range !== undefined) {
    const place = `${safeText(relativePath(range.file, options.cwd), 200)}:${range.line}:${range.column}`;
    lines.push(`  ${paint('dim', '-->')} ${place}`);
    if (snippet !== undefined) lines.push(...snippetLines(snippet, range, options.width, paint));
  }
  if (finding.hint !== undefined) lines.push(...hintLines(finding.hint, options.width, paint));
  return lines;
}

function headed(
  severity: Diagnostic['severity'],
  message: readonly string[],
  width: number,
  paint: Paint,
): string[] {
  const [first = '', ...more] = message.flatMap((line, index) =>
    wrap(index === 0 ? `${severity}: ${line}` : line, width - 2),
  );
  const label = `${severity}:`;
  const head = paint('bold', paint(STYLES[severity], label)) + paint('bold', first.slice(label.length));
  return [head, ...more.map((line) => `  ${line}`)];
}

function hintLines(hint: string, width: number, paint: Paint): string[] {
  const [first = '', ...more] = linesOf(hint).flatMap((line) => wrap(line, width - 8));
  return [`  ${paint('cyan', 'hint:')} ${first}`, ...more.map((line) => `        ${line}`)];
}

function bug(error: unknown, width: number, debug: boolean, paint: Paint): string {
  const message = error instanceof Error ? error.message : inspect(error, { depth: 1 });
  const lines = headed('error', linesOf(`this is a bug in fleetform: ${message}`), width, paint);
  const advice = debug
    ? 'Please report it, with the lines below.'
    : 'Please report it. Run it again with --log-level debug to see where it happened.';
  lines.push(...hintLines(advice, width, paint));
  const stack = error instanceof Error ? error.stack : undefined;
  if (debug && stack !== undefined) {
    lines.push(
      ...stack
        .split('\n')
        .slice(0, 40)
        .map((line) => paint('dim', `  ${safeText(line, 300)}`)),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Our own messages may have a few lines; what is quoted in them has been escaped line by line here. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .slice(0, 20)
    .map((line) => safeText(line, LONGEST));
}

/** Paths below `folder` without it; others as they are. */
export function relativePath(file: string, folder: string | undefined): string {
  if (folder === undefined) return file;
  const prefix = /[/\\]$/.test(folder) ? folder : `${folder}${folder.includes('\\') ? '\\' : '/'}`;
  return file.startsWith(prefix) ? file.slice(prefix.length) : file;
}
