/** Freezes of the file, and what they keep from running. */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { rfc3339 } from '../../../model/words.ts';
import type { Frozen } from '../../../schedule/frozen-runs.ts';

/** Of a batch with a time of its own, or that runs at once: somebody has to decide which of the two is meant. */
export function frozenRun(
  { address, executeAt, at }: DesiredBatch,
  { freeze, until, isCertain }: Frozen,
): Diagnostic {
  const when = executeAt === null ? 'it would run now' : `it would run at ${rfc3339(executeAt)}`;
  const name = `"${safeText(freeze, 80)}"`;
  return {
    severity: 'error',
    code: 'plan.frozen',
    message: isCertain
      ? `${when}, in the freeze ${name} (until ${rfc3339(until)})`
      : `${when}, and it cannot be told whether the freeze ${name} (until ${rfc3339(until)}) concerns it: where its game servers belong is not known`,
    hint: 'Give it another time, remove it from the file, or change the freeze.',
    address,
    ...at,
  };
}
