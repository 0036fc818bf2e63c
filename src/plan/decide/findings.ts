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

/** Why nobody can tell whether a run is there, and the ways out. */
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
        message: `${batchesText(why.ids)}, which ${quotedAddress(why.owner)} was bound to by hand, may be this one`,
        hint: `If it is, take it from there: \`fleetform import --force '${address}' ${why.ids.join(' ')}\`. ${assumeMissing(address)}`,
      };
    case 'beside':
      return {
        ...about,
        code: 'plan.ambiguous',
        message: `beside the batch that is bound, ${batchesText(why.ids)}, which nobody owns, may be this one`,
        hint: `Is the state older than what exists? Look at both. If it is this one: \`fleetform import --force '${address}' ${why.ids[0]}\`; what is bound now is then no plan's to cancel any more.`,
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
        message: `${quotedAddress(why.by)} asks for what this one has made: until that is told, its record stays as it is`,
        hint: `${keepNames(address, why.by)}.`,
      };
    case 'ran-elsewhere':
      return {
        ...about,
        code: 'plan.ambiguous',
        message: `${batchesText(why.ids)}, which ${quotedAddress(why.address)} made, has reached mostly the same game servers with the same template and time: it may be this one`,
        hint: `If it is, let it go on under this name: \`fleetform state mv '${why.address}' '${address}'\`. ${assumeMissing(address)}`,
      };
    case 'given-away':
      return givenAwayFinding(address, why.ids, desired.at);
    case 'has-run':
      return {
        ...about,
        code: 'plan.has-run',
        message: `${batchesWere(why.ids)} exactly this, before the address was used for something else: it would run again`,
        hint: 'To run it again, give it a new `executeAt`, or plan and apply with --replace; else take it out of the file.',
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
    message: `${batchesText(candidates)} ${what}, and nothing tells for certain`,
    hint: `Look at ${them}, then bind the right one: ${command}. If ${them === 'it' ? 'it belongs' : 'they belong'} to somebody else, ${overruled(desired.address)}`,
    address: desired.address,
    ...desired.at,
  };
}

/** Of this address alone: it overrules whatever is in question. */
function assumeMissing(address: string): string {
  return `If it certainly does not exist, ${overruled(address)}`;
}

function overruled(address: string): string {
  return `plan and apply with --assume-missing --target '${address}'.`;
}

function givenAwayFinding(address: string, ids: readonly Id[], at?: SourcePlace): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.given-away',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} another time, template or tasks than was recorded: the API has given the id to another batch, or the record was changed; nothing of it is touched`,
    hint: `Let go of it: \`fleetform state rm '${address}'\`; then plan again.`,
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
    young: `the API does not know ${batchesText(ids)} yet, or no longer; it was made a moment ago`,
    seen: `the API does not know ${batchesText(ids)}, and its game servers tell of it all the same`,
    alone: `the API does not know ${batchesText(ids)}, and nothing else tells that it is gone`,
  };
  const letGo = `If it is certainly gone, let go of it: \`fleetform state rm '${address}'\`.`;
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
      `the API's list is full, or nearly so (it shows the last ${LIST_LIMIT} batches), and no state reaches back to where it begins: ` +
      'it may exist already, out of sight, and the last tasks of its game servers do not tell',
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
    message: `an interrupted apply may have made it, and ${unsureText(unsettled)}`,
    hint: `${again(unsettled)}${bind} ${assumeMissing(desired.address)}`,
    address: desired.address,
    ...desired.at,
  };
}

function unsureText({ why }: Unsettled): string {
  switch (why) {
    case 'behind':
      return "the API's list of batches is behind: it lacks what it showed before";
    case 'doubt':
      return 'it was sent so short a time ago that it may still be carried out';
    default:
      return `the API's list (the last ${LIST_LIMIT} batches) no longer reaches back to then`;
  }
}

/** `isTheSame`: it asks for exactly what the unsettled one does. */
function waitsFor(desired: DesiredBatch, unsettled: Unsettled, isTheSame: boolean): Diagnostic {
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
    severity: 'error',
    code: 'plan.unsettled',
    message: `an interrupted apply may have made ${candidatesText(unsettled)} for it, and nothing tells for certain: nothing of it is cancelled`,
    hint: settleHint(unsettled),
    address: unsettled.intent.address,
  };
}

function candidatesText(unsettled: Unsettled): string {
  const { candidates } = unsettled;
  if (candidates.length > 0) return `batch ${candidates.join(' or ')}`;
  return `a batch that is not in sight (${unsureText(unsettled)})`;
}

/** These heal by themselves. */
function again({ why }: Unsettled): string {
  if (why === 'doubt') return 'Plan again in a moment; apply waits by itself. ';
  return why === 'behind' ? 'Plan again in a moment. ' : '';
}

