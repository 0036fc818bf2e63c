/** Collects what is wrong, so that all of it can be said at once, in the order of the files. */
import { type Diagnostic, DiagnosticsError } from '../model/errors.ts';
import { oddCharacters } from '../model/look-alikes.ts';
import { listed } from '../model/suggest.ts';
import type { SourceFile, Span } from './source.ts';

/** More than this of one load is nobody's reading. */
const MOST = 100;

interface Found {
  readonly file: number;
  readonly start: number;
  readonly diagnostic: Diagnostic;
}

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly address?: string;
}

export class Problems {
  readonly #files: readonly SourceFile[];
  readonly #errors: Found[] = [];
  readonly #notes: Found[] = [];
  readonly #blamed = new Set<Span>();
  #more = 0;

  /** `files`: the order in which their errors are told. */
  constructor(files: readonly SourceFile[]) {
    this.#files = files;
  }

  /** Whether there are errors. */
  get any(): boolean {
    return this.#errors.length > 0;
  }

  /** Whether further errors are only counted: nothing dear need be worked out for their messages. */
  get isFull(): boolean {
    return this.#errors.length >= MOST;
  }

  /** Whether an error already is at exactly this node: then another one would say the same mistake twice. */
  isBlamed(node: Span): boolean {
    return this.#blamed.has(node);
  }

  /** What follows from an error told elsewhere isn't told again. */
  silence(node: Span): void {
    this.#blamed.add(node);
  }

  error(file: SourceFile, node: Span, finding: Finding): void {
    this.#blamed.add(node);
    if (this.isFull) this.#more++;
    else this.#errors.push(this.#found(file, node, finding, 'error'));
  }

  /** What was wrong within that part of a file is of no interest here. */
  drop(file: SourceFile, { start, end }: Span): void {
    const index = this.#files.indexOf(file);
    const rest = this.#errors.filter((one) => one.file !== index || one.start < start || one.start >= end);
    this.#errors.splice(0, this.#errors.length, ...rest);
  }

  note(file: SourceFile, node: Span, finding: Finding): void {
    if (this.#notes.length < MOST) this.#notes.push(this.#found(file, node, finding, 'note'));
  }

  /** An error of the command line or the environment, which has no place in a file. */
  general(finding: Finding): void {
    this.#errors.push({ file: -1, start: this.#errors.length, diagnostic: diagnostic(finding, 'error') });
  }

  get notes(): Diagnostic[] {
    return inOrder(this.#notes);
  }

  /** Throws a `DiagnosticsError` (`desired.invalid`) if there is any error. */
  throwIfAny(): void {
    if (this.any) throw this.asError();
  }

  /** All of them, as `desired.invalid`. */
  asError(): DiagnosticsError {
    const errors = inOrder(this.#errors);
    if (this.#more > 0) {
      const message = `${this.#more.toLocaleString('en')} more errors are not shown`;
      errors.push({ severity: 'error', code: 'desired.too-many', message });
    }
    return new DiagnosticsError('desired.invalid', errors);
  }

  #found(file: SourceFile, node: Span, finding: Finding, severity: 'error' | 'note'): Found {
    return {
      file: this.#files.indexOf(file),
      start: node.start,
      diagnostic: {
        ...diagnostic(finding, severity),
        message: finding.message + oddIn(file, node, finding.code === 'desired.syntax'),
        range: file.range(node),
        snippet: file.snippet(node),
        ...withPath(file.pointer(node)),
      },
    };
  }
}

/**
 * What a reader does not see in that line; if it cannot be read as YAML or JSON, in the one above, too, which may be
 * the one to blame. Of a long line, what is near.
 */
function oddIn(file: SourceFile, node: Span, isSyntax: boolean): string {
  const { column } = file.range(node);
  const lineStart = node.start - column + 1;
  const above = isSyntax ? file.text.lastIndexOf('\n', lineStart - 2) + 1 : lineStart;
  const from = Math.max(above, node.start - 500);
  const lineEnd = file.text.indexOf('\n', node.start);
  const text = file.text.slice(from, Math.min(lineEnd === -1 ? file.text.length : lineEnd, node.start + 500));
  const places = oddCharacters(text).map(
    ({ index, name }) => `${name} at ${file.place({ start: from + index, end: from + index + 1 })}`,
  );
  return places.length === 0 ? '' : ` (${listed(places, 3)})`;
}

function diagnostic(finding: Finding, severity: 'error' | 'note'): Diagnostic {
  const { code, message, hint, address } = finding;
  return {
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(address === undefined ? {} : { address }),
  };
}

function withPath(path: string | undefined): Pick<Diagnostic, 'path'> {
  return path === undefined ? {} : { path };
}

function inOrder(found: readonly Found[]): Diagnostic[] {
  return [...found].sort((a, b) => a.file - b.file || a.start - b.start).map((f) => f.diagnostic);
}
