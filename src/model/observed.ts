/**
 * What the API says exists: plain data, gathered once by `observe/`, judged by `plan/`.
 *
 * Facts of the API (https://api.i3d.net, ApplicationInstanceTask v3): a batch names neither its template nor its
 * targets, a task names its game server and, by assumption, its template; the lists show the last 100 only.
 * All times are unix seconds; null is "not yet" (the API says 0, null or nothing).
 */
import type { Id } from './ids.ts';

/** The API lists at most this many tasks and batches, the newest. */
export const LIST_LIMIT = 100;

/** Of one game server, the API lists at most this many tasks, the newest. */
export const SERVER_LIST_LIMIT = 50;

/**
 * The API's last `LIST_LIMIT` of something, each row once. `isFull`: the answer had as many rows as it can have, be
 * it that some were the same.
 */
export type Listed<T> = T[] & { readonly isFull?: boolean };

/** Older rows than those in the list may be out of sight. */
export function isFullList(list: readonly unknown[] & Pick<Listed<unknown>, 'isFull'>): boolean {
  return list.isFull ?? list.length >= LIST_LIMIT;
}

/**
 * pending 0, running 1, paused 2, cancelled 125, failed 126, done 127. `unknown` is any other code: not final.
 */
export type TaskPhase = 'pending' | 'running' | 'paused' | 'cancelled' | 'failed' | 'done' | 'unknown';

/** A template that the API offers. */
export interface Template {
  readonly id: Id;
  readonly name: string;
  readonly description: string;
  /** null: the API didn't say. */
  readonly requiredParams: readonly string[] | null;
}

/** What a batch does on one game server. */
export interface Task {
  readonly id: Id;
  readonly name: string;
  readonly batchId: Id;
  /** The game server. */
  readonly entityId: Id;
  readonly phase: TaskPhase;
  /** As the API gave it. */
  readonly resultCode: number;
  readonly currentActionIdx: number | null;
  readonly executeAt: number | null;
  readonly lastActivityAt: number | null;
  readonly finishedAt: number | null;
  /** Free text from the host agent: untrusted. */
  readonly resultText: string;
}

/** A task batch, as the API tells of it; times are unix seconds. */
export interface Batch {
  readonly id: Id;
  readonly createdAt: number | null;
  readonly executeAt: number | null;
  readonly finishedAt: number | null;
  readonly numTasks: number;
  readonly numTasksOk: number;
  readonly numTasksFailed: number;
  readonly numTasksCancelled: number;
  readonly taskIds: readonly Id[];
}

/** A batch with the tasks of it that were looked at: all, a sample, or none. */
export interface ObservedBatch extends Batch {
  /** Told by its tasks; null: nobody looked, it has no tasks, or their name is no template's. */
  readonly templateName: string | null;
  readonly tasks: readonly Task[];
}

/** A game server, and where it belongs; null: to none that is known. */
export interface Instance {
  readonly id: Id;
  readonly fleetId: Id | null;
  readonly regionId: Id | null;
}

/** A fleet that the API has shown. */
export interface Fleet {
  readonly id: Id;
  /** Empty where the API says none. */
  readonly name: string;
}

/** Where a game server belongs, for as long as it lives. */
export type Home = Pick<Instance, 'fleetId' | 'regionId'>;

/** Which game servers a fleet or region holds today; only what was asked for is in here. */
export interface Inventory {
  readonly fleets: Readonly<Record<Id, readonly Id[]>>;
  readonly regions: Readonly<Record<Id, readonly Id[]>>;
  /** All game servers of the account, by id; null: nobody asked, or no answer. */
  readonly homes: ReadonlyMap<Id, Home> | null;
  /** Why some of it is missing, in words for people; null: all that was asked for was answered. */
  readonly unavailable: string | null;
}

/** The last tasks of one game server, whoever made them: they tell of batches that have left the list. */
export interface ServerHistory {
  readonly tasks: readonly Pick<Task, 'batchId' | 'executeAt'>[];
  /** As many tasks as the API reports: older ones may be out of sight. */
  readonly isFull: boolean;
}

/** What a plan knows of the API: all that was read of it. */
export interface Observation {
  readonly templates: readonly Template[];
  /** From the list, and those that were asked for one by one. In no particular order, none twice. */
  readonly batches: readonly ObservedBatch[];
  /** The ids that the list of batches showed. */
  readonly listed: readonly Id[];
  /** The list showed as many batches as it can: older ones may be out of sight. */
  readonly batchListFull: boolean;
  /** `createdAt` of the newest batch in the list; null: nothing is listed, or no times are told. */
  readonly newestListed: number | null;
  /** Batches that the API says it does not know, though it shows tasks of them: as far as these tell. */
  readonly ghosts: readonly ObservedBatch[];
  /** Batch ids that the API says, each time it was asked, that it does not know. */
  readonly missing: readonly Id[];
  /** By game server, of those that were asked about; null: no answer. */
  readonly histories: Readonly<Record<Id, ServerHistory | null>>;
  readonly inventory: Inventory;
  /** How many tasks were seen in all. */
  readonly tasks: number;
  /** Unix seconds, by the API's clock: when the lists were read. */
  readonly at: number;
  /** Seconds that the API's clock is ahead of this machine's; 0: they agree, or nobody knows. */
  readonly clockAhead: number;
}
