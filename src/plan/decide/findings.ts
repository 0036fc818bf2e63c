/** What `decide` has to say about a batch, in words: each with a way out. */
import type { DesiredBatch } from '../../model/desired.ts';
import type { Diagnostic, SourcePlace } from '../../model/errors.ts';
import type { Id } from '../../model/ids.ts';
import { LIST_LIMIT, type ObservedBatch } from '../../model/observed.ts';
import { batchesText, durationText } from '../../model/words.ts';
import type { Question } from '../sameness/answers.ts';
import type { Unsettled } from '../sameness/settle.ts';
import type { Twin } from '../sameness/twins.ts';

/** `batch 41 was`, `batches 41, 42 were`. */
export function batchesWere(ids: readonly Id[]): string {
  return `${batchesText(ids)} ${ids.length === 1 ? 'was' : 'were'}`;
}

function quotedAddress(address: string): string {
  return `"${address}"`;
}

/** Why it is unknown whether a run is there, and the ways out. */
export function questionFinding(desired: DesiredBatch, why: Question): Diagnostic {
  const { address } = desired;
  const about = { severity: 'error', address, ...desired.at } as const;
  switch (why.kind) {
    case 'candidates':
      return ambiguous(desired, why.ids, why.isBound === true ? ' --force' : '');
    case 'bound-elsewhere':
      return {
        ...about,
        code: 'plan.ambiguous',
        message: `${batchesText(why.ids)}, bound to ${quotedAddress(why.owner)} by hand, may be this one`,
        hint: `If it is, bind it here instead: \`fleetform import --force '${address}' ${why.ids.join(' ')}\`. ${assumeMissing(address)}`,
      };
    case 'beside':
      return {
        ...about,
        code: 'plan.ambiguous',
        message: `besides the bound batch, unmanaged ${batchesText(why.ids)} may be this one`,
        hint: `The state may be out of date. Check both. If it is this one: \`fleetform import --force '${address}' ${why.ids[0]}\`. After that, no plan cancels the batch that is bound now.`,
      };
    case 'left-in-doubt':
      return leftInDoubt(desired, why.unsettled);
    case 'behind-unsettled':
      return waitsFor(desired, why.unsettled, why.isTheSame);
    case 'renamed':
      return renamedOnce(desired, why.from, why.isFree);
    case 'held':
      return {
        ...about,
        code: 'plan.renamed',
        message: `${quotedAddress(why.by)} asks for what this address has already run: until that is resolved, its record is left as it is`,
        hint: `${keepNames(address, why.by)}.`,
      };
    case 'ran-elsewhere':
      return {
        ...about,
        code: 'plan.ambiguous',
        message: `${batchesText(why.ids)}, created by ${quotedAddress(why.address)}, ran on mostly the same game servers with the same template and time: it may be this one`,
        hint: `If it is, move its record to this address: \`fleetform state mv '${why.address}' '${address}'\`. ${assumeMissing(address)}`,
      };
    case 'given-away':
      return givenAwayFinding(address, why.ids, desired.at);
    case 'has-run':
      return {
        ...about,
        code: 'plan.has-run',
        message: `${batchesWere(why.ids)} exactly this, before the address was reused for something else: it would run again`,
        hint: 'To run it again, give it a new `executeAt`, or plan and apply with --replace. Otherwise, remove it from the file.',
      };
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
  return why.kind === 'given-away' ? givenAwayFinding(address, why.ids) : notBelieved(address, why);
}

function ambiguous(desired: DesiredBatch, candidates: readonly Id[], flag = ''): Diagnostic {
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

/** Of this address alone: it overrules whatever is in question. */
function assumeMissing(address: string): string {
  return `If you are sure that it does not exist, ${overruled(address)}`;
}

function overruled(address: string): string {
  return `plan and apply with --assume-missing --target '${address}'.`;
}

function givenAwayFinding(address: string, ids: readonly Id[], at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.given-away',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} a different time, template or tasks from what was recorded: the API has reused the id, or the state was edited; it is left alone`,
    hint: `Remove it from the state: \`fleetform state rm '${address}'\`. Then plan again.`,
    address,
    ...at,
  };
}

function notBelieved(
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
function outOfSight(desired: DesiredBatch): Diagnostic {
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

/** Its own create is what an interrupted apply left unsettled. */
function leftInDoubt(desired: DesiredBatch, unsettled: Unsettled): Diagnostic {
  if (unsettled.candidates.length > 0) return ambiguous(desired, unsettled.candidates);
  const bind = `If it exists, bind it: \`fleetform import '${desired.address}' BATCHID\`.`;
  return {
    severity: 'error',
    code: 'plan.ambiguous',
    message: `an interrupted apply may have created it, and ${unsureText(unsettled)}`,
    hint: `${again(unsettled)}${bind} ${assumeMissing(desired.address)}`,
    address: desired.address,
    ...desired.at,
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

/** `isTheSame`: it asks for exactly what the unsettled one does. */
function waitsFor(desired: DesiredBatch, unsettled: Unsettled, isTheSame: boolean): Diagnostic {
  const { address } = unsettled.intent;
  return {
    severity: 'error',
    code: 'plan.unsettled',
    message:
      `an interrupted apply may have created ${candidatesText(unsettled)} for ${quotedAddress(address)}; ` +
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
    message: `an interrupted apply may have created ${candidatesText(unsettled)} for it, but the evidence is inconclusive: nothing is cancelled`,
    hint: settleHint(unsettled),
    address: unsettled.intent.address,
  };
}

function candidatesText(unsettled: Unsettled): string {
  const { candidates } = unsettled;
  if (candidates.length > 0) return `batch ${candidates.join(' or ')}`;
  return `a batch that is out of sight (${unsureText(unsettled)})`;
}

/** These heal by themselves. */
function again({ why }: Unsettled): string {
  if (why === 'doubt') return 'Plan again in a moment; apply waits on its own.  ';
  return why === 'behind' ? 'Plan again in a moment. ' : '';
}

function settleHint(unsettled: Unsettled): string {
  const { address } = unsettled.intent;
  const id = unsettled.candidates.length === 1 ? unsettled.candidates[0] : 'BATCHID';
  return (
    `${again(unsettled)}If there is one, bind it (the file must contain ${quotedAddress(address)}): \`fleetform import '${address}' ${id}\`. ` +
    `If there is none, remove it from the state: \`fleetform state rm '${address}'\`.`
  );
}

/** A batch without a time has nothing but its address to be told by; a new name must not run it again. */
function renamedOnce(desired: DesiredBatch, from: string, isFree: boolean): Diagnostic {
  const hint = isFree ? renamedHint(from, desired.address) : `${keepNames(from, desired.address)}.`;
  return {
    severity: 'error',
    code: 'plan.renamed',
    message: `this is exactly what ${quotedAddress(from)} has already run: it would run again`,
    hint: `${hint} To run it again, give it a new \`revision\`.`,
    address: desired.address,
    ...desired.at,
  };
}

/** `moved` cannot say it: the file still names both, or the record has another under the new name. */
function keepNames(from: string, to: string): string {
  const byHand = `\`fleetform state mv '${from}' '${to}'\``;
  return `Keep the old name for what has run, and give the new block another name; or move the records by hand, the last one first: ${byHand}`;
}

/** What has run is asked for in other words: on other targets by name, and mostly the same game servers. */
export function restated(desired: DesiredBatch, ids: readonly Id[], hasOtherParams: boolean): Diagnostic {
  const params = hasOtherParams ? '; its params differ from those in the file' : '';
  const again = desired.executeAt === null ? 'give it a new `revision`' : 'give it a new `executeAt`';
  return {
    severity: 'warning',
    code: 'plan.restated',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} the same template and time, and mostly the same game servers: the change in the file does not run it again${params}`,
    hint: `To run it again, ${again}, or plan and apply with --replace.`,
    address: desired.address,
    ...desired.at,
  };
}

/** The file does not name it any more. */
export function heldLeftover(address: string, by: string, isTold: boolean): Diagnostic {
  const why = isTold
    ? `${quotedAddress(by)} asks for what this address has already run`
    : `the template of ${quotedAddress(by)} is unknown, and it may ask for what this address has already run`;
  return {
    severity: 'warning',
    code: 'plan.renamed',
    message: `${why}: until that is resolved, its record is left as it is`,
    hint: renamedHint(address, by),
    address,
  };
}

function renamedHint(from: string, to: string): string {
  return `If it was renamed, declare it: \`moved: [{ from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)} }]\`, or keep the old name for what has run.`;
}

/** Nobody owns it, and it may be the same run as one that is owned, or about to be made. */
export function twinFinding({ batch, address, beside }: Twin): Diagnostic {
  const what = beside.length === 0 ? 'what would be created here' : `${batchesText(beside)} of this address`;
  return {
    severity: 'warning',
    code: 'plan.twin',
    message: `unmanaged batch ${batch.id} may be the same run as ${what}: its template, time and game servers match what the file asks for here`,
    hint: 'Whoever created it may not have known about the other. Check both, and cancel the extra one.',
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

/** An interrupted apply cancelled the old one, and its successor comes too late by now. */
export function replaceLost(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.replace-lost',
    message: `${batchesWere(ids)} cancelled to be replaced, but the new time passed before the replacement was created: nothing has run`,
    hint: 'Give it a new `executeAt`, or remove it from the file.',
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

export function prevented(address: string, action: string, at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.prevented',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` forbids that`,
    hint:
      at === undefined
        ? 'Restore its block with `preventCancel: false`, and apply that first.'
        : 'Set `preventCancel: false` on its block and apply that first.',
    address,
    ...at,
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

/** The state remembers the guard, the file lifts it and changes the batch in one step. */
export function guardLifted(desired: DesiredBatch, action: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'plan.guard-lifted',
    message: `the plan would ${action} it, and \`lifecycle.preventCancel\` was in force until this change to the file`,
    hint: 'If that is not intended, restore `preventCancel: true`.',
    address: desired.address,
    ...desired.at,
  };
}

/** Nothing is called for it, so no change would tell. */
export function guardRecorded(desired: DesiredBatch): Diagnostic {
  const message = desired.preventCancel
    ? 'once applied, `lifecycle.preventCancel` protects it, even if its block is deleted'
    : 'once applied, `lifecycle.preventCancel` no longer protects it';
  return { severity: 'note', code: 'plan.guard', message, address: desired.address, ...desired.at };
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

export function tooLate(desired: DesiredBatch): Diagnostic {
  const deadline = durationText(desired.startingDeadline);
  return {
    severity: 'warning',
    code: 'plan.missed',
    message: `its time has passed, and its starting deadline of ${deadline} is over: it will not be created`,
    hint: 'Give it a new `executeAt`, or remove it from the file.',
    address: desired.address,
    ...desired.at,
  };
}

/** `phase`: as it was last recorded. */
export function vanished(desired: DesiredBatch, reason: string, isOnce: boolean, phase: string): Diagnostic {
  const why = isOnce
    ? 'it was meant to run once'
    : phase === 'scheduled' || phase === 'unknown'
      ? 'its time has come, so it'
      : 'it had started when it was last seen, so it';
  return {
    severity: 'warning',
    code: 'plan.vanished',
    message: `${reason}; ${why} will not be recreated`,
    hint: isOnce
      ? 'To run it again, give it a new `revision`.'
      : 'To run it again, give it a new `executeAt`.',
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
