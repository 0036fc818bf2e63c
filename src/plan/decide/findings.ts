/** What `decide` has to say about a batch, in words: each with a way out. */
import type { DesiredBatch } from '../../model/desired.ts';
import type { Diagnostic, SourcePlace } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import { LIST_LIMIT, type ObservedBatch } from '../../model/observed.ts';
import type { Unsettled } from '../sameness/settle.ts';
import type { Sight } from '../sameness/sight.ts';

export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}

/** `batch 41 was`, `batches 41, 42 were`. */
export function batchesWere(ids: readonly Id[]): string {
  return `${batchesText(ids)} ${ids.length === 1 ? 'was' : 'were'}`;
}

/** As the file would write it: `1h30m`. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  return (
    parts
      .filter(([count]) => count !== 0)
      .map((part) => part.join(''))
      .join('') || '0s'
  );
}

function quotedAddress(address: string): string {
  return `"${address}"`;
}

/** `mayAssume`: --assume-missing would overrule it. */
export function ambiguous(
  desired: DesiredBatch,
  candidates: readonly Id[],
  mayAssume = desired.executeAt === null,
): Diagnostic {
  const what = candidates.length === 1 ? 'may already be this one' : 'could each be this one';
  const command = `\`fleetform import '${desired.address}' ${candidates.length === 1 ? candidates[0] : 'BATCHID'}\``;
  const bind = `Look at ${candidates.length === 1 ? 'it' : 'them'}, then bind the right one: ${command}.`;
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `${batchesText(candidates)} ${what}, and nothing tells for certain`,
    hint: mayAssume ? `${bind} ${ASSUME_MISSING}` : bind,
    address: desired.address,
    ...desired.at,
  };
}

const ASSUME_MISSING = 'If it certainly does not exist, plan and apply with --assume-missing.';

/** Its own create is what an interrupted apply left unsettled. */
export function leftInDoubt(desired: DesiredBatch, { candidates, sight }: Unsettled): Diagnostic {
  if (candidates.length > 0) return ambiguous(desired, candidates, true);
  const bind = `If it exists, bind it: \`fleetform import '${desired.address}' BATCHID\`.`;
  const again = sight === 'behind' ? PLAN_AGAIN : '';
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `an interrupted apply may have made it, and ${outOfSightText(sight)}`,
    hint: `${again}${bind} ${ASSUME_MISSING}`,
    address: desired.address,
    ...desired.at,
  };
}

function outOfSightText(sight: Sight): string {
  return sight === 'behind'
    ? "the API's list of batches is behind: it lacks what it showed before"
    : `the API's list (the last ${LIST_LIMIT} batches) no longer reaches back to then`;
}

/**
 * `unsettled`: what an interrupted apply left; it has the same template, and about the same time.
 * `isTheSame`: it asks for exactly what this one does.
 */
export function waitsFor(desired: DesiredBatch, unsettled: Unsettled, isTheSame: boolean): Diagnostic {
  const { address } = unsettled.intent;
  return {
    severity: 'error',
    code: 'plan.unsettled',
    message:
      `an interrupted apply may have made ${candidatesText(unsettled)} for ${quotedAddress(address)}; ` +
      'until that is settled, no other of this template and time is made',
    hint: `${isTheSame ? `${renamedHint(address, desired.address)} ` : ''}${settleHint(unsettled)}`,
    address: desired.address,
    ...desired.at,
  };
}

/** The file names `address` no longer, or everything is to be destroyed. */
export function unsettledLeftover(unsettled: Unsettled): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.unsettled',
    message: `an interrupted apply may have made ${candidatesText(unsettled)} for it, and nothing tells for certain: nothing of it is cancelled`,
    hint: settleHint(unsettled),
    address: unsettled.intent.address,
  };
}

