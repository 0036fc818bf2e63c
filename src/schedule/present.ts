/** What is known of the present, where blocks are turned into batches. */
import type { ScheduleMark } from '../model/state.ts';
import type { VerdictOf } from './frozen-runs.ts';

/** What schedules and freezes are asked about. */
export interface Present {
  /** Unix seconds, by the API's clock. */
  readonly now: number;
  /** By address: what a batch is bound to, or may be. */
  readonly recorded: ReadonlyMap<string, RecordedRun>;
  /** When live batches run that nobody owns: a schedule that names such a moment may have made them. */
  readonly seen: readonly number[];
  /** How far each schedule is accounted for, by the address of its block. */
  readonly marks: Readonly<Record<string, ScheduleMark>>;
  readonly verdictOf: VerdictOf;
}

export interface RecordedRun {
  readonly isLive: boolean;
  /** It runs or has run, as far as anybody knows. */
  readonly hasBegun: boolean;
}
