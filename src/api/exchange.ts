/**
 * One call of the client, from its description to its value: a place among the requests in flight, the shared pause,
 * and the tries. What one try is, is `send.ts`.
 *
 * Invariants: a read (GET) is tried again after anything that may pass. A write is never tried again, but for a DELETE
 * after a 429. Past `until`, no read is sent, or waits.
 * After any 429 every request of this client waits as long as it said. Every failure is an `ApiError`, but for what
 * `beforeSend` throws. Once one of `signals` is aborted nothing is sent, and nothing waited for but the answer to a
 * write that is under way.
 */
import type { ApiError } from './errors.ts';
import type { Limiter } from './limiter.ts';
import { endpointOf, lookIsOver, notSent } from './refusal.ts';
import { type Attempt, type Call, type SendContext, send, timeLeft } from './send.ts';
import { backoffMs, interruptibleSleep, type SharedPause, type Sleep, untilFirstOf } from './waiting.ts';

export interface ExchangeContext extends Omit<SendContext, 'signal'> {
  readonly limiter: Limiter;
  readonly pause: SharedPause;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** How often anything is sent that is answered 429. */
  readonly throttledTries: number;
  /** Each ends all waiting: what has not been sent by then is not. */
  readonly signals: readonly AbortSignal[];
}

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
function checkTime(ctx: Exchange, call: Call<unknown>, ms = 0, error?: ApiError): void {
  if (timeLeft(ctx, call) <= ms) throw lookIsOver(call, ctx.until?.ms ?? 0, error);
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

/** Twice is the same as once. A POST or PUT is the caller's to repeat, after a look: gateways have been wrong before. */
function mayBeRepeated({ method }: Pick<Call<unknown>, 'method'>): boolean {
  return method === 'GET' || method === 'DELETE';
}
