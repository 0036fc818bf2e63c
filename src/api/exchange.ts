/**
 * One call of the client, from its description to its value: headers, a place among the requests in flight, the
 * shared pause, the deadline, the check of the answer, and the tries.
 *
 * Invariants: a read (GET) is tried again after anything that may pass; a write never, but for a DELETE after a 429.
 * After any 429 every request of this client waits as long as it said. Every failure is an `ApiError`, but for what
 * `beforeSend` throws; none holds the key.
 */
import { UnreadableAnswer } from './answer-text.ts';
import type { ApiClock } from './clock.ts';
import { type StartTimer, sendWithin } from './deadline.ts';
import { type ApiError, TransportError } from './errors.ts';
import type { Limiter } from './limiter.ts';
import type { ApiResponse, BeforeSend, Method, Transport } from './port.ts';
import { endpointOf, isFromApi, noAnswer, notSent, type Redact, refusal, unreadable } from './refusal.ts';
import { backoffMs, interruptibleSleep, retryAfterMs, type SharedPause, type Sleep } from './waiting.ts';

/** What the client tells while it works, for a log. Never holds the key or a body. */
export type ClientEvent =
  | {
      readonly type: 'answer';
      readonly endpoint: string;
      readonly status: number;
      readonly milliseconds: number;
    }
  /** The read is tried again after `milliseconds`; `tries` failed so far. */
  | {
      readonly type: 'retry';
      readonly endpoint: string;
      readonly reason: string;
      readonly tries: number;
      readonly milliseconds: number;
    }
  /** A 429: no request of this client goes out for `milliseconds`. */
  | {
      readonly type: 'throttled';
      readonly endpoint: string;
      readonly tries: number;
      readonly milliseconds: number;
    };

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
  /** Ends the waiting of reads. */
  readonly signal: AbortSignal | undefined;
  readonly emit: (event: ClientEvent) => void;
}

type Attempt<T> =
  | { readonly value: T }
  | {
      readonly error: ApiError;
      readonly mayPass: boolean;
      /** By the answer's Retry-After, in milliseconds. */
      readonly toldToWait: number | null;
    };

export async function exchange<T>(ctx: ExchangeContext, call: Call<T>): Promise<T> {
  const endpoint = endpointOf(call);
  let failures = 0;
  let throttles = 0;
  for (;;) {
    const result = await attempt(ctx, call);
    if ('value' in result) return result.value;
    const { error, toldToWait } = result;
    if (error.status === 429) {
      throttles += 1;
      if (throttles >= ctx.throttledTries || isInterrupted(ctx, call)) throw error;
      const milliseconds = toldToWait ?? backoffMs(throttles, ctx.random);
      ctx.pause.extend(milliseconds);
      ctx.emit({ type: 'throttled', endpoint, tries: throttles, milliseconds });
      if (!mayBeRepeated(call)) throw error;
      continue;
    }
    failures += 1;
    if (call.method !== 'GET' || !result.mayPass || failures >= ctx.tries) throw error;
    const milliseconds = Math.max(backoffMs(failures, ctx.random), toldToWait ?? 0);
    ctx.emit({ type: 'retry', endpoint, reason: error.message, tries: failures, milliseconds });
    await orThrow(
      ctx.signal,
      () => error,
      () => interruptibleSleep(ctx.sleep, milliseconds, ctx.signal),
    );
  }
}

async function attempt<T>(ctx: ExchangeContext, call: Call<T>): Promise<Attempt<T>> {
  const signal = call.method === 'GET' ? ctx.signal : undefined;
  const unsent = () => notSent(call);
  const leave = await orThrow(signal, unsent, () => ctx.limiter.enter(signal));
  try {
    await orThrow(signal, unsent, () => ctx.pause.wait(signal));
    await call.beforeSend?.();
    return await send(ctx, call);
  } finally {
    leave();
  }
}

async function send<T>(ctx: ExchangeContext, call: Call<T>): Promise<Attempt<T>> {
  const request = {
    method: call.method,
    path: call.path,
    headers: {
      ...ctx.headers,
      ...call.headers,
      ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  };
  const started = ctx.clock();
  let response: ApiResponse;
  try {
    response = await sendWithin(ctx.deadlineMs, ctx.transport, request, ctx.startTimer);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const mayPass = error.kind !== 'tls' && error.kind !== 'too-large';
    return { error: noAnswer(call, error, ctx.redact), mayPass, toldToWait: null };
  }
  const { status } = response;
  const received = ctx.clock();
  ctx.emit({ type: 'answer', endpoint: endpointOf(call), status, milliseconds: received - started });
  const result = judge(ctx, call, response);
  if (isOfApi(response, result)) ctx.apiClock.hear(response.headers, started, received);
  return result;
}

/** Whose clock a Date is: what something on the way there has answered bears that one's. */
function isOfApi(response: ApiResponse, result: Attempt<unknown>): boolean {
  if ('value' in result) return response.body !== '';
  return response.status >= 400 && response.status < 500 && isFromApi(response);
}

function judge<T>(ctx: ExchangeContext, call: Call<T>, response: ApiResponse): Attempt<T> {
  const { status } = response;
  if (status < 200 || status >= 300) {
    const error = refusal(call, response, ctx.origin, ctx.redact);
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
    const found = whatWasFound(call, response, error, ctx.redact);
    return { error: unreadable(call, status, found, ctx.redact), mayPass: true, toldToWait: null };
  }
}

/** The words of `error`, without the key: its message may quote half of it, so the answer is read again without. */
function whatWasFound<T>(
  call: Call<T>,
  response: ApiResponse,
  error: UnreadableAnswer,
  redact: Redact,
): string {
  const body = redact(response.body);
  if (body === response.body) return error.message;
  try {
    call.read({ ...response, body });
    return 'an answer that quotes the key';
  } catch (again) {
    return again instanceof UnreadableAnswer ? again.message : 'an answer that quotes the key';
  }
}

/** Twice is the same as once. A POST or PUT is the caller's to repeat, after a look: gateways have been wrong before. */
function mayBeRepeated({ method }: Pick<Call<unknown>, 'method'>): boolean {
  return method === 'GET' || method === 'DELETE';
}

function isInterrupted(ctx: ExchangeContext, call: Pick<Call<unknown>, 'method'>): boolean {
  return call.method === 'GET' && ctx.signal?.aborted === true;
}

/** `errorOf` makes what stands for an interruption: only then, an error with its stack is dear. */
async function orThrow<T>(
  signal: AbortSignal | undefined,
  errorOf: () => ApiError,
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    throw signal?.aborted === true ? errorOf() : error;
  }
}
