/** What a plan is made of: what was asked for, recorded and observed, and how it is meant. */
import type { Desired } from '../model/desired.ts';
import type { Observation } from '../model/observed.ts';
import type { Plan, PlanScope } from '../model/plan.ts';
import type { State } from '../model/state.ts';

/** Seconds for which a write without a clear answer is in doubt, where nobody says otherwise. */
export const DEFAULT_SETTLE = 60;

/** What kind of plan, and of which part. */
export interface PlanOptions {
  /** Default `normal`. */
  readonly mode?: Plan['mode'];
  /** What part of it, and what is overruled: goes into the plan, and is applied with it. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** Overrules the limits. Not part of a plan: who applies it says it again. */
  readonly force?: boolean;
  /** Nothing but what a person has reviewed. Not part of the plan. */
  readonly only?: Reviewed;
  /** Unix seconds: plan as if it were then. Such a plan is never applied. */
  readonly at?: number | null;
  /** Seconds for which a write without a clear answer is in doubt; default `DEFAULT_SETTLE`. */
  readonly settle?: number;
  /** Seconds since nobody else can have sent anything, as who plans holds the lock; default 0: that is not known. */
  readonly watched?: number;
}

/** The part of a plan that a person has looked at. */
export interface Reviewed {
  readonly addresses: ReadonlySet<string>;
  /** Unix seconds: when that plan was made. */
  readonly at: number;
}

/** All that a plan depends on. */
export interface PlanInput {
  readonly desired: Desired;
  readonly state: State | null;
  readonly observation: Observation;
  /** Unix seconds, by the API's clock. */
  readonly now: number;
  readonly fleetformVersion: string;
  /** Whose batches these are: an origin, or `sandbox`. */
  readonly api: string;
  readonly options?: PlanOptions;
}

/** As much of a file as evidence takes. */
export interface PlanAbout {
  readonly desired: Pick<Desired, 'blocks' | 'freezes' | 'claims' | 'moved' | 'aliases'>;
}
