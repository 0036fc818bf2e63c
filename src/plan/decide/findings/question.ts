/**
 * What is said of each question that `sameness` leaves open: why it is unknown whether a run is there. The table of
 * contents of the findings about doubt, beside it in this folder.
 *
 * Invariant: every kind of question has a finding, and every finding is an error with a way out.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import type { Question } from '../../sameness/answers.ts';
import { ambiguous, besideBound, boundElsewhere, ranElsewhere } from './ambiguous.ts';
import { hasRun } from './past.ts';
import { givenAway, notBelieved, outOfSight } from './records.ts';
import { heldRecord, renamedOnce } from './renamed.ts';
import { leftInDoubt, waitsFor } from './unsettled.ts';

/** Why it is unknown whether a run is there, and the ways out. */
export function questionFinding(desired: DesiredBatch, why: Question): Diagnostic {
  const { address } = desired;
  switch (why.kind) {
    case 'candidates':
      return ambiguous(desired, why.ids, why.isBound === true ? ' --force' : '');
    case 'bound-elsewhere':
      return boundElsewhere(desired, why);
    case 'beside':
      return besideBound(desired, why.ids);
    case 'left-in-doubt':
      return leftInDoubt(desired, why.unsettled);
    case 'behind-unsettled':
      return waitsFor(desired, why.unsettled, why.isTheSame);
    case 'renamed':
      return renamedOnce(desired, why.from, why.isFree);
    case 'held':
      return heldRecord(desired, why.by);
    case 'ran-elsewhere':
      return ranElsewhere(desired, why);
    case 'given-away':
      return givenAway(address, why.ids, desired.at);
    case 'has-run':
      return hasRun(desired, why.ids);
    case 'not-believed':
      return notBelieved(address, why, desired.at);
    case 'out-of-sight':
      return outOfSight(desired);
  }
}

/** The same of an address that the file does not name. */
export function undesiredFinding(
  address: string,
  why: Extract<Question, { kind: 'given-away' | 'not-believed' }>,
): Diagnostic {
  return why.kind === 'given-away' ? givenAway(address, why.ids) : notBelieved(address, why);
}
