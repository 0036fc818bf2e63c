/** What is to be said of a plan as a whole, rather than of one of its batches. */
import type { Diagnostic } from '../../model/errors.ts';
import { compareIds } from '../../model/ids.ts';
import { LIST_LIMIT, type Observation } from '../../model/observed.ts';
import type { Change } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';

/** The API knows none of several bound batches: this is rather another account than as many accidents. */
export function foreignAccount(state: State | null, observation: Observation): Diagnostic[] {
  const bound = Object.values(state?.entries ?? {}).flatMap((entry) => entry.batchIds);
  const missing = new Set(observation.missing);
  if (bound.length < 2 || !bound.every((id) => missing.has(id))) return [];
  const shown = [...bound].sort(compareIds).slice(0, 5).join(', ');
  return [
    {
      severity: 'error',
      code: 'plan.foreign-account',
      message: `the API knows none of the ${bound.length} batches that the state owns (${shown}${bound.length > 5 ? ', …' : ''})`,
      hint: "Is this another account's key, or another API? If all of them are really gone, delete the state.",
    },
  ];
}

/** Without any state, a full list may hide what an earlier apply made. */
export function outOfSight(
  changes: readonly Change[],
  state: State | null,
  observation: Observation,
  assumeMissing: boolean,
): Diagnostic[] {
  const creates = changes.filter((change) => change.action === 'create');
  if (state !== null || !observation.batchListFull || assumeMissing || creates.length === 0) return [];
  const shown = creates.slice(0, 5).map((change) => change.address);
  return [
    {
      severity: 'error',
      code: 'plan.out-of-sight',
      message:
        `no state exists, and the API's list is full (it shows the last ${LIST_LIMIT} batches only): ` +
        `${shown.join(', ')}${creates.length > 5 ? ` and ${creates.length - 5} more` : ''} may exist already, out of sight`,
      hint:
        'Restore the state, bind what exists with `fleetform import ADDRESS BATCHID`, ' +
        'or, if you know that nothing exists, plan and apply with --assume-missing.',
    },
  ];
}

/** The API tells nobody with which params a batch was made. `known`: those that the state's own record tells. */
export function unseenParams(changes: readonly Change[], known: ReadonlySet<string>): Diagnostic[] {
  const unseen = changes.flatMap((change) =>
    change.action === 'adopt' &&
    change.from === null &&
    !known.has(change.address) &&
    change.after.params.length > 0
      ? [change.address]
      : [],
  );
  if (unseen.length === 0) return [];
  const named = unseen.slice(0, 5).join(', ') + (unseen.length > 5 ? ` and ${unseen.length - 5} more` : '');
  return [
    {
      severity: 'warning',
      code: 'plan.unseen-params',
      message: `the API does not tell the params of a batch: those of ${named} are taken to be what the file says`,
      hint: "If the file's params have changed since it was made, apply this, then run it again: --replace ADDRESS.",
    },
  ];
}

export function emptyTargets(changes: readonly Change[]): Diagnostic[] {
  return changes
    .filter((change) => (change.action === 'create' || change.action === 'replace') && change.servers === 0)
    .map((change) => ({
      severity: 'warning',
      code: 'plan.empty-target',
      message: `${change.targetText} has no game servers today`,
      hint: 'Is the id right? A batch of an empty target does nothing.',
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
