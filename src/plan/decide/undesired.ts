/** What is on record and no longer wanted, or not to be made (again) now: cancelled, kept on record, or forgotten. */
import { parseOccurrence } from '../../model/addresses.ts';
import { safeText } from '../../model/safe-text.ts';
import type { StateEntry } from '../../model/state.ts';
import type { Sameness } from '../sameness/sameness.ts';
import { type Bound, isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import { describeTargets } from '../world/targets.ts';
import type { World } from '../world/world.ts';
import { cameToNothingAtAll } from './bound.ts';
import { cancelChange, forgetChange, type Place, placeOf } from './changes.ts';
import { type Decision, of, told } from './decision.ts';
import { prevented } from './findings/guards.ts';
import { undesiredFinding } from './findings/question.ts';
import { heldLeftover } from './findings/renamed.ts';

function isStillAskedFor(entry: StateEntry, bound: Bound, now: number): boolean {
  const { notAfter = null } = entry;
  return notAfter !== null && now < notAfter && !cameToNothingAtAll(entry, bound, now);
}

/** The file names it no longer, or a freeze covers it. */
export function decideUndesired(
  address: string,
  entry: StateEntry,
  world: World,
  sameness: Sameness,
): Decision {
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
    if (isScheduled(address, world)) return { ended: address, diagnostics: [] };
    const why = bound.phase === 'unknown' ? 'the API no longer knows it' : `it is over (${bound.phase})`;
    return of(forgetChange(place, entry, bound, why));
  }
  for (const seen of bound.batches) if (bound.phase === 'running') world.wantTasks(seen, 'all');
  const reason = whyUndesired(address, world);
  return of(
    cancelChange(place, entry, bound, reason),
    ...(entry.preventCancel ? [prevented(address, 'cancel')] : []),
  );
}

function whyUndesired(address: string, world: World): string {
  if (world.mode === 'destroy') return 'everything is being destroyed';
  const freeze = world.frozen.get(address)?.freeze;
  if (freeze !== undefined) return `the freeze "${safeText(freeze, 80)}" covers it`;
  return isScheduled(address, world) ? 'its schedule no longer names it' : 'no longer in the file';
}

/** Is it of a schedule that is in the file? */
function isScheduled(address: string, { scheduled }: World): boolean {
  const base = parseOccurrence(address)?.base;
  return base !== undefined && scheduled.has(base);
}

/** It is bound, and no more what the file asks for; what that is will be made when its time is within the horizon. */
export function decideKept({ desired }: ResolvedBatch, entry: StateEntry, world: World): Decision {
  const bound = world.bound(entry);
  const place = placeOf(desired);
  if (!isBoundLive(bound)) return of(forgetChange(place, entry, bound, `it is over (${bound.phase})`));
  for (const seen of bound.batches) if (bound.phase === 'running') world.wantTasks(seen, 'all');
  const reason = world.isToReplace(desired.address)
    ? 'requested with --replace'
    : 'changed in the file, and not within the horizon of its schedule';
  return of(
    cancelChange(place, entry, bound, reason),
    ...(desired.preventCancel || entry.preventCancel
      ? [prevented(desired.address, 'cancel', desired.at)]
      : []),
  );
}
