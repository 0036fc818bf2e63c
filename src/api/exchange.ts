/**
 * One call of the client, from its description to its value: headers, a place among the requests in flight, the
 * shared pause, the deadline, the check of the answer, and the tries.
 *
 * Invariants: a read (GET) is tried again after anything that may pass; a whole answer that cannot be used does not
 * pass: it would be the same again. A write is never tried again, but for a DELETE after a 429. Past `until`, no read
 * is sent, waits, or is under way.
 * After any 429 every request of this client waits as long as it said. Every failure is an `ApiError`, but for what
 * `beforeSend` throws. Once one of `signals` is aborted nothing is sent, and nothing waited for but the answer to a
 * write that is under way. Of an answer, nothing after `send` sees the key.
 */
import type { ClientEvent } from '../model/client-events.ts';
import { type Redact, redactJson } from '../model/redactor.ts';
import { onAbort } from './aborted.ts';
import { UnreadableAnswer } from './answer-text.ts';
import type { ApiClock } from './clock.ts';
import { type StartTimer, sendWithin } from './deadline.ts';
import { type ApiError, TransportError } from './errors.ts';
import type { Limiter } from './limiter.ts';
import type { Answer, Pace } from './pace.ts';
import type { ApiRequest, ApiResponse, BeforeSend, Method, Transport } from './port.ts';
import {
  abandoned,
  endpointOf,
  isFromApi,
  lookIsOver,
  noAnswer,
  notSent,
  refusal,
  unreadable,
} from './refusal.ts';
import {
  backoffMs,
  interruptibleSleep,
  retryAfterMs,
  type SharedPause,
  type Sleep,
  untilFirstOf,
} from './waiting.ts';

export interface Call<T> {
  readonly method: Method;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Awaited right before each attempt goes out, when nothing is left to wait for. Throws: that one is not sent. */
  readonly beforeSend?: BeforeSend | undefined;
  /** For a 2xx answer. Throws `UnreadableAnswer`. */
  readonly read: (response: ApiResponse) => T;
}

export interface ExchangeContext {
  readonly transport: Transport;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: Redact;
  readonly limiter: Limiter;
  /** Hears what becomes of every request. */
  readonly pace: Pace;
  readonly pause: SharedPause;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly clock: () => number;
  readonly apiClock: ApiClock;
  readonly startTimer: StartTimer;
  readonly deadlineMs: number;
  /** How often a read is sent in all, and how often anything that is answered 429. */
  readonly tries: number;
  readonly throttledTries: number;
  /** Milliseconds that only go forward, whatever the clock is set to. */
  readonly elapsed: () => number;
  /** The end of the look that a read is part of, by `elapsed`; null: it is part of none. */
  readonly until: Until | null;
  /** Each ends all waiting: what has not been sent by then is not. */
  readonly signals: readonly AbortSignal[];
  /** A request that is not answered by then is reported; null: nobody listens. */
  readonly slowMs: number | null;
  readonly emit: (event: ClientEvent) => void;
}

export interface Until {
  readonly at: number;
  /** How long the look was given, for the words. */
  readonly ms: number;
}

type Attempt<T> =
  | { readonly value: T }
  | {
      readonly error: ApiError;
      readonly mayPass: boolean;
      /** By the answer's Retry-After, in milliseconds. */
      readonly toldToWait: number | null;
    };

/** `signal`: aborted with the first of `signals`. */
interface Exchange extends ExchangeContext {
  readonly signal: AbortSignal | undefined;
}

export function exchange<T>(ctx: ExchangeContext, call: Call<T>): Promise<T> {
  const { signals } = ctx;
  if (signals.length < 2) return untilAnswered({ ...ctx, signal: signals[0] }, call);
  return untilFirstOf(signals, (signal) => untilAnswered({ ...ctx, signal }, call));
}