function settleHint(unsettled: Unsettled): string {
  const { address } = unsettled.intent;
  const id = unsettled.candidates.length === 1 ? unsettled.candidates[0] : 'BATCHID';
  return (
    `${again(unsettled)}If there is one, bind it (the file has to name ${quotedAddress(address)}): \`fleetform import '${address}' ${id}\`. ` +
    `If there is none, let go of it: \`fleetform state rm '${address}'\`.`
  );
}

/** A batch without a time has nothing but its address to be told by; a new name must not run it again. */
function renamedOnce(desired: DesiredBatch, from: string, isFree: boolean): Diagnostic {
  const hint = isFree ? renamedHint(from, desired.address) : `${keepNames(from, desired.address)}.`;
  return {
    severity: 'error',
    code: 'plan.renamed',
    message: `this is exactly what ${quotedAddress(from)} has run: it would run again`,
    hint: `${hint} If it is to run again, give it another \`revision\`.`,
    address: desired.address,
    ...desired.at,
  };
}

/** `moved` cannot say it: the file still names both, or the record has another under the new name. */
function keepNames(from: string, to: string): string {
  const byHand = `\`fleetform state mv '${from}' '${to}'\``;
  return `Let what has run keep its name, and give what is new another one; or move the records by hand, the last one first: ${byHand}`;
}

/** What has run is asked for in other words: on other targets by name, and mostly the same game servers. */
export function restated(desired: DesiredBatch, ids: readonly Id[], hasOtherParams: boolean): Diagnostic {
  const params = hasOtherParams ? '; the params of the file are not those that it had' : '';
  const again = desired.executeAt === null ? 'raise its `revision`' : 'give it a new `executeAt`';
  return {
    severity: 'warning',
    code: 'plan.restated',
    message: `${batchesText(ids)} ${ids.length === 1 ? 'has' : 'have'} the same template and time, and mostly the same game servers: what has changed in the file does not run it again${params}`,
    hint: `To run it again, ${again}, or plan and apply with --replace.`,
    address: desired.address,
    ...desired.at,
  };
}

/** The file does not name it any more. */
export function heldLeftover(address: string, by: string, isTold: boolean): Diagnostic {
  const why = isTold
    ? `${quotedAddress(by)} asks for what this one has made`
    : `the template of ${quotedAddress(by)} is unknown, and it may ask for what this one has made`;
  return {
    severity: 'warning',
    code: 'plan.renamed',
    message: `${why}: until that is told, its record stays as it is`,
    hint: renamedHint(address, by),
    address,
  };
}

function renamedHint(from: string, to: string): string {
  return `If it has got a new name, say so: \`moved: [{ from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)} }]\`, or let what has run keep its name.`;
}

/** Nobody owns it, and it may be the same run as one that is owned, or about to be made. */
export function twinFinding({ batch, address, beside }: Twin): Diagnostic {
  const what =
    beside.length === 0 ? 'what would be made here' : `what this address has in ${batchesText(beside)}`;
  return {
    severity: 'warning',
    code: 'plan.twin',
    message: `batch ${batch.id}, which nobody owns, may be the same run as ${what}: it looks like what is asked for here in template, time and game servers`,
    hint: 'Whoever made it may not have known of the other. Look at both, and cancel the one that is too many.',
    address,
  };
}

/** It may be the same run as something that lives, and that something is not cancelled by what is selected. */
export function waitsForLive(address: string, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.waits',
    message: `${batchesText(ids)} may be the same run, and nothing of this plan cancels ${ids.length === 1 ? 'it' : 'them'}`,
    hint: 'Nothing that may be the same run is made beside it. Plan without --target and --exclude, or name what owns it, too.',
    address,
  };
}

/** An interrupted apply cancelled the old one, and its successor comes too late by now. */
export function replaceLost(desired: DesiredBatch, ids: readonly Id[]): Diagnostic {
  return {
    severity: 'error',
    code: 'plan.replace-lost',
    message: `${batchesWere(ids)} cancelled to be replaced, and the new time has passed before its successor was made: nothing has run`,
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
    message: `${cancelled} of the tasks of ${batchesText(ids)} were cancelled to replace it, and the others have run: it is not made again`,
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

/** `phase`: as it was last recorded. */
export function vanished(desired: DesiredBatch, reason: string, isOnce: boolean, phase: string): Diagnostic {
  const why = isOnce
    ? 'it was to run once'
    : phase === 'scheduled' || phase === 'unknown'
      ? 'its time has come'
      : 'it had begun when it was last seen';
  return {
    severity: 'warning',
    code: 'plan.vanished',
    message: `${reason}; ${why}, so it is not made again`,
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
