/**
 * The plan: plain JSON data, versioned and hashable, made by `plan/`, shown by `render/`, done by `apply/`.
 * Its JSON form is `schemas/plan.schema.json`. An action that the API cannot do does not exist in the type.
 */

import type { BatchPhase, TaskCounts } from './batch-phase.ts';
import type { Diagnostic } from './errors.ts';
import type { Id } from './ids.ts';
import type { Spec } from './state.ts';

/** What every change says. */
export interface ChangeBase {
  readonly address: string;
  /** Why, in a few words for people. */
  readonly reason: string;
  /** The batches that exist and that this is about. */
  readonly batchIds: readonly Id[];
  /** Game servers that it reaches; of several batches that exist, their tasks. null: the inventory didn't tell. */
  readonly servers: number | null;
  /** The target in the file's own words (`fleet eu`), or from the state's spec. */
  readonly targetText: string;
}

/** What is there today, of a bound or adopted batch. */
export interface Existing {
  readonly phase: BatchPhase | 'unknown';
  readonly tasks: TaskCounts;
}

/** What makes a batch. */
export interface Making {
  readonly after: Spec;
  /** `specDigest(after)`. */
  readonly digest: string;
  readonly paused: boolean;
  readonly preventCancel: boolean;
  /** Unix seconds: it is not sent at or after that; null: it has no time to be late for. */
  readonly notAfter: number | null;
  /** What the address had before, and is over. */
  readonly follows: readonly Id[];
  /**
   * Live batches of other addresses that may be the same run: it is not sent until all of their tasks have finished.
   */
  readonly awaits: readonly Id[];
}

export interface CreateChange extends ChangeBase, Making {
  readonly action: 'create';
  readonly before: null;
}

export interface Cancelling extends ChangeBase, Existing {
  readonly action: 'cancel';
  readonly after: null;
}

/** Of a batch that the state owns. */
export interface OwnedCancel extends Cancelling {
  readonly before: Spec;
  readonly unmanaged: null;
  /** As it was when it was made; with true the plan has an error, and nothing is cancelled. */
  readonly preventCancel: boolean;
}

/** Of a batch that nobody owns, whose template the file claims: only what the API reports is known of it. */
export interface ClaimedCancel extends Cancelling {
  readonly before: null;
  readonly unmanaged: UnmanagedBatch;
  readonly preventCancel: false;
}

/** Cancels batches: our own, or those of a template that the file claims. */
export type CancelChange = OwnedCancel | ClaimedCancel;

export interface ReplaceChange extends ChangeBase, Existing, Making {
  readonly action: 'replace';
  readonly before: Spec;
}

export interface PauseChange extends ChangeBase, Existing {
  readonly action: 'pause' | 'resume';
  readonly before: Spec;
  readonly after: Spec;
  readonly preventCancel: boolean;
}

export interface AdoptChange extends ChangeBase, Existing {
  readonly action: 'adopt';
  readonly before: null;
  readonly after: Spec;
  /** `specDigest(after)`. */
  readonly digest: string;
  /** What its tasks need once it is bound, as the file says. */
  readonly toggle: 'pause' | 'resume' | null;
  /** Unix seconds: until then it could still be asked for again; null: it has no time to be late for. */
  readonly notAfter: number | null;
  readonly preventCancel: boolean;
}

/** Drops a record; no batch is touched. */
export interface ForgetChange extends ChangeBase {
  readonly action: 'forget';
  readonly before: Spec;
  readonly after: null;
}

/** A run whose time has passed before it was made; it is not made. */
export interface MissedChange extends ChangeBase {
  readonly action: 'missed';
  readonly before: null;
  readonly after: Spec;
}

export interface NoOpChange extends ChangeBase, Existing {
  readonly action: 'no-op';
  readonly before: Spec;
  readonly after: Spec;
  /** What the state will remember of it (`preventCancel` may change without any call). */
  readonly preventCancel: boolean;
}

/** What is to be done with one address. */
export type Change =
  | CreateChange
  | CancelChange
  | ReplaceChange
  | PauseChange
  | AdoptChange
  | ForgetChange
  | MissedChange
  | NoOpChange;

/** What may be done with an address. */
export type Action = Change['action'];

/** An occurrence that is not made, or no longer wanted, because of a freeze. */
export interface SkippedOccurrence {
  readonly address: string;
  readonly targetText: string;
  /** Unix seconds: when it would have run. */
  readonly executeAt: number;
  /** The name of the freeze. */
  readonly freeze: string;
  /** Unix seconds: when that window of it ends. */
  readonly until: number;
  /** false: whether the freeze concerns it could not be told. It is not created meanwhile. */
  readonly isCertain: boolean;
}

