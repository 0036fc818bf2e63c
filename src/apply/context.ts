/** What every step of an apply works with. Clocks, waiting and names are passed in: a test drives them. */
import type { BeforeSend, FleetApi } from '../api/port.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import { FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import type { Observation } from '../model/observed.ts';
import { batchesText } from '../model/words.ts';
import type { Journal } from '../state/journal.ts';

export interface ApplyContext {
  readonly api: FleetApi;
  readonly journal: Journal;
  /** What the plan was made from: the templates, and today's game servers. */
  readonly observation: Observation;
  /** Unix seconds, by the API's clock: for what is due. It jumps with the node that answers. */
  readonly now: () => number;
  /** Unix seconds, by this machine's clock: for how long something takes. */
  readonly machineNow: () => number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly newId: () => string;
  readonly emit: (event: ApplyEvent) => void;
  /** Aborted: start nothing new, wait for nothing, finish what is in flight. */
  readonly stop: AbortSignal;
  /** Seconds for which a write without a clear answer is in doubt. */
  readonly settle: number;
  /**
   * For every request that writes, right before it goes out: nothing is sent without the lock, and nothing once the
   * apply is to stop. Throws a `NotSent`, or `state.lock-lost`.
   */
  readonly beforeSend: BeforeSend;
}

/** How often a create that is certainly absent is sent in all. */
export const MOST_SENDS = 3;

/** Thrown before a request goes out: it certainly was not sent. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly result: StepResult;

  constructor(result: StepResult) {
    super('not sent');
    this.result = result;
  }
}

export type StepResult =
  | { readonly outcome: 'done' }
  /** `isCut`: by a stop, when a part of it had been done. */
  | { readonly outcome: 'failed' | 'unknown'; readonly error: FleetformError; readonly isCut?: true }
  | { readonly outcome: 'skipped'; readonly reason: string };

export const DONE: StepResult = { outcome: 'done' };
export const INTERRUPTED: StepResult = { outcome: 'skipped', reason: 'interrupted' };

/** What a stop has cut in two is no longer as it was, and not as it should be: that is told, not skipped. */
export function cut(outcome: 'failed' | 'unknown', code: string, message: string): StepResult {
  return { outcome, error: new FleetformError(code, message, { hint: 'Apply again.' }), isCut: true };
}

/** Of the tasks of one change. `inDoubt`: it was sent, and nothing has confirmed it. */
export interface Part {
  readonly done: number;
  readonly inDoubt: number;
  readonly total: number;
}

/** `2 of 6 tasks of batch 41 are paused, 1 may be (not confirmed), the others are not`. */
export function partText({ done, inDoubt, total }: Part, batchIds: readonly Id[], verb: string): string {
  const doubt = inDoubt === 0 ? '' : `, ${inDoubt} may be (not confirmed)`;
  const others = done + inDoubt < total ? ', the others are not' : '';
  return `${done} of ${total} tasks of ${batchesText(batchIds)} ${done === 1 ? 'is' : 'are'} ${verb}${doubt}${others}`;
}

export function failed(code: string, message: string, hint?: string): StepResult {
  return { outcome: 'failed', error: new FleetformError(code, message, hint === undefined ? {} : { hint }) };
}
