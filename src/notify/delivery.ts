/**
 * Messages → the receiver: one after the other, in order, in the background, each tried again while that may help.
 *
 * Invariants: nobody waits for it but `end`, for as long as the receiver answers and never beyond a bound; the last
 * message, which says how all ended, is tried whatever becomes of the others; nothing here throws; what is told of a
 * failure is in our own words, as the URL, and what a proxy or receiver answers, are nobody's business. No redirect is
 * followed.
 */
import { sendWithin, startTimer } from '../api/deadline.ts';
import { TransportError } from '../api/errors.ts';
import type { HttpTransport } from '../api/http.ts';
import type { ApiResponse } from '../api/port.ts';
import { backoffMs, interruptibleSleep, retryAfterMs, type Sleep } from '../api/waiting.ts';
import { version } from '../version.ts';
import { endingLookup } from './lookup.ts';

export interface Message {
  /** Asked for once, when it is about to be sent: until then it may grow. */
  body(): string;
  /** It will not be sent: there is no time left. */
  drop?(): void;
}

export interface Delivery {
  /** Returns at once. */
  add(message: Message): void;
  /**
   * Waits until all is delivered, while the receiver makes progress, and not after `stop`; nothing is sent any more
   * afterwards. What was added last is tried in any case.
   */
  end(stop: AbortSignal): Promise<Undelivered | null>;
}

export interface Undelivered {
  readonly count: number;
  /** The reasons: `connection refused`. */
  readonly why: string;
}

export interface DeliveryOptions {
  readonly url: URL;
  /** For the proxy. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** Milliseconds without an answer, after which the end is waited for no longer. */
  readonly lastMs?: number;
  /** Milliseconds for one try. */
  readonly deadlineMs?: number;
}

const TRIES = 4;
const LONGEST_WAIT = 30_000;
/** The end takes so many times `lastMs` at most, however well the receiver answers. */
const MOST_PATIENCE = 3;
/** Messages that wait. */
const LARGEST_QUEUE = 100;

const SILENT = 'no answer in time';
const SLOW = 'it answers too slowly for so many';
const CUT_OFF = 'a signal ended the wait';

export function createDelivery(options: DeliveryOptions): Delivery {
  const { sleep, random, lastMs = 5000 } = options;
  const ended = new AbortController();
  /** What is under way is given up for the last one. */
  const hurried = new AbortController();
  const post = poster(options, ended.signal);
  const queue: Message[] = [];
  const reasons = new Set<string>();
  let lost = 0;
  let underWay = 0;
  let onProgress = () => {};
  let working: Promise<void> = Promise.resolve();

  function lose(why: string, message?: Message): void {
    lost += 1;
    reasons.add(why);
    message?.drop?.();
  }

  /** null: delivered; else why not. */
  async function deliver(message: Message, patience: AbortSignal): Promise<string | null> {
    const body = message.body();
    let known: string | null = null;
    for (let tries = 1; ; tries += 1) {
      const answer = await post.send(body);
      if (answer === null) return null;
      // A try that was cut off has learned nothing: an earlier one may know better.
      if (known !== null && ended.signal.aborted) return known;
      known = answer.why;
      if (!answer.mayPass || tries === TRIES || patience.aborted) return answer.why;
      const ms = Math.max(backoffMs(tries, random), answer.toldToWait ?? 0);
      // It rejects once the patience is over.
      await interruptibleSleep(sleep, Math.min(ms, LONGEST_WAIT), patience).catch(() => {});
      if (patience.aborted) return answer.why;
    }
  }

  async function work(patience: AbortSignal): Promise<void> {
    underWay += 1;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const why = await deliver(next, patience).catch(() => 'it cannot be sent there');
      if (why === null) onProgress();
      else lose(why === SILENT && ended.signal.aborted ? endReason : why);
      if (patience.aborted) break;
    }
    underWay -= 1;
  }
  let endReason = SILENT;

  function begin(patience: AbortSignal): void {
    working = Promise.all([working, work(patience)]).then(() => {});
  }

  return {
    add(message) {
      if (ended.signal.aborted) return lose(SILENT, message);
      // What was told last says the most.
      if (queue.length >= LARGEST_QUEUE) lose(SLOW, queue.shift());
      queue.push(message);
      if (underWay === 0) begin(AbortSignal.any([ended.signal, hurried.signal]));
    },
    async end(stop) {
      const finish = (why: string) => {
        endReason = why;
        ended.abort();
      };
      const onStop = () => finish(CUT_OFF);
      if (stop.aborted) onStop();
      stop.addEventListener('abort', onStop, { once: true });
      const hurry = (why: string) => {
        while (queue.length > 1) lose(why, queue.shift());
        if (queue.length === 0 || hurried.signal.aborted) return;
        hurried.abort();
        // Beside what is under way, which may still be answered.
        begin(ended.signal);
      };
      let isAnswering = false;
      const clocks = pacing(lastMs, {
        onSilence: () => finish(isAnswering ? SLOW : SILENT),
        onHalfSilence: () => hurry(isAnswering ? SLOW : SILENT),
        onLate: () => hurry(SLOW),
        onOver: () => finish(SLOW),
      });
      onProgress = () => {
        isAnswering = true;
        clocks.restart();
      };
      while (underWay > 0) await working;
      clocks.stop();
      stop.removeEventListener('abort', onStop);
      ended.abort();
      for (const message of queue.splice(0)) lose(endReason, message);
      post.close();
      return lost === 0 ? null : { count: lost, why: [...reasons].join('; ') };
    },
  };
}

