/**
 * Runs that are over, or whose time is: they are not created (again) by themselves.
 *
 * Invariant: each says what happened, and what to write into the file to have it run after all.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import type { Id } from '../../../model/ids.ts';
import { batchesText, batchesWere, durationText } from '../../../model/words.ts';

/** Before its address was reused for something else. */
export function hasRun(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  const { address, at } = desired;
  return {
    severity: 'error',
    code: 'plan.has-run',
    message: `${batchesWere(ids)} exactly this, before the address was reused for something else: it would run again`,
    hint: `To run it again, ${another(desired)}plan and apply with --replace. Otherwise, remove it from the file.`,
    address,
    ...at,
  };
}

/** What has run is asked for in other words: on other targets by name, and mostly the same game servers. */
export function restated(desired: DesiredBatch, ids: readonly Id[], hasOtherParams: boolean): Diagnostic {
  const params = hasOtherParams ? '; its params differ from those in the file' : '';
  return {
    severity: 'warning',
    code: 'plan.restated',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} the same template and time, and mostly the same game servers: the change in the file does not run it again${params}`,
    hint: `To run it again, ${another(desired)}plan and apply with --replace.`,
    address: desired.address,
    ...desired.at,
  };
}

/** What makes another run of it, as the beginning of a choice; a schedule names its times itself. */
function another({ executeAt, occurrence }: DesiredBatch): string {
  if (occurrence !== null) return '';
  return `give it a new \`${executeAt === null ? 'revision' : 'executeAt'}\`, or `;
}

export function tooLate(desired: DesiredBatch): Diagnostic {
  const { startingDeadline, cutBy } = desired;
  const over =
    cutBy === null
      ? `its starting deadline of ${durationText(startingDeadline)} is over`
      : `${cutBy} has come first`;
  return {
    severity: 'warning',
    code: 'plan.missed',
    message: `its time has passed, and ${over}: it will not be created`,
    hint: laterHint(desired),
    address: desired.address,
    ...desired.at,
  };
}

function laterHint({ occurrence, cutBy }: DesiredBatch): string {
  if (occurrence === null) return 'Give it a new `executeAt`, or remove it from the file.';
  return cutBy !== null
    ? 'Apply more often than its horizon is long.'
    : 'Apply more often than its horizon is long, or give it a longer `startingDeadline`.';
}

/** `phase`: as it was last recorded. */
export function vanished(desired: DesiredBatch, reason: string, isOnce: boolean, phase: string): Diagnostic {
  const why = isOnce
    ? 'it was meant to run once and'
    : phase === 'scheduled' || phase === 'unknown'
      ? 'its time has come, so it'
      : 'it had started when it was last seen, so it';
  return {
    severity: 'warning',
    code: 'plan.vanished',
    message: `${reason}; ${why} will not be recreated`,
    hint: isOnce
      ? 'To run it again, give it a new `revision`.'
      : `To run it again, ${another(desired)}plan and apply with --replace.`,
    address: desired.address,
    ...desired.at,
  };
}

export function cancelledOnce(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.cancelled-outside',
    message: `${batchesWere(ids)} cancelled outside fleetform before it ran; it was meant to run once and will not be recreated`,
    hint: 'To run it again, give it a new `revision`.',
    address: desired.address,
    ...desired.at,
  };
}

/** An interrupted apply cancelled the old one, and its successor comes too late by now. */
export function replaceLost(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.replace-lost',
    message: `${batchesWere(ids)} cancelled to be replaced, but the new time passed before the replacement was created: nothing has run`,
    hint: laterHint(desired),
    address: desired.address,
    ...desired.at,
  };
}

/** An interrupted apply cancelled some of its tasks to replace it, and the file wants it as it was. */
export function ranInHalf(desired: DesiredBatch, ids: readonly Id[], cancelled: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.ran-in-half',
    message: `${cancelled} of the tasks of ${batchesText(ids)} were cancelled to replace it, and the others have run: it will not be recreated`,
    hint: 'To run it again on all of its game servers, plan and apply with --replace.',
    address: desired.address,
    ...desired.at,
  };
}
