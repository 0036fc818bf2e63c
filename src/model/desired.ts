/**
 * Glossary, for the whole code base.
 *
 * - template:  a task template of the provider: a named list of actions ("Restart game server").
 * - task:      one run of a template on one game server.
 * - batch:     what one POST creates: one task per targeted game server, all of one template and one time.
 * - target:    what a batch runs on: a fleet, a region, game servers (instances) or labels.
 * - desired:   what the file says should exist. - observed: what the API says does exist.
 * - spec:      the part of a desired batch that the API is sent; another spec is another batch.
 * - address:   the identity of a desired batch in the file: `hotfix`, `nightly[fleet:eu]`.
 * - kind:      template and time together: all that a batch without a label can be recognised by at first sight.
 * - state:     the record of which batch belongs to which address. - lineage, serial: which record, and how new.
 * - intent:    a create that is about to be sent, written down first.
 * - bound:     recorded in the state as belonging to an address. - adopt: bind what evidence shows to be ours.
 * - live:      not all tasks are final. - final: none can change any more.
 * - unmanaged: a live batch that no address owns. - drift: what changed outside fleetform.
 *
 * All times are unix seconds unless a name says otherwise.
 */
import type { Diagnostic, SourcePlace } from './errors.ts';
import type { Id } from './ids.ts';
import type { Freeze, Schedule } from './schedule.ts';
import type { TemplateRef } from './template-ref.ts';

/** A label of game servers: those that have it are meant. */
export interface Label {
  readonly key: string;
  readonly value: string;
}

/** A parameter of a template, and its value. */
export interface Param {
  readonly name: string;
  readonly value: string;
}

/**
 * What a batch runs on, with aliases resolved to ids. The parts add up (a union). All lists are sorted and free of
 * duplicates, so that equal targets are equal text.
 */
export interface Targets {
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  readonly instances: readonly Id[];
  readonly labels: readonly Label[];
}

/** What a block of the file asks for on one of its targets. Nothing in it depends on the present. */
export interface DesiredBlock {
  /** Of a schedule: what the addresses of its occurrences begin with. */
  readonly address: string;
  /** The name of its block in the file (several addresses may share one). */
  readonly block: string;
  readonly template: TemplateRef;
  readonly targets: Targets;
  /** The target with the file's aliases, for people: `fleet eu`, `region ams`, `3 game servers`. */
  readonly targetText: string;
  readonly when: When;
  /** Sorted by name. */
  readonly params: readonly Param[];
  /** How late, in seconds, a missed one may still be created. */
  readonly startingDeadline: number;
  /** undefined: the file doesn't say, so pausing is left to others. */
  readonly paused: boolean | undefined;
  readonly preventCancel: boolean;
  /** Where its block (or its item of `targets`) is. */
  readonly at: SourcePlace;
  /** Where its template is named. */
  readonly templateAt: SourcePlace;
  /** Where each of its params is, by name. */
  readonly paramsAt: ReadonlyMap<string, SourcePlace>;
}

/** When a block runs. */
export type When =
  /** As soon as it is applied. A new revision runs it again. */
  | { readonly kind: 'once'; readonly revision: number | null }
  | { readonly kind: 'at'; readonly executeAt: number }
  | {
      readonly kind: 'schedule';
      readonly schedule: Schedule;
      /** Seconds after what the schedule names: this target's share of the block's spread. */
      readonly offset: number;
    };

/** A freeze of the file. */
export type DesiredFreeze = Freeze & {
  readonly at: SourcePlace;
  /** Where each of its templates is named, in their order. */
  readonly templatesAt: readonly SourcePlace[];
};

/** One batch that should exist: what `schedule/` makes of a block. */
export interface DesiredBatch extends Omit<DesiredBlock, 'when'> {
  /** null: "once", as soon as applied. */
  readonly executeAt: number | null;
  /** Only of a batch without `executeAt`. */
  readonly revision: number | null;
  /** The moment that its schedule names, and its address with it: a spread moves the run. null: of no schedule. */
  readonly occurrence: number | null;
  /** Unix seconds: with another spread it may have run until then. Only of an occurrence. */
  readonly spreadUntil: number | null;
  /** It stays if it exists, and is never made: its time has long passed, or lies beyond the horizon. */
  readonly isKept: boolean;
  /** What makes its `startingDeadline` shorter than the file's: `the freeze "finals"`, `the next occurrence`. */
  readonly cutBy: string | null;
}

/** An address, or a block's name for all its addresses, that moves to another one. */
export interface MovedAddress extends SourcePlace {
  readonly from: string;
  readonly to: string;
}

/** Upper bounds on one plan; over one of them it is refused without --force. */
export interface Limits {
  readonly create?: number;
  readonly cancel?: number;
  /** Percent of the entries that the state owns. */
  readonly cancelPercent?: number;
  /** Game servers that the plan's creates and replaces reach, together. */
  readonly servers?: number;
}

/** Where the state is kept. Credentials are never part of it: they come from the environment. */
export type StateSettings =
  | { readonly backend: 'local' }
  | { readonly backend: 'git'; readonly remote: string; readonly ref: string }
  | ({ readonly backend: 'http' } & HttpStateSettings)
  | { readonly backend: 'postgres'; readonly schema: string };

/** As the file says; the environment beats each of them. The methods are in capitals. */
export interface HttpStateSettings {
  readonly address?: string;
  readonly lockAddress?: string;
  readonly unlockAddress?: string;
  readonly updateMethod?: string;
  readonly lockMethod?: string;
  readonly unlockMethod?: string;
}

/** The kinds of backends that a file can name. */
export type BackendKind = StateSettings['backend'];

/** What a desired-state file (or several, merged) says besides its batches. */
export interface DesiredSettings {
  readonly name: string;
  /** The files it came from, absolute, in order. */
  readonly files: readonly string[];
  /** The folder that `.fleetform/` lives in: the one that holds all files. */
  readonly root: string;
  readonly api: { readonly kind: 'sandbox' } | { readonly kind: 'http'; readonly url: string | undefined };
  readonly state: StateSettings;
  /** An IANA zone for the times that people read; undefined: this machine's. */
  readonly timezone: string | undefined;
  readonly claims: {
    readonly templates: readonly TemplateRef[];
    /** Where each of them is named, if a file does. */
    readonly places?: readonly SourcePlace[];
  };
  readonly limits: Limits;
  /** Alias → id, as the file gives them: render shows the alias of an id. */
  readonly aliases: {
    readonly fleets: Readonly<Record<string, Id>>;
    readonly regions: Readonly<Record<string, Id>>;
  };
}

/** A desired-state file (or several, merged), validated and expanded: the same whenever it is read. */
export interface Desired extends DesiredSettings {
  readonly moved: readonly MovedAddress[];
  /** One per target, in the file's order. */
  readonly blocks: readonly DesiredBlock[];
  readonly freezes: readonly DesiredFreeze[];
  /** sha256 hex over the expanded meaning: formatting, comments and order of keys don't change it. */
  readonly digest: string;
  /** Warnings and notes; errors are thrown. */
  readonly diagnostics: readonly Diagnostic[];
}
