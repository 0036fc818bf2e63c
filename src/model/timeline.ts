/**
 * What ran, what is scheduled and what a plan makes of it, by fleet and region and by time. Made by `plan/`, drawn by
 * `render/`. All times are unix seconds.
 */
import type { BatchPhase } from './batch-phase.ts';
import type { CalendarVerdict } from './calendar.ts';
import type { Id } from './ids.ts';
import type { Action } from './plan.ts';
import type { FreezeWindow } from './schedule.ts';

/**
 * - ran, running, scheduled: it exists and stays as it is (a pause or an adoption leaves it there, too).
 * - add, remove: the plan makes it, or cancels it. - move-from, move-to: the two ends of a replace that changes the
 *   time of a batch on the same lane. - missed: too late to be made. - skipped, frozen: a freeze takes it, or may.
 */
export type TimelineKind =
  | 'ran'
  | 'running'
  | 'scheduled'
  | 'add'
  | 'remove'
  | 'move-from'
  | 'move-to'
  | 'missed'
  | Exclude<CalendarVerdict, 'runs'>;

/** One run on one lane. */
export interface TimelineItem {
  readonly kind: TimelineKind;
  /** The same on every lane, and at both ends of a replace: what is counted is how many of these there are. */
  readonly run: string;
  /** null: nobody's, or of an earlier run whose address is not known any more. */
  readonly address: string | null;
  /**
   * Over, and not what an address is bound to: an earlier run of its own, or of nobody. Nothing is to be done about
   * it.
   */
  readonly isPast: boolean;
  /** What the plan does with it; null: nothing, or there is no plan. */
  readonly action: Action | null;
  /** null: unknown. */
  readonly template: string | null;
  readonly batchIds: readonly Id[];
  /** When it runs or ran: its time, or, of one without, when it was made (now, of one to be made). */
  readonly at: number;
  /** It has no time of its own: `at` is only where it stands. */
  readonly isOnce: boolean;
  /** When the last task ended, as far as that is known. */
  readonly until: number | null;
  /** Of a move: its other end. */
  readonly otherEnd: number | null;
  /** null: it doesn't exist yet. */
  readonly phase: BatchPhase | 'unknown' | null;
  /** Its tasks on its lane, of one batch as many as game servers; null: unknown. */
  readonly servers: number | null;
  readonly targetText: string;
  /** The freeze that takes it, or may. */
  readonly freeze?: string;
  /** Of an earlier run: what its address is bound to by now. */
  readonly replacedBy?: readonly Id[];
}

/** A fleet, region or other place, and what runs there. */
export interface TimelineLane {
  /** `others`: batches of which nobody knows where they run. */
  /** `earlier`: runs of this file of which nothing tells any more where they were. */
  readonly kind: 'fleet' | 'region' | 'instance' | 'instances' | 'labels' | 'earlier' | 'others';
  /** Alias or id of a fleet or region, id of a single game server; otherwise empty. */
  readonly name: string;
  /** Of game servers: the alias or id of the fleet that holds them, as far as that is known. */
  readonly fleet?: string;
  /** In the order of time. */
  readonly items: readonly TimelineItem[];
}

/** What runs where and when, in lanes. */
export interface Timeline {
  readonly now: number;
  /**
   * Fleets, each with its game servers below it, regions, other game servers, labels, earlier runs, others; each by
   * name; those with nothing but past runs last.
   */
  readonly lanes: readonly TimelineLane[];
  /** By their start. */
  readonly freezes?: readonly FreezeWindow[];
}
