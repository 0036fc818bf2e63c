/** What is to be said of a plan as a whole, rather than of one of its batches. */

import type { Diagnostic } from '../../model/errors.ts';
import { compareIds } from '../../model/ids.ts';
import type { Observation } from '../../model/observed.ts';
import type { Change } from '../../model/plan.ts';
import { isMaking } from '../../model/plan-summary.ts';
import type { State, StateEntry } from '../../model/state.ts';
import { listed } from '../../model/suggest.ts';
import { durationText } from '../../model/words.ts';

/** The API knows none of several bound batches that it was asked for: this is rather another account than as many accidents. */
export function foreignAccount(state: State | null, observation: Observation, settle: number): Diagnostic[] {
  const isYoung = ({ createdAt }: StateEntry) => observation.at < createdAt + settle;
  // What was made a moment ago may not be told by every node yet.
  if (Object.values(state?.entries ?? {}).some(isYoung)) return [];
  const missing = new Set(observation.missing);
  const owned = Object.values(state?.entries ?? {}).flatMap((entry) => entry.batchIds);
  const bound = owned.filter((id) => missing.has(id));
  const isSeen = (ids: ReadonlySet<string>) => owned.some((id) => ids.has(id));
  if (bound.length < 2 || isSeen(new Set(observation.batches.map(({ id }) => id)))) return [];
  const shown = [...bound].sort(compareIds).slice(0, 5).join(', ');
  return [
    {
      severity: 'error',
      code: 'plan.foreign-account',
      message: `the API knows none of the ${bound.length} batches that the state owns (${shown}${bound.length > 5 ? ', …' : ''})`,
      hint: "Is this another account's key, or another API? If they are all really gone, delete the state.",
    },
  ];
}

/** The API tells nobody with which params a batch was made. `known`: those that the state's own record tells. */
export function unseenParams(changes: readonly Change[], known: ReadonlySet<string>): Diagnostic[] {
  const unseen = changes.flatMap((change) =>
    change.action === 'adopt' && !known.has(change.address) && change.after.params.length > 0
      ? [change.address]
      : [],
  );
  if (unseen.length === 0) return [];
  const named = listed(unseen, 5);
  return [
    {
      severity: 'warning',
      code: 'plan.unseen-params',
      message: `the API does not return the params of a batch: those of ${named} are assumed to match the file`,
      hint: 'If the params in the file have changed since it was created, apply this, then run it again with --replace ADDRESS.',
    },
  ];
}

export function emptyTargets(changes: readonly Change[]): Diagnostic[] {
  return changes
    .filter((change) => isMaking(change) && change.servers === 0)
    .map((change) => ({
      severity: 'warning',
      code: 'plan.empty-target',
      message: `${change.targetText} has no game servers today`,
      hint: 'Is the id right? A batch with an empty target does nothing.',
      address: change.address,
    }));
}

export function inventoryNote(observation: Observation): Diagnostic[] {
  const why = observation.inventory.unavailable;
  if (why === null) return [];
  return [
    {
      severity: 'note',
      code: 'plan.no-inventory',
      message: `game servers are not counted: ${why}`,
    },
  ];
}

/** Seconds. */
const WORTH_A_WORD = 60;

/** What is due is judged by the API's clock, so a runner's wrong one does no harm; but it is wrong. */
export function clockNote({ clockAhead }: Observation): Diagnostic[] {
  const seconds = Math.round(Math.abs(clockAhead));
  if (seconds <= WORTH_A_WORD) return [];
  return [
    {
      severity: 'warning',
      code: 'plan.clock',
      message: `this machine's clock is ${durationText(seconds)} ${clockAhead > 0 ? 'behind' : 'ahead of'} the API's, which decides when a time has passed`,
      hint: 'Set the clock of this machine (NTP).',
    },
  ];
}
