/** What the three parsers agree on: how deep a file may nest, and how they say that a text is none of theirs. */
import type { Span } from './source.ts';

/** Mappings and lists inside each other. A desired state needs six. */
export const DEEPEST = 64;

/** The text can't be read; a parser throws it or returns it, `parse.ts` makes a finding of it. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly span: Span;
  readonly hint: string | undefined;

  constructor(span: Span, message: string, hint?: string) {
    super(message);
    this.span = span;
    this.hint = hint;
  }
}

export function tooDeep(start: number): SyntaxProblem {
  return new SyntaxProblem(
    { start, end: start + 1 },
    `mappings and lists are nested more than ${DEEPEST} deep here`,
  );
}
