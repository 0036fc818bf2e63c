/**
 * What a file says about time: schedules and freezes, and what `schedule/` finds in them. Plain data.
 *
 * - occurrence: one moment at which a schedule runs. - named: it is one of the schedule's occurrences.
 * - gap, overlap: the times of day that do not exist, or exist twice, when a zone changes its clock.
 *
 * Moments are unix seconds, and every interval holds its start and not its end.
 */
import type { Id } from './ids.ts';
import type { TemplateRef } from './template-ref.ts';

/** The moments of runs, and how far ahead they are made. */
export interface Schedule extends Recurrence {
  /** How far ahead occurrences are created, in seconds. */
  readonly horizon: number;
}

/** The moments that an expression names. */
export interface Recurrence {
  /** Five fields. With both a day of month and a day of week, either is enough, as in every cron. */
  readonly cron: string;
  /** IANA. */
  readonly timezone: string;
  /** The first moment that may be an occurrence; null: no limit. */
  readonly from: number | null;
  /** The first moment that may no longer be one; null: no limit. */
  readonly until: number | null;
  /** Days of the schedule's zone (`2026-12-25`), or single moments. */
  readonly except: readonly (string | number)[];
}

/** `cron` in its plain form (names as numbers, no nicknames), or what is wrong with which of the two. */
export type ParsedCron =
  | { readonly cron: string }
  | { readonly key: 'cron' | 'timezone'; readonly problem: string; readonly hint: string };

/** A change of clock that made an occurrence another one than the expression says. */
export type DaylightNote =
  /** What is named does not exist, and runs when the gap is over. */
  | { readonly kind: 'moved'; readonly at: number; readonly named: readonly string[] }
  /** What is named exists twice, and runs the first time, not at `repeat`. */
  | { readonly kind: 'single'; readonly at: number; readonly named: string; readonly repeat: number };

/** No run begins in it. What it doesn't restrict (no list), it holds for all of. */
export type Freeze = FreezeScope & FreezeTime;

/** Whom a freeze concerns; without fleets, regions and templates, everything. */
export interface FreezeScope {
  readonly name: string;
  /** With `regions`: what reaches one of either is frozen. */
  readonly fleets?: readonly Id[];
  readonly regions?: readonly Id[];
  readonly templates?: readonly TemplateRef[];
}

/** When a freeze holds: from one moment to another (unix seconds), or as often as an expression says. */
export type FreezeTime =
  | { readonly from: number; readonly to: number }
  /** `duration` is real time, in seconds, whatever the clock does. */
  | { readonly cron: string; readonly timezone: string; readonly duration: number };

/** What a run is to a freeze. */
export interface FreezeSubject {
  /** What its game servers belong to, named by its target or not. */
  readonly fleets: readonly Id[];
  readonly regions: readonly Id[];
  /** Of each of the two: is that all? */
  readonly isWhole: { readonly fleets: boolean; readonly regions: boolean };
  /** A target by labels may reach any game server, and nobody knows which: no fleet or region is left out. */
  readonly isAnywhere: boolean;
  /** As far as both are known. */
  readonly template: { readonly name: string | null; readonly id: Id | null };
}

/** `maybe`: what it would take to know is not known. */
export type FreezeVerdict = 'yes' | 'maybe' | 'no';

/** Windows of one freeze that touch are one. */
export interface FreezeWindow {
  readonly freeze: string;
  readonly from: number;
  readonly to: number;
}
