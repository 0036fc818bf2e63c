/**
 * One try of a call, on the wire: its request, the deadline, and what the answer is worth. Whether and when it is
 * sent, and whether again, is decided in `exchange.ts`.
 *
 * Invariants: of an answer, nothing after `send` sees the key. A whole answer that cannot be used does not pass: it
 * would be the same again. Past `until`, no read is under way.
 */
import type { ClientEvent } from '../model/client-events.ts';
import { type Redact, redactJson } from '../model/redactor.ts';
import { onAbort } from './aborted.ts';
import { UnreadableAnswer } from './answer-text.ts';
import type { ApiClock } from './clock.ts';
import { type StartTimer, sendWithin } from './deadline.ts';
import { type ApiError, TransportError } from './errors.ts';
import type { Answer, Pace } from './pace.ts';
import type { ApiRequest, ApiResponse, BeforeSend, Method, Transport } from './port.ts';
import { abandoned, endpointOf, isFromApi, noAnswer, refusal, unreadable } from './refusal.ts';
import { retryAfterMs } from './waiting.ts';

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

/** What it takes to send a call once. */
export interface SendContext {
  readonly transport: Transport;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly redact: Redact;
  /** Hears what becomes of every request. */
  readonly pace: Pace;
  readonly clock: () => number;
  readonly apiClock: ApiClock;
  readonly startTimer: StartTimer;
  readonly deadlineMs: number;
  /** How often a read is sent in all. */
  readonly tries: number;
  /** Milliseconds that only go forward, whatever the clock is set to. */
  readonly elapsed: () => number;
  /** The end of the look that a read is part of, by `elapsed`; null: it is part of none. */
  readonly until: Until | null;
  /** Once aborted, an answer to a read is of no interest. */
  readonly signal: AbortSignal | undefined;
  /** A request that is not answered by then is reported; null: nobody listens. */
  readonly slowMs: number | null;
  readonly emit: (event: ClientEvent) => void;
}

export interface Until {
  readonly at: number;
  /** How long the look was given, for the words. */
  readonly ms: number;
}

export type Attempt<T> =
  | { readonly value: T }
  | {
      readonly error: ApiError;
      readonly mayPass: boolean;
      /** By the answer's Retry-After, in milliseconds. */
      readonly toldToWait: number | null;
    };

export async function send<T>(ctx: SendContext, call: Call<T>, nth: number): Promise<Attempt<T>> {
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
function headersOf({ headers }: SendContext, call: Call<unknown>): ApiRequest['headers'] {
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
function tellIfSlow({ slowMs, startTimer, emit, tries }: SendContext, call: Call<unknown>, nth: number) {
  if (slowMs === null) return () => {};
  const most = call.method === 'GET' ? tries : 1;
  return startTimer(slowMs, () =>
    emit({ type: 'slow', endpoint: endpointOf(call), milliseconds: slowMs, nth, tries: most }),
  );
}

/** What becomes of a write is waited for, also when nothing else is. Returns the function that ends it. */
function tellIfStopped({ signal, elapsed, emit }: SendContext, call: Call<unknown>, deadlineMs: number) {
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

function judge<T>(ctx: SendContext, call: Call<T>, response: ApiResponse): Attempt<T> {
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

/** Milliseconds that the look leaves to a read. */
export function timeLeft({ until, elapsed }: SendContext, { method }: Call<unknown>): number {
  return until === null || method !== 'GET' ? Number.POSITIVE_INFINITY : until.at - elapsed();
}
