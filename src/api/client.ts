/**
 * Transport → FleetApi: the typed client of the task API. This file says what each call is; how often any call is tried
 * is in `exchange.ts`, what one try is (headers, deadline, checks) in `send.ts`.
 *
 * Invariant: the key is in this closure and on the requests, and nowhere else.
 */
import type { ClientEvent } from '../model/client-events.ts';
import type { Id } from '../model/ids.ts';
import { createRedactor, type Redact } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';
import { version } from '../version.ts';
import { mayBeJson, UnreadableAnswer } from './answer-text.ts';
import { readBatches, readListed, readOne, readRows, readTasks, readTemplates } from './answers.ts';
import { createApiClock } from './clock.ts';
import { type StartTimer, startTimer } from './deadline.ts';
import { ApiError } from './errors.ts';
import { type ExchangeContext, exchange } from './exchange.ts';
import { createLimiter } from './limiter.ts';
import { createPace, DEFAULT_PARALLELISM } from './pace.ts';
import { listFleets, listInstances } from './pages.ts';
import type { ApiResponse, BeforeSend, FleetApi, Method, Transport } from './port.ts';
import { requestBody } from './request-body.ts';
import type { Call } from './send.ts';
import { createServerTasks, type ServerTasks } from './server-tasks.ts';
import { createSharedPause, type Sleep } from './waiting.ts';

/** What a client is made of. */
export interface ClientOptions {
  readonly transport: Transport;
  /** Of whom the state says that it belongs to: an origin, or `sandbox`. */
  readonly origin: string;
  /** null: none is sent (the embedded sandbox). */
  readonly token: string | null;
  readonly sleep: Sleep;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Milliseconds that only go forward, for the time that a look may take; default: `clock`. */
  readonly elapsed?: () => number;
  /** Takes other credentials out of what is answered. */
  readonly redact?: Redact;
  /** For one attempt at one request, from its sending to the last byte of its answer. Milliseconds. */
  readonly deadlineMs?: number;
  readonly startTimer?: StartTimer;
  /** Requests in flight at the same time, at most: as many as the API bears (`pace.ts`). */
  readonly parallelism?: number;
  /** How often a read is sent in total before its failure is final. */
  readonly tries?: number;
  /** How often a request that is answered 429 is sent in all. */
  readonly throttledTries?: number;
  readonly userAgent?: string;
  /** Aborted: nothing is waited for any more, and nothing sent. What is in flight ends by itself. */
  readonly signal?: AbortSignal;
  /** Unanswered for so long, a request is reported. Milliseconds. */
  readonly slowMs?: number;
  /** Told of each try, wait and oddity. */
  readonly onEvent?: (event: ClientEvent) => void;
}

const INSTANCE = '/v3/applicationInstance';
const TASK = `${INSTANCE}/task`;
const BATCH = `${INSTANCE}/taskBatch`;

/** The typed client over a transport: deadlines, retries of reads, and answers that are checked before they are used. */
export function createClient(options: ClientOptions): FleetApi {
  return apiOn(contextOf(options), createServerTasks());
}

function apiOn(ctx: ExchangeContext, serverTasks: ServerTasks): FleetApi {
  const send = <T>(call: Call<T>): Promise<T> => exchange(ctx, call);
  const get = <T>(path: string, read: (body: string) => T): Promise<T> =>
    send({ method: 'GET', path, read: ({ body }) => read(body) });

  const one = <T extends { readonly id: Id }>(
    path: string,
    id: Id,
    read: (body: string) => T[],
  ): Promise<T> => get(path, (body) => readOne(read, body, id));
  const change = async (method: 'PUT' | 'DELETE', id: Id, beforeSend?: BeforeSend) =>
    send({
      beforeSend,
      method,
      path: pathOf(method, TASK, id),
      read: ({ status, body }) => (status === 204 ? null : readOne(readTasks, body, id)),
    });

  return {
    origin: ctx.origin,
    parallelism: ctx.pace.bound,
    listTemplates: () => get(`${TASK}/template`, (body) => readRows(readTemplates, body)),
    listBatches: () => get(BATCH, (body) => readListed(readBatches, body)),
    listTasks: () => get(TASK, (body) => readListed(readTasks, body)),
    getBatch: async (id) => one(pathOf('GET', BATCH, id), id, readBatches),
    getTask: async (id) => one(pathOf('GET', TASK, id), id, readTasks),
    createBatch: async (spec, beforeSend) =>
      send({
        beforeSend,
        method: 'POST',
        path: TASK,
        body: JSON.stringify(requestBody(spec)),
        read: (response) => readOne(readBatches, jsonBody(response), null),
      }),
    toggleTask: (id, beforeSend) => change('PUT', id, beforeSend),
    cancelTask: (id, beforeSend) => change('DELETE', id, beforeSend),
    listServerTasks: async (id) => serverTasks(send, `${pathOf('GET', INSTANCE, id)}/task`, id),
    listInstances: (filter) => listInstances(send, filter),
    listFleets: () => listFleets(send),
    clock: () => ctx.apiClock.read(ctx.clock()),
    within: (ms) => apiOn({ ...ctx, until: { at: ctx.elapsed() + ms, ms } }, serverTasks),
    stoppedBy: (signal) => apiOn({ ...ctx, signals: [...new Set([...ctx.signals, signal])] }, serverTasks),
  };
}

function contextOf(options: ClientOptions): ExchangeContext {
  const { token, clock, sleep, onEvent } = options;
  const elapsed = options.elapsed ?? clock;
  const pace = createPace(options.parallelism ?? DEFAULT_PARALLELISM, elapsed);
  return {
    transport: options.transport,
    origin: options.origin,
    headers: {
      Accept: 'application/json',
      'User-Agent': options.userAgent ?? `fleetform/${version}`,
      ...(token === null ? {} : { 'PRIVATE-TOKEN': token }),
    },
    redact: redactorFor(options),
    limiter: createLimiter(pace.places),
    pace,
    pause: createSharedPause(clock, sleep),
    sleep,
    random: options.random,
    clock,
    apiClock: createApiClock(),
    elapsed,
    until: null,
    startTimer: options.startTimer ?? startTimer,
    deadlineMs: options.deadlineMs ?? 30_000,
    tries: options.tries ?? 4,
    throttledTries: options.throttledTries ?? 8,
    signals: options.signal === undefined ? [] : [options.signal],
    slowMs: onEvent === undefined ? null : (options.slowMs ?? 5000),
    emit: (event) => onEvent?.(event),
  };
}

/** Whoever makes the client may know of other credentials; of its own key the client knows by itself. */
function redactorFor({ token, redact }: ClientOptions): Redact {
  const own = createRedactor([token]);
  return redact === undefined ? own.redact : (text) => redact(own.redact(text));
}

/** Of a create, everything has to be right: a gateway's page that happens to parse is no batch. */
function jsonBody({ headers, body }: ApiResponse): string {
  const contentType = headers['content-type'];
  if (mayBeJson(contentType)) return body;
  throw new UnreadableAnswer(`found the content type "${safeText(contentType ?? '', 60)}", expected JSON`);
}

/** An id that is none (`..`) would name another endpoint. */
function pathOf(method: Method, collection: string, id: Id): string {
  if (/^\d{1,20}$/.test(id)) return `${collection}/${id}`;
  throw new ApiError({
    code: 'api.invalid',
    message: `"${safeText(id, 60)}" is not an id: ids are numbers`,
    endpoint: `${method} ${collection}`,
    status: null,
    outcome: 'none',
  });
}