interface Pacing {
  readonly onSilence: () => void;
  readonly onHalfSilence: () => void;
  readonly onLate: () => void;
  readonly onOver: () => void;
}

/** The clocks of the end: two that begin anew with each answer, and two that do not. */
function pacing(lastMs: number, { onSilence, onHalfSilence, onLate, onOver }: Pacing) {
  const fixed = [setTimeout(onLate, lastMs), setTimeout(onOver, lastMs * MOST_PATIENCE)];
  const begin = () => [setTimeout(onHalfSilence, lastMs / 2), setTimeout(onSilence, lastMs)];
  let running = begin();
  const clear = () => {
    for (const timer of running) clearTimeout(timer);
  };
  return {
    restart() {
      clear();
      running = begin();
    },
    stop() {
      clear();
      for (const timer of fixed) clearTimeout(timer);
    },
  };
}

interface Refused {
  readonly why: string;
  readonly mayPass: boolean;
  /** Milliseconds. */
  readonly toldToWait: number | null;
}

interface Poster {
  /** null: it has been taken. */
  send(body: string): Promise<Refused | null>;
  close(): void;
}

function poster({ url, env, deadlineMs = 10_000 }: DeliveryOptions, ended: AbortSignal): Poster {
  let transport: HttpTransport | undefined;
  const headers = { 'Content-Type': 'application/json', 'User-Agent': `fleetform/${version}` };
  return {
    async send(body) {
      try {
        if (transport === undefined) {
          const { createHttpTransport } = await import('../api/http.ts');
          const names = { lookup: endingLookup(ended) };
          transport = createHttpTransport({ baseUrl: url.origin, env, connections: 2, names });
        }
        const request = { method: 'POST', path: `${url.pathname}${url.search}`, headers, body } as const;
        return judged(await sendWithin(deadlineMs, transport, request, startTimer, ended));
      } catch (error) {
        if (ended.aborted) return refused(SILENT, false);
        if (!(error instanceof TransportError)) return refused('it cannot be sent there', false);
        // An answer too large to be read is one all the same.
        if (error.kind === 'too-large') return null;
        return refused(WORDS[error.kind] ?? 'no connection, or no answer', error.kind !== 'tls');
      }
    },
    close: () => transport?.close(),
  };
}

const WORDS: Readonly<Partial<Record<TransportError['kind'], string>>> = {
  refused: 'connection refused',
  unresolved: 'the name could not be resolved',
  tls: 'no trusted TLS connection',
  reset: 'the connection broke off',
  timeout: SILENT,
};

function judged({ status, headers }: ApiResponse): Refused | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return refused(`it answers ${status}, a redirect, which is not followed`, false);
  const isPassing = status === 429 || status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return refused(`it answers ${status}`, isPassing, retryAfterMs(headers['retry-after'], Date.now()));
}

function refused(why: string, mayPass: boolean, toldToWait: number | null = null): Refused {
  return { why, mayPass, toldToWait };
}
