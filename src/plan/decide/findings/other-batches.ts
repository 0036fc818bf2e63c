/**
 * Batches beside the run that may be the same, and are bound to nothing here: unmanaged ones, those to wait for, and
 * those that evidence has found.
 *
 * Invariant: which batch it is, is said by its id.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import type { Id } from '../../../model/ids.ts';
import type { ObservedBatch } from '../../../model/observed.ts';
import { batchesText } from '../../../model/words.ts';
import type { Twin } from '../../sameness/twins.ts';

/** Nobody owns it, and it may be the same run as one that is owned, or about to be made. */
export function twinFinding({ batch, address, beside, isOver }: Twin): Diagnostic {
  const what = beside.length === 0 ? 'what would be created here' : `${batchesText(beside)} of this address`;
  return {
    severity: 'warning',
    code: 'plan.twin',
    message: `unmanaged batch ${batch.id}${isOver ? ', which is over,' : ''} may be the same run as ${what}: its template, time and game servers match what the file asks for here`,
    hint: `Whoever created it may not have known about the other. ${isOver ? 'Nothing of it is left to cancel: check whether the run was meant to happen twice.' : 'Check both, and cancel the extra one.'}`,
    address,
  };
}

/** It may be the same run as something that lives, and that something is not cancelled by what is selected. */
export function waitsForLive(address: string, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.waits',
    message: `${batchesText(ids)} may be the same run, and nothing in this plan cancels ${ids.length === 1 ? 'it' : 'them'}`,
    hint: 'Nothing is created while another batch may be the same run. Plan without --target and --exclude, or also target the address that owns it.',
    address,
  };
}

export function notBoundYet(desired: DesiredBatch, found: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.replace-unbound',
    message: `--replace works on batches that the state binds, but ${batchesText(found)} was only found by evidence`,
    hint: 'Apply without --replace first to adopt it, then replace it.',
    address: desired.address,
    ...desired.at,
  };
}

export function partialAdoption(desired: DesiredBatch, found: ObservedBatch, today: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.partial-adoption',
    message: `batch ${found.id} covers ${found.numTasks} game servers, ${desired.targetText} has ${today} now`,
    address: desired.address,
    ...desired.at,
  };
}
