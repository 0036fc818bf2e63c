/**
 * What a plan needed and did not know: it is made first from the lists, and whatever it asks for
 * beyond them is read (`observe/`), until it asks for nothing new. So nobody keeps a second copy of what a
 * decision depends on.
 */
import type { Id } from '../../model/ids.ts';

/** `sample` tells template and targets, `all` how much can still be stopped. */
export type TaskLook = 'sample' | 'all';

/** A sample is spread over the whole batch: tasks of one fleet tend to stand together. */
export const SAMPLE = 24;

export interface Asked {
  /** Batches that the list does not show. */
  readonly batches: ReadonlySet<Id>;
  /** How closely to look at the tasks of a batch. */
  readonly tasks: ReadonlyMap<Id, TaskLook>;
  readonly fleets: ReadonlySet<Id>;
  readonly regions: ReadonlySet<Id>;
  /** Where each game server of the account belongs. */
  readonly homes: boolean;
  /** Game servers whose last tasks are to be looked at. */
  readonly histories: ReadonlySet<Id>;
}

export interface Questions extends Asked {
  readonly batches: Set<Id>;
  readonly tasks: Map<Id, TaskLook>;
  readonly fleets: Set<Id>;
  readonly regions: Set<Id>;
  homes: boolean;
  readonly histories: Set<Id>;
}

export function noQuestions(): Questions {
  return {
    batches: new Set(),
    tasks: new Map(),
    fleets: new Set(),
    regions: new Set(),
    homes: false,
    histories: new Set(),
  };
}
