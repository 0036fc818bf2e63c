/**
 * What an earlier apply may have created.
 *
 * Invariant: it is told as a doubt about one batch, never as a fact; nothing is said to be created or cancelled until a
 * person, or a later look, has settled it.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import { LIST_LIMIT } from '../../../model/observed.ts';
import type { Unsettled } from '../../sameness/settle.ts';
import { ambiguous, assumeMissing } from './ambiguous.ts';
import { renamedHint } from './renamed.ts';

/** Its own create is what an earlier apply left unsettled. */
export function leftInDoubt(desired: DesiredBatch, unsettled: Unsettled): Diagnostic {
  if (unsettled.candidates.length > 0) return ambiguous(desired, unsettled.candidates);
  const bind = `If it exists, bind it: \`fleetform import '${desired.address}' BATCHID\`.`;
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `an earlier apply may have created it, and ${unsureText(unsettled)}`,
    hint: `${again(unsettled)}${bind} ${assumeMissing(desired.address)}`,
    address: desired.address,
    ...desired.at,
  };
}

/** `isTheSame`: it asks for exactly what the unsettled one does. */
export function waitsFor(desired: DesiredBatch, unsettled: Unsettled, isTheSame: boolean): Diagnostic {
  const { address } = unsettled.intent;
  return {
    severity: 'error',
    code: 'plan.unsettled',
    message:
      `an earlier apply may have created ${candidatesText(unsettled)} for "${address}"; ` +
      'until that is resolved, no other batch with this template and time is created',
    hint: `${isTheSame ? `${renamedHint(address, desired.address)} ` : ''}${settleHint(unsettled)}`,
    address: desired.address,
    ...desired.at,
  };
}

/** The file names `address` no longer, or everything is being destroyed. */
export function unsettledLeftover(unsettled: Unsettled): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.unsettled',
    message: `an earlier apply may have created ${candidatesText(unsettled)} for it, but the evidence is inconclusive: nothing is cancelled`,
    hint: settleHint(unsettled),
    address: unsettled.intent.address,
  };
}

function unsureText({ why }: Unsettled): string {
  switch (why) {
    case 'behind':
      return "the API's list of batches is behind: batches that it showed before are missing";
    case 'doubt':
      return 'it was sent so recently that it may still take effect';
    default:
      return `the API's list (the last ${LIST_LIMIT} batches) no longer reaches back that far`;
  }
}

function candidatesText(unsettled: Unsettled): string {
  const { candidates } = unsettled;
  if (candidates.length > 0) return `batch ${candidates.join(' or ')}`;
  return `a batch that is out of sight (${unsureText(unsettled)})`;
}

/** These heal by themselves. */
function again({ why }: Unsettled): string {
  if (why === 'doubt') return 'Plan again in a moment; apply waits on its own. ';
  return why === 'behind' ? 'Plan again in a moment. ' : '';
}

function settleHint(unsettled: Unsettled): string {
  const { address } = unsettled.intent;
  const id = unsettled.candidates.length === 1 ? unsettled.candidates[0] : 'BATCHID';
  return (
    `${again(unsettled)}If there is one, bind it (the file must contain "${address}"): \`fleetform import '${address}' ${id}\`. ` +
    `If there is none, remove it from the state: \`fleetform state rm '${address}'\`.`
  );
}
