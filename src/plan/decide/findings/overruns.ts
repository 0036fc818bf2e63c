/**
 * Runs that begin before a freeze, and usually take so long that they still run when it begins.
 *
 * Invariant: one finding for a block and a freeze, however often they meet; where nobody knows how long it takes, none.
 */
import { nameForAll } from '../../../model/addresses.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import { groupBy } from '../../../model/group.ts';
import type { Id } from '../../../model/ids.ts';
import { safeText } from '../../../model/safe-text.ts';
import { durationText, rfc3339 } from '../../../model/words.ts';
import type { ResolvedBatch } from '../../world/spec.ts';

export interface TimedRun extends Pick<ResolvedBatch, 'desired' | 'spec'> {
  /** Unix seconds: when it begins, also of what runs at once. */
  readonly executeAt: number;
}

/** The next one that concerns the run: its name, and when it begins. */
export interface FreezeAhead {
  readonly name: string;
  readonly from: number;
}

interface Overrun {
  readonly run: TimedRun;
  readonly freeze: FreezeAhead;
  /** Seconds. */
  readonly usual: number;
}

/** `usual`: how long runs of a template take, in seconds; null: nobody knows. */
export function overrunFindings<R extends TimedRun>(
  runs: readonly R[],
  nextFreezeOf: (run: R) => FreezeAhead | null,
  usual: (template: Id) => number | null,
): Diagnostic[] {
  const overruns = runs.flatMap((run) => overrunOf(run, nextFreezeOf, usual) ?? []);
  const groups = groupBy(overruns, ({ run, freeze }) => `${run.desired.block} ${freeze.name}`);
  return [...groups.values()].map(finding);
}

function overrunOf<R extends TimedRun>(
  run: R,
  nextFreezeOf: (run: R) => FreezeAhead | null,
  usual: (template: Id) => number | null,
): Overrun | null {
  const duration = usual(run.spec.template.id);
  if (duration === null) return null;
  const freeze = nextFreezeOf(run);
  if (freeze === null || freeze.from <= run.executeAt) return null;
  return run.executeAt + duration > freeze.from ? { run, freeze, usual: duration } : null;
}

function finding(group: readonly Overrun[]): Diagnostic {
  const [first] = [...group].sort((a, b) => a.run.executeAt - b.run.executeAt) as [Overrun];
  const { run, freeze, usual } = first;
  const name = nameForAll(group.map(({ run: { desired } }) => desired.address));
  const times = new Set(group.map(({ run: { executeAt } }) => executeAt)).size;
  const often = times === 1 ? '' : ` (${times} times, this is the first)`;
  const frozen = `the freeze "${safeText(freeze.name, 80)}" begins at ${rfc3339(freeze.from)}`;
  return {
    severity: 'warning',
    code: 'plan.runs-into-freeze',
    message: `"${name}" begins at ${rfc3339(run.executeAt)} and usually takes ${durationText(usual)}, so it would still run when ${frozen}${often}`,
    hint: `Let it begin by ${rfc3339(freeze.from - usual)}, or after the freeze.`,
    ...(name === run.desired.address ? { address: name } : {}),
    ...run.desired.at,
  };
}
