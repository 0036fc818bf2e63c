/** What an account has and no file asks for: a live batch in the words of a block, and why one is left out. */
import type { Targets } from './desired.ts';
import type { Id } from './ids.ts';
import type { Template } from './observed.ts';

/** Batches that are all the same are one. */
export interface LiveBatch {
  /** In the order of their numbers. */
  readonly ids: readonly Id[];
  readonly template: Pick<Template, 'id' | 'name'>;
  /** At most one fleet and one region, as a target of a block has. No labels: the API does not tell them. */
  readonly targets: Targets;
  /** Unix seconds; null: the API names no time. */
  readonly executeAt: number | null;
  /** Of what is not over of it, every task is paused. */
  readonly isPaused: boolean;
  /** Game servers. */
  readonly servers: number;
  /** How many of them the inventory no longer has. */
  readonly gone: number;
  /** The API does not say whether the template requires params. */
  readonly mayHaveParams: boolean;
}

/** `unselected` and `ended` need no word each: they are counted. */
export type LeftOutCode =
  | 'no-tasks'
  | 'unread-tasks'
  | 'unknown-template'
  | 'ambiguous-template'
  | 'params'
  | 'time'
  | 'owned'
  | 'unwritable'
  | 'unsettled';

export interface LeftOut {
  readonly id: Id;
  readonly code: LeftOutCode;
  /** Ends like a sentence without its full stop; safe to print. */
  readonly reason: string;
}

export interface LiveBatches {
  readonly batches: readonly LiveBatch[];
  readonly leftOut: readonly LeftOut[];
  /** Batches in sight of which nothing can run any more. */
  readonly ended: number;
  /** Live ones that the selection leaves out. */
  readonly unselected: number;
}
