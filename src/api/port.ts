/**
 * The two ports of the API: `Transport` carries one HTTP exchange (axios, or the embedded sandbox), `FleetApi` is
 * what the rest of the house calls. Everything between the two (headers, deadlines, retries of reads, checks of
 * answers) is `client.ts`.
 */

import type { Id } from '../model/ids.ts';
import type { Batch, Fleet, Instance, Listed, Task, Template } from '../model/observed.ts';
import type { Spec } from '../model/state.ts';
import type { ClockReading } from './clock.ts';

/** What the API is asked with. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request, as a transport sends it. */
export interface ApiRequest {
  readonly method: Method;
  /** Path and query, `/v3/…`; never an absolute URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One answer, whatever its status; nothing is read from its body yet. */
export interface ApiResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends one request and resolves with whatever came back, of any status. Rejects with a `TransportError` when no
 * whole answer came. Follows no redirect, retries nothing.
 */
export type Transport = (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>;

/**
 * Awaited by the client right before a write goes to the transport: after its place among the requests in flight,
 * after the pause of a 429, once for each attempt that is really sent. What it throws is thrown on as it is, and
 * nothing is sent. Here a caller proves its lock, writes down the time of sending, checks its deadline. It holds a
 * place among the requests in flight: it must not wait for another call of the same client.
 */
export type BeforeSend = () => Promise<void>;

/**
 * The nine calls of the task API and the three of the inventory. All ids are decimal strings, all times unix
 * seconds. Lists hold each row once, in no particular order. Each call rejects with an `ApiError`; its `outcome` says
 * whether a write may have happened anyway.
 */
export interface FleetApi {
  /** Of whom the state says that it belongs to: an origin, or `sandbox`. */
  readonly origin: string;
  /** How many requests it has in flight at most: whoever has more to send need not have it all ready. */
  readonly parallelism: number;
  /** Every template there is. */
  listTemplates(): Promise<Template[]>;
  /** The last 100 batches of this key. */
  listBatches(): Promise<Listed<Batch>>;
  /** The last 100 tasks of this key. */
  listTasks(): Promise<Listed<Task>>;
  /**
   * The last 50 tasks of one game server, be they of this key or not. null: this account has no such endpoint, or
   * there is no such game server; that tells nothing of its tasks.
   */
  listServerTasks(id: Id): Promise<Task[] | null>;
  /** Rejects with an `ApiError` where there is none with that id. */
  getBatch(id: Id): Promise<Batch>;
  /** Rejects with an `ApiError` where there is none with that id. */
  getTask(id: Id): Promise<Task>;
  /** One POST, never repeated here; after a 429 whatever is sent next waits as told. */
  createBatch(spec: Spec, beforeSend?: BeforeSend): Promise<Batch>;
  /** Pauses a task that is not done, resumes a paused one; one PUT, never repeated here. null: 204, no body. */
  toggleTask(id: Id, beforeSend?: BeforeSend): Promise<Task | null>;
  /** Cancels; one DELETE, repeated here only after a 429. null: 204, no body. */
  cancelTask(id: Id, beforeSend?: BeforeSend): Promise<Task | null>;
  /** All game servers of a fleet or a region, or all there are: every page. */
  listInstances(filter: { readonly fleetId?: Id; readonly regionId?: Id }): Promise<Instance[]>;
  /** Every fleet, with its name: every page. */
  listFleets(): Promise<Fleet[]>;
  /**
   * What the API's clock says, by the Date of the answers so far; null: none of them told it. A difference that may
   * as well be none is 0.
   */
  clock(): ClockReading | null;
  /** The same client, whose reads have `ms` from now on for all of them together, and then fail: `api.deadline`. */
  within(ms: number): FleetApi;
  /** The same API, until then: once aborted, nothing is waited for any more, and nothing sent. */
  stoppedBy(signal: AbortSignal): FleetApi;
}