function candidatesText({ candidates, sight }: Unsettled): string {
  if (candidates.length > 0) return `batch ${candidates.join(' or ')}`;
  const why =
    sight === 'behind' ? 'the list lacks what it showed before' : `the list shows the last ${LIST_LIMIT}`;
  return `a batch that is out of sight (${why})`;
}

const PLAN_AGAIN = 'Plan again in a moment. ';

function settleHint({ intent: { address }, candidates, sight }: Unsettled): string {
  const again = candidates.length === 0 && sight === 'behind' ? PLAN_AGAIN : '';
  const id = candidates.length === 1 ? candidates[0] : 'BATCHID';
  return (
    `${again}If there is one, bind it (the file has to name ${quotedAddress(address)}): \`fleetform import '${address}' ${id}\`. ` +
    `If there is none, let go of it: \`fleetform state rm '${address}'\`.`
  );
}

/** A batch without a time has nothing but its address to be told by; a new name must not run it again. */
export function renamedOnce(desired: DesiredBatch, from: string): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.renamed',
    message: `this is exactly what ${quotedAddress(from)} asked for, which the file no longer names: it would run again`,
    hint: `${renamedHint(from, desired.address)} If it is to run again, give it another \`revision\`.`,
    address: desired.address,
    ...desired.at,
  };
}

function renamedHint(from: string, to: string): string {
  return `If it has got a new name, say so: \`moved: [{ from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)} }]\`.`;
}

export function prevented(address: string, action: string, at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.prevented',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` forbids that`,
    hint:
      at === undefined
        ? 'Put its block back with `preventCancel: false`, and apply that first.'
        : 'Set `preventCancel: false` on its block and apply that first.',
    address,
    ...at,
  };
}

export function notBoundYet(desired: DesiredBatch, found: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.replace-unbound',
    message: `--replace means what the state binds, and ${batchesText(found)} is only found by evidence`,
    hint: 'Apply without --replace first, which adopts it; then replace it.',
    address: desired.address,
    ...desired.at,
  };
}

/** The state remembers the guard, the file lifts it and changes the batch in one step. */
export function guardLifted(desired: DesiredBatch, action: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.guard-lifted',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` was in force until this change of the file`,
    hint: 'If that is not meant, put `preventCancel: true` back.',
    address: desired.address,
    ...desired.at,
  };
}

/** Nothing is called for it, so no change would tell. */
export function guardRecorded(desired: DesiredBatch): Diagnostic {
  const message = desired.preventCancel
    ? 'once applied, `lifecycle.preventCancel` protects it, even where its block is deleted'
    : 'once applied, `lifecycle.preventCancel` protects it no longer';
  return { severity: 'note', code: 'plan.guard', message, address: desired.address, ...desired.at };
}

export function cancelledOnce(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.cancelled-outside',
    message: `${batchesWere(ids)} cancelled outside before it ran; it was to run once, so it is not made again`,
    hint: 'To run it again, raise its `revision`.',
    address: desired.address,
    ...desired.at,
  };
}

export function tooLate(desired: DesiredBatch): Diagnostic {
  const deadline = durationText(desired.startingDeadline);
  return {
    severity: 'warning',
    code: 'plan.missed',
    message: `its time has passed, and its starting deadline of ${deadline} is over: it is not created`,
    hint: 'Give it a new `executeAt`, or remove it from the file.',
    address: desired.address,
    ...desired.at,
  };
}

export function vanished(desired: DesiredBatch, reason: string, isOnce: boolean): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.vanished',
    message: `${reason}; ${isOnce ? 'it was to run once' : 'it had begun when it was last seen'}, so it is not made again`,
    hint: isOnce ? 'To run it again, raise its `revision`.' : 'To run it again, give it a new `executeAt`.',
    address: desired.address,
    ...desired.at,
  };
}

export function partialAdoption(desired: DesiredBatch, found: ObservedBatch, today: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.partial-adoption',
    message: `batch ${found.id} covers ${found.numTasks} game servers, ${desired.targetText} has ${today} today`,
    address: desired.address,
    ...desired.at,
  };
}
