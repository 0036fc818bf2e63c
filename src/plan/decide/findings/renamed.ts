/**
 * Names that may have shifted: one address asks for what another has run.
 *
 * Invariant: no record follows a name by itself; the hint says how to declare the move, or how to keep both.
 */
import { baseOf } from '../../../model/addresses.ts';
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';

/** A batch without a time has nothing but its address to be told by; a new name must not run it again. */
export function renamedOnce(desired: DesiredBatch, from: string, isFree: boolean): Diagnostic {
  const hint = isFree ? renamedHint(from, desired.address) : `${keepNames(from, desired.address)}.`;
  return {
    severity: 'error',
    code: 'plan.renamed',
    message: `this is exactly what "${from}" has already run: it would run again`,
    hint: `${hint} To run it again, give it a new \`revision\`.`,
    address: desired.address,
    ...desired.at,
  };
}

/** The record of this address is what another one asks for. */
export function heldRecord({ address, at }: DesiredBatch, by: string): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.renamed',
    message: `"${by}" asks for what this address has already run: until that is resolved, its record is left as it is`,
    hint: `${keepNames(address, by)}.`,
    address,
    ...at,
  };
}

/** The file does not name it any more. */
export function heldLeftover(address: string, by: string, isTold: boolean): Diagnostic {
  const why = isTold
    ? `"${by}" asks for what this address has already run`
    : `the template of "${by}" is unknown, and it may ask for what this address has already run`;
  return {
    severity: 'warning',
    code: 'plan.renamed',
    message: `${why}: until that is resolved, its record is left as it is`,
    hint: renamedHint(address, by),
    address,
  };
}

/** `moved` cannot say it: the file still names both, or the record has another under the new name. */
function keepNames(from: string, to: string): string {
  const byHand = `\`fleetform state mv '${from}' '${to}'\``;
  return `Keep the old name for what has run, and give the new block another name; or move the records by hand, the last one first: ${byHand}`;
}

/** What `moved` takes: a schedule goes as a whole. */
export function renamedHint(was: string, is: string): string {
  const [from, to] = [baseOf(was), baseOf(is)];
  if (from === to) return `If it is the same run, move its record: \`fleetform state mv '${was}' '${is}'\`.`;
  return `If it was renamed, declare it: \`moved: [{ from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)} }]\`, or keep the old name for what has run.`;
}
