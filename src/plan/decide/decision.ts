/** What comes of one address: a change, what is to be said, or both. */
import type { Diagnostic } from '../../model/errors.ts';
import type { Change } from '../../model/plan.ts';

export interface Decision {
  readonly change?: Change;
  readonly diagnostics: readonly Diagnostic[];
}

export function of(change: Change, ...diagnostics: Diagnostic[]): Decision {
  return { change, diagnostics };
}

export function told(...diagnostics: Diagnostic[]): Decision {
  return { diagnostics };
}
