/** What every step of an apply works with. Clocks, waiting and names are passed in: a test drives them. */
import type { FleetApi } from '../api/port.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import { FleetformError } from '../model/errors.ts';
import type { Observation } from '../model/observed.ts';
import type { Journal } from '../state/journal.ts';

export interface ApplyContext {
  readonly api: FleetApi;
  readonly journal: Journal;
  /** What the plan was made from: the templates, and today's game servers. */
  readonly observation: Observation;
  /** Unix seconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newId: () => string;
  readonly emit: (event: ApplyEvent) => void;
  /** Aborted: start nothing new, finish what is in flight. */
  readonly stop: AbortSignal;
  readonly patience: Patience;
}

/** How long a create without a clear answer is looked for before it counts as absent, in milliseconds. */
export interface Patience {
  /** The pauses between one look at the lists and the next. */
  readonly looks: readonly number[];
  /** How often a create that is certainly absent is sent in all. */
  readonly sends: number;
}

/** Eleven seconds and a half in all: lists that lag by some seconds have caught up by then. */
export const DEFAULT_PATIENCE: Patience = { looks: [250, 500, 750, 1000, 2000, 3000, 4000], sends: 3 };

export type StepResult =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed' | 'unknown'; readonly error: FleetformError }
  | { readonly outcome: 'skipped'; readonly reason: string };

export const DONE: StepResult = { outcome: 'done' };
export const INTERRUPTED: StepResult = { outcome: 'skipped', reason: 'interrupted' };

export function failed(code: string, message: string, hint?: string): StepResult {
  return { outcome: 'failed', error: new FleetformError(code, message, hint === undefined ? {} : { hint }) };
}
