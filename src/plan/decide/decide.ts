/**
 * The entry point of this folder: the answers of `sameness` → what becomes of each address.
 * No evidence is evaluated here.
 *
 * Invariant: there is a `create` only if `sameness` has answered that the run certainly does not exist.
 */
import type { Diagnostic } from '../../model/errors.ts';
import { compareText } from '../../model/ids.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { isMaking } from '../../model/plan-summary.ts';
import type { StateEntry } from '../../model/state.ts';
import type { Frozen } from '../../schedule/frozen-runs.ts';
import type { Answer } from '../sameness/answers.ts';
import type { Sameness } from '../sameness/sameness.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { decideBound, decideRestated } from './bound.ts';
import { claimedBatches, unmanagedBatches } from './claims.ts';
import { type Decision, told } from './decision.ts';
import { frozenRun } from './findings/frozen.ts';
import { twinFinding } from './findings/other-batches.ts';
import { questionFinding } from './findings/question.ts';
import { unsettledLeftover } from './findings/unsettled.ts';
import { decideFrozen, resumedLater } from './frozen.ts';
import { decideFound, decideNew, decideOther } from './unbound.ts';
import { decideKept, decideUndesired } from './undesired.ts';

export interface Decided {
  readonly changes: readonly Change[];
  readonly unmanaged: Plan['unmanaged'];
  readonly diagnostics: readonly Diagnostic[];
  /** Occurrences that are over, and no longer to be recorded. */
  readonly ended: readonly string[];
}

/** The whole, whatever part of it is meant: in the file's order, then what the file no longer names, then claims. */
export function decide(world: World, sameness: Sameness): Decided {
  const changes: Change[] = [];
  const ended: string[] = [];
  const diagnostics: Diagnostic[] = [...world.diagnostics];
  const take = (decision: Decision) => {
    if (decision.change !== undefined) changes.push(decision.change);
    diagnostics.push(...decision.diagnostics);
    if (decision.ended !== undefined) ended.push(decision.ended);
  };
  for (const run of world.runs) {
    const decision = decideRun(run, sameness.answers.get(run.desired.address)!, world);
    take(inNoFreeze(run, decision, world.frozen.get(run.desired.address), world));
  }
  for (const unsettled of sameness.settlement.unclear) {
    if (!world.named.has(unsettled.intent.address)) take(told(unsettledLeftover(unsettled)));
  }
  const leftover = [...sameness.entries]
    .filter(([address]) => !world.named.has(address))
    .sort((a, b) => compareText(a[0], b[0]));
  for (const [address, entry] of leftover) take(decideUndesired(address, entry, world, sameness));
  for (const twin of sameness.twins) take(told(twinFinding(twin)));

  const owned = new Set([...sameness.entries.values()].flatMap(({ batchIds }) => batchIds));
  for (const change of changes) for (const id of change.batchIds) owned.add(id);
  const unowned = unmanagedBatches(world.observation.batches, owned, world.now);
  const claims = world.mode === 'destroy' ? [] : claimedBatches(world, unowned, sameness.inQuestion);
  for (const claim of claims) take(claim);
  const claimed = new Set(claims.flatMap((claim) => claim.change?.batchIds ?? []));
  return { changes, diagnostics, ended, unmanaged: unowned.filter((batch) => !claimed.has(batch.batchId)) };
}

function decideRun(run: ResolvedBatch, answer: Answer, world: World): Decision {
  const frozen = run.desired.occurrence === null ? undefined : world.frozen.get(run.desired.address);
  if (frozen !== undefined) return decideFrozen(run, answer, frozen, world);
  switch (answer.verdict) {
    case 'this': {
      const { entry, madeBy, isRestated } = answer;
      if (isRestated === true) return decideRestated(run, entry, world);
      return decideBound(asRecorded(run, entry), entry, madeBy, world);
    }
    case 'found':
      return decideFound(run, answer.batch, world);
    case 'unclear':
      return told(questionFinding(run.desired, answer.why));
    case 'none': {
      const { before, inTheWay } = answer;
      if (run.desired.isKept) return before === null ? told() : decideKept(run, before, world);
      return before === null
        ? decideNew(run, inTheWay.live, world)
        : decideOther(run, before, inTheWay.live, world);
    }
  }
}

/** What a freeze does to an occurrence, `schedule/` has decided: what is left are batches with a time of their own. */
function inNoFreeze(
  run: ResolvedBatch,
  decision: Decision,
  frozen: Frozen | undefined,
  world: World,
): Decision {
  const { change, diagnostics } = decision;
  if (run.desired.occurrence !== null) return resumedLater(run, decision, world);
  if (frozen === undefined || change === undefined) return resumedLater(run, decision, world);
  if (isMaking(change)) return told(...diagnostics, frozenRun(run.desired, frozen));
  const isToCome = 'phase' in change && change.phase === 'scheduled' && change.action !== 'cancel';
  if (!isToCome || !frozen.isCertain) return decision;
  return { change, diagnostics: [...diagnostics, frozenRun(run.desired, frozen)] };
}

/** An occurrence that has begun, as it was asked for then. */
function asRecorded(run: ResolvedBatch, { spec, digest }: StateEntry): ResolvedBatch {
  return run.desired.occurrence === null ? run : { ...run, spec, digest };
}
