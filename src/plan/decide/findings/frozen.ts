/** Freezes of the file, and what they keep from running. */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { rfc3339 } from '../../../model/words.ts';
import type { Frozen } from '../../../schedule/frozen-runs.ts';

/** It stays paused until a plan after the freeze. */
export function resumesInFreeze({ address, at }: DesiredBatch, { freeze, until }: Frozen): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.frozen',
    message: `it is not resumed in the freeze "${safeText(freeze, 80)}" (until ${rfc3339(until)}): it would run now`,
    hint: 'Apply again after the freeze.',
    address,
    ...at,
  };
}

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
