/**
 * What a plan needed and did not know: it is made first from the lists, and whatever it asks for
 * beyond them is read (`observe/`), until it asks for nothing new. So nobody keeps a second copy of what a
 * decision depends on.
 */
import type { Id } from '../../model/ids.ts';

/** `one` tells the template, a `sample` the targets as well, `all` how much can still be stopped. */
export type TaskLook = 'one' | 'sample' | 'all';

/** So many tasks. A sample is spread over the whole batch: tasks of one fleet tend to stand together. */
export const TASKS_OF: Readonly<Record<TaskLook, number>> = {
  one: 1,
  sample: 24,
  all: Number.POSITIVE_INFINITY,
};

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