/** A schedule of the file, for whoever shows its occurrences: their addresses are `BLOCK…@TIME`. */
export interface PlannedSchedule {
  /** The name of its block. */
  readonly block: string;
  readonly cron: string;
  /** IANA. */
  readonly timezone: string;
  /** Seconds. */
  readonly horizon: number;
}

/** A live batch that no address owns: listed and left unchanged. */
export interface UnmanagedBatch {
  readonly batchId: Id;
  /** By its tasks' name; null: nobody looked. */
  readonly template: string | null;
  readonly executeAt: number | null;
  readonly numTasks: number;
  readonly phase: BatchPhase;
}

/** An entry of the state that moves to another address: `moved:` in the file says so, or the names shifted. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * What happened to a bound batch outside fleetform, or without it.
 *
 * - cancelled, paused: tasks of it were, and nobody here asked for that. - resumed: tasks of it are not paused, and
 *   the file asks for that. - failed: tasks of it ended badly.
 * - vanished: the API no longer knows it. - uncovered: game servers that its fleet or region holds today, and that
 *   the batch, made earlier and still pending, will not reach.
 */
export interface Drift {
  readonly address: string;
  readonly kind: 'cancelled' | 'paused' | 'resumed' | 'failed' | 'vanished' | 'uncovered';
  readonly batchIds: readonly Id[];
  /** How many tasks (`uncovered`: game servers) this is about; of a vanished batch nobody knows: 0. */
  readonly count: number;
  /** How many there are in all. */
  readonly total: number;
  /** The first ones of those game servers, by id. */
  readonly servers: readonly Id[];
  /** Of failed tasks: what the host agents said. Untrusted text. */
  readonly texts: readonly { readonly server: Id; readonly text: string }[];
}

/** What the plan was asked to be; a saved plan is applied with the same. */
export interface PlanScope {
  /** Addresses as they were given; empty: all. */
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
  readonly replaces: readonly string[];
  /** false: the state was trusted for what is bound. */
  readonly refresh: boolean;
  readonly assumeMissing: boolean;
  readonly allowEmpty: boolean;
}

/** How many changes there are of each kind. */
export interface PlanSummary {
  readonly create: number;
  readonly cancel: number;
  readonly replace: number;
  /** Pauses and resumes. */
  readonly update: number;
  readonly adopt: number;
  readonly forget: number;
  readonly move: number;
  readonly missed: number;
  /** Occurrences that a freeze covers. */
  readonly skipped: number;
  readonly unmanaged: number;
  /** Distinct game servers that creates and replaces reach, as far as the inventory told. */
  readonly servers: number;
  /** What runs on them: a game server that two batches reach counts twice. */
  readonly tasks: number;
}

/** What is to be done, and all that was found: plain JSON, which can be saved, reviewed and applied. */
export interface Plan {
  readonly formatVersion: '1.0';
  readonly fleetformVersion: string;
  /** RFC 3339, UTC. */
  readonly plannedAt: string;
  readonly name: string;
  readonly api: string;
  /** An IANA zone for the times that are shown; null: the reader's own. */
  readonly timezone: string | null;
  /** `destroy` takes the file's batches as none; `refresh-only` looks for drift and changes nothing. */
  readonly mode: 'normal' | 'destroy' | 'refresh-only';
  readonly scope: PlanScope;
  /** RFC 3339, UTC: what a plan at that time would be (`--at`), never to be applied; null: a real one. */
  readonly at: string | null;
  readonly desiredDigest: string;
  /** null: no state exists yet. */
  readonly state: { readonly lineage: string; readonly serial: number } | null;
  readonly observation: { readonly complete: boolean; readonly batches: number; readonly tasks: number };
  readonly summary: PlanSummary;
  /** Alias → id, where a change takes or brings what has one; absent: none does. */
  readonly aliases?: {
    readonly fleets: Readonly<Record<string, string>>;
    readonly regions: Readonly<Record<string, string>>;
  };
  /** In the file's order; what the file no longer names comes last, by address. */
  readonly changes: readonly Change[];
  /** By their time, then in the file's order. */
  readonly skipped: readonly SkippedOccurrence[];
  /** In the file's order. */
  readonly schedules: readonly PlannedSchedule[];
  readonly moves: readonly Move[];
  /** Only looked for in the mode `refresh-only`. */
  readonly drift: readonly Drift[];
  readonly unmanaged: readonly UnmanagedBatch[];
  /** With an error among them nothing in the plan is applied. */
  readonly diagnostics: readonly Diagnostic[];
}
