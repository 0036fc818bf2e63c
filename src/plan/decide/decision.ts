/** What comes of one address: a change, what is to be said, or both. */
import type { Diagnostic } from '../../model/errors.ts';
import type { Change } from '../../model/plan.ts';

export interface Decision {
  readonly change?: Change;
  readonly diagnostics: readonly Diagnostic[];
  /** An occurrence that is over: its record goes with the next write, and nobody has to be told. */
  readonly ended?: string;
}

export function of(change: Change, ...diagnostics: Diagnostic[]): Decision {
  return { change, diagnostics };
}

export function told(...diagnostics: Diagnostic[]): Decision {
  return { diagnostics };
}
