/**
 * Batches that may already be the wanted run.
 *
 * Invariant: each names all of them, how to bind the right one, and, where the run may be missing, how to overrule the
 * doubt for this address alone.
 */
import type { DesiredBatch } from '../../../model/desired.ts';
import type { Diagnostic } from '../../../model/errors.ts';
import type { Id } from '../../../model/ids.ts';
import { batchesText } from '../../../model/words.ts';
import type { Question } from '../../sameness/answers.ts';

export function ambiguous(desired: DesiredBatch, candidates: readonly Id[], flag = ''): Diagnostic {
  const what = candidates.length === 1 ? 'may already be this one' : 'could each be this one';
  const command = `\`fleetform import${flag} '${desired.address}' ${candidates.length === 1 ? candidates[0] : 'BATCHID'}\``;
  const them = candidates.length === 1 ? 'it' : 'them';
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `${batchesText(candidates)} ${what}, but the evidence is inconclusive`,
    hint: `Check ${them}, then bind the right one: ${command}. If ${them === 'it' ? 'it is' : 'they are'} someone else's, ${overruled(desired.address)}`,
    address: desired.address,
    ...desired.at,
  };
}

/** A person has bound them to another address. */
export function boundElsewhere(
  { address, at }: DesiredBatch,
  { ids, owner }: Extract<Question, { kind: 'bound-elsewhere' }>,
): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `${batchesText(ids)}, bound to "${owner}" by hand, may be this one`,
    hint: `If it is, bind it here instead: \`fleetform import --force '${address}' ${ids.join(' ')}\`. ${assumeMissing(address)}`,
    address,
    ...at,
  };
}

/** What is bound lives, too. */
export function besideBound({ address, at }: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `besides the bound batch, unmanaged ${batchesText(ids)} may be this one`,
    hint: `The state may be out of date. Check both. If it is this one: \`fleetform import --force '${address}' ${ids[0]}\`. After that, no plan cancels the batch that is bound now.`,
    address,
    ...at,
  };
}

/** The record of another address has them. */
export function ranElsewhere(
  { address, at }: DesiredBatch,
  { ids, address: owner }: Extract<Question, { kind: 'ran-elsewhere' }>,
): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `${batchesText(ids)}, created by "${owner}", ran on mostly the same game servers with the same template and time: it may be this one`,
    hint: `If it is, move its record to this address: \`fleetform state mv '${owner}' '${address}'\`. ${assumeMissing(address)}`,
    address,
    ...at,
  };
}

/** Of this address alone: it overrules whatever is in question. */
export function assumeMissing(address: string): string {
  return `If you are sure that it does not exist, ${overruled(address)}`;
}

function overruled(address: string): string {
  return `plan and apply with --assume-missing --target '${address}'.`;
}
