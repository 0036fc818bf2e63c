/**
 * The entry point of this folder: the answers of `sameness` → what becomes of each address.
 * No evidence is evaluated here.
 *
 * Invariant: there is a `create` only if `sameness` has answered that the run certainly does not exist.
 */
import type { Diagnostic } from '../../model/errors.ts';
import { compareText } from '../../model/ids.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { StateEntry } from '../../model/state.ts';
import type { Answer } from '../sameness/answers.ts';
import type { Sameness } from '../sameness/sameness.ts';
import { type Bound, isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import { describeTargets } from '../world/targets.ts';
import type { World } from '../world/world.ts';
import { cameToNothingAtAll, decideBound, decideRestated } from './bound.ts';
import { cancelChange, forgetChange, type Place } from './changes.ts';
import { claimedBatches, unmanagedBatches } from './claims.ts';
import { type Decision, of, told } from './decision.ts';
import { prevented } from './findings/guards.ts';
import { twinFinding } from './findings/other-batches.ts';
import { questionFinding, undesiredFinding } from './findings/question.ts';
import { heldLeftover } from './findings/renamed.ts';
import { unsettledLeftover } from './findings/unsettled.ts';
import { decideFound, decideNew, decideOther } from './unbound.ts';

export interface Decided {
  readonly changes: readonly Change[];
  readonly unmanaged: Plan['unmanaged'];
  readonly diagnostics: readonly Diagnostic[];
}

/** The whole, whatever part of it is meant: in the file's order, then what the file no longer names, then claims. */
export function decide(world: World, sameness: Sameness): Decided {
  const changes: Change[] = [];
  const diagnostics: Diagnostic[] = [...world.diagnostics];
  const take = (decision: Decision) => {
    if (decision.change !== undefined) changes.push(decision.change);
    diagnostics.push(...decision.diagnostics);
  };
  for (const run of world.runs) take(decideRun(run, sameness.answers.get(run.desired.address)!, world));
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
  return { changes, diagnostics, unmanaged: unowned.filter((batch) => !claimed.has(batch.batchId)) };
}

function decideRun(run: ResolvedBatch, answer: Answer, world: World): Decision {
  switch (answer.verdict) {
    case 'this':
      return answer.isRestated === true
        ? decideRestated(run, answer.entry, world)
        : decideBound(run, answer.entry, answer.madeBy, world);
    case 'found':
      return decideFound(run, answer.batch, world);
    case 'unclear':
      return told(questionFinding(run.desired, answer.why));
    case 'none': {
      const { before, inTheWay } = answer;
      return before === null
        ? decideNew(run, inTheWay.live, world)
        : decideOther(run, before, inTheWay.live, world);
    }
  }
}

function isStillAskedFor(entry: StateEntry, bound: Bound, now: number): boolean {
  const { notAfter = null } = entry;
  return notAfter !== null && now < notAfter && !cameToNothingAtAll(entry, bound, now);
}

/** The file names it no longer. */
function decideUndesired(address: string, entry: StateEntry, world: World, sameness: Sameness): Decision {
  const by = sameness.held.get(address);
  if (by !== undefined)
    return told(
      heldLeftover(
        address,
        by,
        world.runs.some(({ desired }) => desired.address === by),
      ),
    );
  const question = sameness.questions.get(address);
  if (question !== undefined) return told(undesiredFinding(address, question));
  const place: Place = { address, targetText: describeTargets(entry.spec, world.desired.aliases) };
  const bound = world.bound(entry);
  if (!isBoundLive(bound)) {
    // It has run, and the file may ask for the very same again: the record is all that tells.
    if (isStillAskedFor(entry, bound, world.now)) return told();
    const why = bound.phase === 'unknown' ? 'the API no longer knows it' : `it is over (${bound.phase})`;
    return of(forgetChange(place, entry, bound, why));
  }
  for (const seen of bound.batches) if (bound.phase === 'running') world.wantTasks(seen, 'all');
  const reason = world.mode === 'destroy' ? 'everything is being destroyed' : 'no longer in the file';
  return of(
    cancelChange(place, entry, bound, reason),
    ...(entry.preventCancel ? [prevented(address, 'cancel')] : []),
  );
}
