/** What a freeze does to a run that exists: one that has not begun is cancelled, one that is paused stays so. */
import type { Change } from '../../model/plan.ts';
import { safeText } from '../../model/safe-text.ts';
import type { Frozen } from '../../schedule/frozen-runs.ts';
import type { Answer } from '../sameness/answers.ts';
import { isBoundLive, lookAtBound } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { cancelChange, foundCancel, placeOf } from './changes.ts';
import { type Decision, of, told } from './decision.ts';
import { resumesInFreeze } from './findings/frozen.ts';
import { prevented } from './findings/guards.ts';
import { questionFinding } from './findings/question.ts';

/** An occurrence that nobody has recorded, and whose batch may be there all the same. */
export function decideFrozen(run: ResolvedBatch, answer: Answer, frozen: Frozen, world: World): Decision {
  const { desired } = run;
  const reason = `the freeze "${safeText(frozen.freeze, 80)}" covers it`;
  switch (answer.verdict) {
    case 'found': {
      const bound = lookAtBound([answer.batch.id], new Map([[answer.batch.id, answer.batch]]), world.now);
      if (!isBoundLive(bound)) return told();
      return of(
        foundCancel(placeOf(desired), answer.batch, bound, reason),
        ...(desired.preventCancel ? [prevented(desired.address, 'cancel', desired.at)] : []),
      );
    }
    case 'this': {
      const bound = world.bound(answer.entry);
      if (!isBoundLive(bound)) return told();
      const isGuarded = desired.preventCancel || answer.entry.preventCancel;
      return of(
        cancelChange(placeOf(desired), answer.entry, bound, reason),
        ...(isGuarded ? [prevented(desired.address, 'cancel', desired.at)] : []),
      );
    }
    case 'unclear':
      return told(questionFinding(desired, answer.why));
    case 'none':
      return told();
  }
}

/** Nothing begins in a freeze by being resumed in it. */
export function resumedLater({ desired }: ResolvedBatch, decision: Decision, world: World): Decision {
  const { change } = decision;
  const isDue = desired.executeAt === null || desired.executeAt <= world.now;
  if (change === undefined || !isDue || !resumes(change)) return decision;
  const frozen = world.freezeAt(desired, world.now);
  if (frozen === null) return decision;
  const diagnostics = [...decision.diagnostics, resumesInFreeze(desired, frozen)];
  if (change.action === 'adopt') return { change: { ...change, toggle: null }, diagnostics };
  if (change.action !== 'resume') return decision;
  return { change: { ...change, action: 'no-op', reason: 'paused, in a freeze' }, diagnostics };
}

function resumes(change: Change): boolean {
  return change.action === 'resume' || (change.action === 'adopt' && change.toggle === 'resume');
}