async function untilAnswered<T>(ctx: Exchange, call: Call<T>): Promise<T> {
  let failures = 0;
  let throttles = 0;
  let last: ApiError | undefined;
  for (;;) {
    const result = await attempt(ctx, call, {
      nth: failures + 1,
      isRepeated: failures + throttles > 0,
      last,
    });
    if ('value' in result) return result.value;
    const { error, toldToWait } = result;
    last = error;
    if (error.status === 429) {
      throttles += 1;
      const milliseconds = toldToWait ?? backoffMs(throttles, ctx.random);
      ctx.pause.extend(milliseconds);
      if (throttles >= ctx.throttledTries) throw error;
      if (ctx.signal?.aborted === true) throw call.method === 'GET' ? notSent(call, error) : error;
      checkTime(ctx, call, milliseconds, error);
      ctx.emit({
        type: 'throttled',
        endpoint: endpointOf(call),
        milliseconds,
        nth: throttles + 1,
        tries: mayBeRepeated(call) ? ctx.throttledTries : 1,
      });
      if (!mayBeRepeated(call)) throw error;
      continue;
    }
    failures += 1;
    if (call.method !== 'GET' || !result.mayPass || failures >= ctx.tries) throw error;
    const milliseconds = Math.max(backoffMs(failures, ctx.random), toldToWait ?? 0);
    checkTime(ctx, call, milliseconds, error);
    ctx.emit({
      type: 'retry',
      endpoint: endpointOf(call),
      reason: error.message,
      milliseconds,
      nth: failures + 1,
      tries: ctx.tries,
    });
    try {
      await interruptibleSleep(ctx.sleep, milliseconds, ctx.signal);
    } catch (reason) {
      throw ctx.signal?.aborted === true ? notSent(call, error) : reason;
    }
  }
}

/** Throws when the look that a read is part of is over before it has waited `ms`. `error`: what it failed with. */
function checkTime(ctx: ExchangeContext, call: Call<unknown>, ms = 0, error?: ApiError): void {
  if (timeLeft(ctx, call) <= ms) throw lookIsOver(call, ctx.until?.ms ?? 0, error);
}

function timeLeft({ until, elapsed }: ExchangeContext, { method }: Call<unknown>): number {
  return until === null || method !== 'GET' ? Number.POSITIVE_INFINITY : until.at - elapsed();
}

interface Try {
  /** Which one it is, from 1. */
  readonly nth: number;
  readonly isRepeated: boolean;
  /** What the one before failed with. */
  readonly last: ApiError | undefined;
}

async function attempt<T>(ctx: Exchange, call: Call<T>, { nth, isRepeated, last }: Try): Promise<Attempt<T>> {
  const { signal } = ctx;
  const stopped = () => notSent(call, last);
  const leave = await unlessStopped(ctx, call, stopped, () => ctx.limiter.enter(signal, isRepeated));
  let isAnswered = false;
  try {
    const rest = ctx.pause.rest();
    if (rest > 0) {
      checkTime(ctx, call, rest);
      await unlessStopped(ctx, call, stopped, () => ctx.pause.wait(signal));
    }
    checkTime(ctx, call);
    await call.beforeSend?.();
    if (signal?.aborted === true) throw stopped();
    const result = await send(ctx, call, nth);
    isAnswered = 'value' in result;
    return result;
  } finally {
    // Whom a failure concerns has a say before the place is taken: he may stop what waits for it.
    if (isAnswered) leave();
    else setImmediate(leave);
  }
}

/** Whoever has a say before a request goes out has it also when it does not. */
async function unlessStopped<T>(
  { signal }: Exchange,
  call: Call<unknown>,
  stopped: () => ApiError,
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    await call.beforeSend?.();
    throw stopped();
  }
}

async function send<T>(ctx: Exchange, call: Call<T>, nth: number): Promise<Attempt<T>> {
  const { method, path } = call;
  const headers = headersOf(ctx, call);
  const request =
    call.body === undefined ? { method, path, headers } : { method, path, headers, body: call.body };
  const endpoint = endpointOf(call);
  const started = ctx.clock();
  const deadlineMs = Math.min(ctx.deadlineMs, timeLeft(ctx, call));
  const hushes = [tellIfSlow(ctx, call, nth), tellIfStopped(ctx, call, deadlineMs)];
  const told = ctx.pace.sent(kindOf(endpoint));
  let response: ApiResponse;
  try {
    // What a read would still answer is of no interest; what has become of a write is.
    const until = call.method === 'GET' ? ctx.signal : undefined;
    const answer = await sendWithin(deadlineMs, ctx.transport, request, ctx.startTimer, until);
    told(answerOf(answer.status));
    response = withoutKey(answer, ctx.redact);
  } catch (error) {
    told(error instanceof TransportError && error.kind === 'timeout' ? 'late' : 'failed');
    if (call.method === 'GET' && ctx.signal?.aborted === true) throw abandoned(call);
    if (!(error instanceof TransportError)) throw error;
    if (error.kind === 'too-large') {
      return { error: unreadable(call, null, ctx.redact(error.message)), mayPass: false, toldToWait: null };
    }
    return { error: noAnswer(call, error, ctx.redact), mayPass: error.kind !== 'tls', toldToWait: null };
  } finally {
    for (const hush of hushes) hush();
  }
  const { status } = response;
  const received = ctx.clock();
  ctx.emit({ type: 'answer', endpoint, status, milliseconds: received - started });
  const result = judge(ctx, call, response);
  if (isOfApi(response, result)) ctx.apiClock.hear(response.headers, started, received);
  return result;
}

