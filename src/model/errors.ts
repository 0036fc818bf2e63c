/**
 * The one family of errors that a user is meant to see.
 *
 * Invariant: whatever is thrown on purpose is a `FleetformError`; anything else that reaches the edge is a bug
 * and is reported as one. Decisions look at the class or at `code`, never at the text.
 */
export class FleetformError extends Error {
  override readonly name: string = 'FleetformError';
  /** Stable, dotted, for scripts: `desired.invalid`, `api.unauthorized`, `state.locked`, … */
  readonly code: string;
  /** What the user can do about it; one or more sentences, shown below the message. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** An error made of several findings, each with its own place and words (a file's errors, a plan's). */
export class DiagnosticsError extends FleetformError {
  override readonly name = 'DiagnosticsError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: string, diagnostics: readonly Diagnostic[]) {
    super(code, diagnostics.map((d) => d.message).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** A place in a desired-state file. Lines and columns count from 1; `line` columns count UTF-16 code units. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place, and the line that is there (untrusted text). */
export interface SourcePlace {
  readonly range: SourceRange;
  readonly snippet: string;
}

/** One thing that is wrong, or worth knowing, and its place. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note';
  /** Stable and dotted, for scripts. */
  readonly code: string;
  /** What was found and what is allowed: one sentence or two, no line breaks, no colour. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly address?: string;
  /** Of a desired state that was given as text; of an object: in the JSON that was made of it. */
  readonly range?: SourceRange;
  /** Of a desired state that was given as an object: a JSON pointer, such as `/batches/hotfix/executeAt`. */
  readonly path?: string;
  /** The source line that `range` starts in, as it is in the file (untrusted text). */
  readonly snippet?: string;
}
