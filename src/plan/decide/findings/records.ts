/**
 * What is recorded and does not agree with what the API shows, or does not reach as far.
 *
 * Invariant: nothing that is bound is given up, or taken for missing, on the strength of one answer; the hint says what a
 * person has to be sure of first.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic, SourcePlace } from '../../../model/errors.ts';
import type { Id } from '../../../model/ids.ts';
import { LIST_LIMIT } from '../../../model/observed.ts';
import { batchesText } from '../../../model/words.ts';
import type { Question } from '../../sameness/answers.ts';
import { assumeMissing } from './ambiguous.ts';

export function givenAway(address: string, ids: readonly Id[], at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.given-away',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} a different time, template or tasks from what was recorded: the API has reused the id, or the state was edited; it is left alone`,
    hint: `Remove it from the state: \`fleetform state rm '${address}'\`. Then plan again.`,
    address,
    ...at,
  };
}

export function notBelieved(
  address: string,
  { ids, why }: Extract<Question, { kind: 'not-believed' }>,
  at?: SourcePlace,
): Diagnostic {
  const texts = {
    young: `the API does not know ${batchesText(ids)} yet, or no longer; it was created a moment ago`,
    seen: `the API does not know ${batchesText(ids)}, but its game servers still report it`,
    alone: `the API does not know ${batchesText(ids)}, but nothing else confirms that it is gone`,
  };
  const letGo = `If you are sure that it is gone, remove it from the state: \`fleetform state rm '${address}'\`.`;
  return {
    severity: 'error',
    code: 'plan.not-believed',
    message: texts[why],
    hint: `Plan again in a moment.${why === 'young' ? '' : ` ${letGo}`}`,
    address,
    ...at,
  };
}

/** Without a state that reaches as far, a full list may hide what an earlier apply made. */
export function outOfSight(desired: DesiredBatch): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.out-of-sight',
    message:
      `the API's list is full, or nearly so (it shows the last ${LIST_LIMIT} batches), and the state does not reach back to where the list begins: ` +
      'it may already exist out of sight, and the last tasks of its game servers do not show it either way',
    hint: `Restore the state, or bind what exists with \`fleetform import '${desired.address}' BATCHID\`. ${assumeMissing(desired.address)}`,
    address: desired.address,
    ...desired.at,
  };
}
