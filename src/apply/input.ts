/** What an apply is asked to do, and with what. */
import type { FleetApi } from '../api/port.ts';
import type { ApplyEvent } from '../model/apply-events.ts';
import type { Desired } from '../model/desired.ts';
import type { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanOptions } from '../plan/input.ts';
import type { StateBackend } from '../state/backend.ts';

/** What an apply works with: what is wanted, the API, the state, and the clock. */
export interface ApplyInput {
  readonly desired: Desired;
  readonly api: FleetApi;
  readonly backend: StateBackend;
  readonly fleetformVersion: string;
  /**
   * Of a reviewed plan mode and scope are its own; a destroy, replaces and overrides have to be said again here.
   */
  readonly options?: PlanOptions;
  /** A plan that was reviewed: exactly this is done, or nothing, if it no longer holds. */
  readonly reviewed?: Plan;
  /** Told the plan before anything of it is done, also when it has errors or nothing is to be done. */
  readonly onPlan?: (plan: Plan) => void;
  /** Asked about a plan that does something; false: nothing is done. Not asked about a reviewed plan. */
  readonly approve: (plan: Plan) => Promise<boolean>;
  /** How long to wait for another's lock, in milliseconds; default 0. */
  readonly lockTimeoutMs?: number;
  /** Told of what happens meanwhile. */
  readonly emit?: (event: ApplyEvent) => void;
  /** Told when the lock could not be given back: all that was done stands. Default: a note among the events. */
  readonly onLockStuck?: (error: FleetformError) => void;
  readonly stop?: AbortSignal;
  /** Unix seconds, by this machine's clock; what is due is judged by the API's, where it tells its own. */
  readonly now: () => number;
  /** Ends early, resolving or rejecting, once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Another id at each call, such as `randomUUID` of node:crypto: for the lineage of a first state, and for intents. */
  readonly newId: () => string;
}

export type Applying = ApplyInput & Required<Pick<ApplyInput, 'options' | 'emit' | 'stop'>>;
