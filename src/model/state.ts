/**
 * The recorded state: which batch belongs to which address, and which creates are under way.
 * Its JSON form is `schemas/state.schema.json`. It remembers; it is never the truth about the API.
 */
import type { Label, Param, StateSettings } from './desired.ts';
import type { Id } from './ids.ts';
import type { LockHolder } from './lock-holder.ts';

/** What the API was told, or would be told: the template resolved to its id. */
export interface Spec {
  readonly template: { readonly id: Id; readonly name: string };
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  readonly instances: readonly Id[];
  readonly labels: readonly Label[];
  readonly executeAt: number | null;
  readonly params: readonly Param[];
  readonly revision: number | null;
}

/** What the API said of a batch when it was bound: an id that comes back with another one has been given away. */
export interface Stamp {
  /** One of its tasks: no other batch has it. null or absent: it had none yet. */
  readonly taskId?: Id | null;
  readonly createdAt: number | null;
  readonly executeAt: number | null;
}

/** How far a record knows what exists: what is newer was made without it. */
export interface KnownSight {
  /** `createdAt` of the newest batch that it knows of, by the API's clock; null: it knows of none. */
  readonly newest: number | null;
  /** The batches near that time that it knows of. */
  readonly ids: readonly Id[];
  /** Batches that were in question and still are, however old they get. */
  readonly open?: readonly Id[];
  /**
   * Runs of which it could not be told whether they exist, and which are still bound to nothing: digests, addresses.
   */
  readonly unsure?: readonly string[];
}

/** What is bound to one address. */
export interface StateEntry {
  /** Usually one. Several only where a person imported several. */
  readonly batchIds: readonly Id[];
  readonly spec: Spec;
  /** `specDigest(spec)`. */
  readonly digest: string;
  /** Unix seconds, by the API's clock: when the binding was recorded. */
  readonly createdAt: number;
  /** As of the last apply; what is observed beats it. */
  readonly phase: string;
  /** All of it has ended as `phase` says, for certain: it is not read again. Absent: that is not known. */
  readonly over?: true;
  readonly preventCancel: boolean;
  /**
   * An apply began to cancel it, to make its successor. true: whatever has run of it is to run again (--replace of what
   * had begun); `unless-run`: what has run is not. Absent: none did.
   */
  readonly replacing?: true | 'unless-run';
  /** A person bound it: that tells nothing of what else exists. Absent: an apply did, which had looked. */
  readonly imported?: true;
  /**
   * Unix seconds: until then the very same could still be asked for, so that it has run is not forgotten. null or
   * absent: it has no time, or an older fleetform bound it.
   */
  readonly notAfter?: number | null;
  /** By batch id. Absent, also for single batches: an older fleetform bound it. */
  readonly stamps?: Readonly<Record<Id, Stamp>>;
}

/** A create that may have been sent. Within one turn (`turnsOf`) of one apply at most one is in doubt. */
export interface Intent {
  readonly id: string;
  readonly address: string;
  readonly spec: Spec;
  readonly digest: string;
  readonly preventCancel: boolean;
  /** Unix seconds, by the API's clock: when the intents of its apply were written. */
  readonly since: number;
  /**
   * Unix seconds, by the API's clock: when its POST was last about to go out; null: it certainly never was. Absent: an
   * older fleetform wrote it, and the first of each turn may have been sent.
   */
  readonly sentAt?: number | null;
  /** Seconds that the API's clock was then ahead of the sender's. Absent: none. */
  readonly ahead?: number;
  /** A batch that certainly existed when it was sent: its own is newer. Absent: none is known but those in sight before. */
  readonly follows?: Id;
  /** As its entry's will be. */
  readonly notAfter?: number | null;
  /** How many game servers its target had then; null or absent: unknown. */
  readonly servers?: number | null;
  /** Batches that were in sight before: a new one is not among them. */
  readonly seen: readonly Id[];
  /** `createdAt` of the newest batch in sight before, by the API's clock: a new one is not older. */
  readonly newest: number | null;
}

/** What is recorded: which batches are ours, and which creates are in doubt. */
export interface State {
  readonly version: 1;
  /** A UUID: states of different lineage have nothing to do with each other. */
  readonly lineage: string;
  /** Grows with every write. */
  readonly serial: number;
  readonly name: string;
  /** The origin that it belongs to (`https://api.i3d.net`, `sandbox`): another one is an error. */
  readonly api: string;
  readonly entries: Readonly<Record<string, StateEntry>>;
  readonly intents: readonly Intent[];
  /** Absent: an older fleetform wrote it. */
  readonly sight?: KnownSight;
  /** Absent: none. */
  readonly ran?: readonly PastRun[];
  /** Batches that it owned, and has replaced or cancelled, or let go of once they were over; the newest last. Absent: none. */
  readonly former?: readonly FormerBatch[];
  /** By the address of their blocks. Absent: none. */
  readonly schedules?: Readonly<Record<string, ScheduleMark>>;
  /** It is kept there now, and this is only what shows the way. Absent: it is kept here. */
  readonly movedTo?: { readonly location: string; readonly settings: StateSettings };
  /** It is a copy of what is kept there, in words, as long as the move is not complete. Absent: it counts. */
  readonly movingFrom?: string;
}

/** How far a schedule is accounted for. */
export interface ScheduleMark {
  /** Unix seconds: what it names until then has run, was skipped, or was told as missed. */
  readonly through: number;
  /** What expression that was (`scheduleDigest`). */
  readonly schedule: string;
}

/** What an address had before it was bound to something else, for as long as the same run could be requested again. */
export interface PastRun {
  readonly digest: string;
  readonly batchIds: readonly Id[];
  /** Unix seconds. */
  readonly notAfter: number;
}

/** It is history: it ends the question whose a batch is, and decides nothing else. */
export interface FormerBatch {
  readonly id: Id;
  /** What owned it. */
  readonly address: string;
  /** Unix seconds, by the API's clock; null: unknown. An id that comes back with another one has been given away. */
  readonly createdAt: number | null;
}

/** A state that was kept, and by whom. */
export interface StateVersion extends Pick<LockHolder, 'who' | 'operation' | 'job' | 'commit'> {
  readonly serial: number;
  /** RFC 3339, UTC: when it was written. */
  readonly at: string;
  readonly entries: number;
}
