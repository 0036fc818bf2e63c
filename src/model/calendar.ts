/**
 * What a file names for some days: which batches run when, which ones a freeze takes, and what only runs when it is
 * applied. Of the file alone: nothing of it says what exists. Made by `schedule/`, shown by `render/`; its JSON form is
 * this, key by key. All times are unix seconds.
 */
import type { PlannedSchedule } from './plan.ts';
import type { DaylightNote, FreezeWindow } from './schedule.ts';

/**
 * - skipped: an occurrence in a freeze. - frozen: a one-off in a freeze, which a plan refuses.
 * - maybe-: whether the freeze concerns it is not in the file.
 */
export type CalendarVerdict = 'runs' | 'skipped' | 'maybe-skipped' | 'frozen' | 'maybe-frozen';

/** What is known of a block without a time. */
export interface CalendarBlock {
  readonly address: string;
  /** The name of its block in the file. */
  readonly block: string;
  /** Its name or its id, whichever the file has. */
  readonly template: string;
  readonly targetText: string;
  /** Created paused: it does not run until somebody resumes it. */
  readonly paused: boolean;
}

export interface CalendarEntry extends CalendarBlock {
  /** When it runs, or would: the share of its block's spread included. */
  readonly executeAt: number;
  readonly verdict: CalendarVerdict;
  /** The name of the freeze; null: none covers it. */
  readonly freeze: string | null;
  /** When that window of the freeze ends; null: no freeze, or none of its ends is in sight. */
  readonly until: number | null;
}

/** Of all targets of the block. */
export interface CalendarNote {
  readonly block: string;
  /** IANA: of its schedule. */
  readonly timezone: string;
  readonly note: DaylightNote;
}

export interface Calendar {
  /** The file's. */
  readonly name: string;
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** By their time, then in the file's order. */
  readonly entries: readonly CalendarEntry[];
  /** What has no time: it runs as soon as it is applied. In the file's order. */
  readonly once: readonly CalendarBlock[];
  /** Of all freezes, cut to that time. */
  readonly windows: readonly FreezeWindow[];
  /** By time. */
  readonly daylight: readonly CalendarNote[];
  /** In the file's order. */
  readonly schedules: readonly PlannedSchedule[];
}
