/**
 * What apply and wait say while they work: plain data, in the order in which things happen. `apply/` emits them,
 * `render/` shows them; under `--json` each is one line.
 */
import type { BatchPhase, TaskCounts } from './batch-phase.ts';
import type { Id } from './ids.ts';
import type { Action } from './plan.ts';

/** How the changes of a plan ended; each of them counts once. */
export interface ApplyCounts {
  readonly created: number;
  readonly cancelled: number;
  readonly replaced: number;
  /** Paused or resumed. */
  readonly updated: number;
  readonly adopted: number;
  /** Entries of the state that got another address. */
  readonly moved: number;
  readonly forgotten: number;
  readonly failed: number;
  /** Creates that may or may not have happened. */
  readonly unknown: number;
  /** Not tried: something they depend on failed, or the run was interrupted. */
  readonly skipped: number;
}

/** What an apply tells while it works. */
export type ApplyEvent =
  /** What is about to be done, before any of it starts. `tasks`: how many the change touches, where that is known. */
  | {
      readonly type: 'planned';
      readonly changes: readonly {
        readonly address: string;
        readonly action: Action;
        readonly tasks?: number;
      }[];
    }
  | {
      readonly type: 'start';
      readonly address: string;
      readonly action: Action;
      readonly batchIds: readonly Id[];
    }
  /** Tasks of one change that are through. */
  | {
      readonly type: 'progress';
      readonly address: string;
      readonly action: Action;
      readonly done: number;
      readonly total: number;
      /** What is being done just now, where that is a part of the change: `pausing`. */
      readonly note?: string;
    }
  /** Nothing happens for `seconds`, because of `reason`. */
  | {
      readonly type: 'waiting';
      readonly address?: string;
      readonly reason: string;
      readonly seconds: number;
    }
  | {
      readonly type: 'complete';
      readonly address: string;
      readonly action: Action;
      readonly batchIds: readonly Id[];
      readonly seconds: number;
    }
  /** `unknown`: it may have happened anyway. */
  | {
      readonly type: 'failed';
      readonly address: string;
      readonly action: Action;
      readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
      readonly unknown: boolean;
    }
  /** Not begun: what it depends on failed, or the run was interrupted. */
  | { readonly type: 'skipped'; readonly address: string; readonly action: Action; readonly reason: string }
  /** The status of a batch, while we wait for its end. `total`: its tasks. */
  | {
      readonly type: 'batch';
      readonly address: string;
      readonly batchId: Id;
      readonly phase: BatchPhase;
      readonly counts: TaskCounts;
      readonly total: number;
    }
  | ({ readonly type: 'summary'; readonly interrupted: boolean } & ApplyCounts)
  | { readonly type: 'note'; readonly message: string };