/** Most calls bring none of their own: theirs are one object, which a transport may know again. */
function headersOf({ headers }: ExchangeContext, call: Call<unknown>): ApiRequest['headers'] {
  if (call.headers === undefined && call.body === undefined) return headers;
  const type = call.body === undefined ? {} : { 'Content-Type': 'application/json' };
  return { ...headers, ...call.headers, ...type };
}

/** What takes about as long: the endpoint, whatever the id. */
function kindOf(endpoint: string): string {
  return endpoint.replace(/\/\d+/g, '/ID');
}

/** What fails at the server says nothing of how much it bears. */
function answerOf(status: number): Answer {
  if (status === 429) return 'throttled';
  return status >= 500 ? 'failed' : 'answered';
}

/** Returns the function that ends it: it has been answered, or not. */
function tellIfSlow({ slowMs, startTimer, emit, tries }: ExchangeContext, call: Call<unknown>, nth: number) {
  if (slowMs === null) return () => {};
  const most = call.method === 'GET' ? tries : 1;
  return startTimer(slowMs, () =>
    emit({ type: 'slow', endpoint: endpointOf(call), milliseconds: slowMs, nth, tries: most }),
  );
}

/** What becomes of a write is waited for, also when nothing else is. Returns the function that ends it. */
function tellIfStopped({ signal, elapsed, emit }: Exchange, call: Call<unknown>, deadlineMs: number) {
  if (signal === undefined || call.method === 'GET') return () => {};
  const ends = elapsed() + deadlineMs;
  const tell = () =>
    emit({ type: 'stopping', endpoint: endpointOf(call), milliseconds: Math.max(0, ends - elapsed()) });
  return onAbort(signal, tell);
}

/** Whose clock a Date is: what something on the way there has answered bears that one's. */
function isOfApi(response: ApiResponse, result: Attempt<unknown>): boolean {
  if ('value' in result) return response.body !== '';
  return response.status >= 400 && response.status < 500 && isFromApi(response);
}

function judge<T>(ctx: ExchangeContext, call: Call<T>, response: ApiResponse): Attempt<T> {
  const { status } = response;
  if (status < 200 || status >= 300) {
    const error = refusal(call, response, ctx.origin);
    return {
      error,
      mayPass: (status >= 500 && status !== 501) || status === 408 || error.code === 'api.gateway',
      toldToWait: retryAfterMs(response.headers['retry-after'], ctx.clock()),
    };
  }
  try {
    return { value: call.read(response) };
  } catch (error) {
    if (!(error instanceof UnreadableAnswer)) throw error;
    return { error: unreadable(call, status, error.message), mayPass: false, toldToWait: null };
  }
}

/** Of an answer's headers only these are read. A PAGE-TOKEN goes back as it came, and is shown nowhere. */
const READ = ['content-type', 'date', 'age', 'retry-after', 'location'] as const;

function withoutKey({ status, headers, body }: ApiResponse, redact: Redact): ApiResponse {
  const read: Record<string, string> = {};
  let all = '';
  for (const name of READ) {
    const value = headers[name];
    if (value === undefined) continue;
    read[name] = value;
    all += `${value}\n`;
  }
  // In one go: what is in none of them together is in none alone.
  if (redact(all) !== all) for (const [name, value] of Object.entries(read)) read[name] = redact(value);
  const token = headers['page-token'];
  if (token !== undefined) read['page-token'] = token;
  return { status, headers: read, body: redactJson(body, redact) };
}

/** Twice is the same as once. A POST or PUT is the caller's to repeat, after a look: gateways have been wrong before. */
function mayBeRepeated({ method }: Pick<Call<unknown>, 'method'>): boolean {
  return method === 'GET' || method === 'DELETE';
}
