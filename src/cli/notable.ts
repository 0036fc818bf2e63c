/** Which findings are told: under --quiet what fails, and what somebody has to decide on, but no notes. */
import type { Diagnostic } from '../model/errors.ts';
import type { Session } from './session.ts';

export function notable(
  { flags }: Pick<Session, 'flags'>,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  return flags.quiet === true ? diagnostics.filter(({ severity }) => severity !== 'note') : diagnostics;
}
