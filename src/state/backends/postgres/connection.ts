/**
 * One connection to the server, made when it is needed and again when it broke.
 *
 * Invariant: nothing rests on a session, so that a pooler may put any connection behind each statement: no name, no
 * setting and no lock outlives it. A statement has an answer in time, or its connection is given up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type Client from 'pg/lib/client.js';
import { FleetformError } from '../../../model/errors.ts';
import { connect, drop, inTime } from './connect.ts';
import { type Failure, failureOf, type Target } from './failures.ts';

export type Row = Readonly<Record<string, string | null>>;

export interface Answer {
  readonly rows: readonly Row[];
  /** It was sent before, and that answer never came: what it does may have been done then. */
  readonly isRepeat: boolean;
}

export interface AskOptions {
  readonly stop?: AbortSignal | undefined;
  /** How often at most; default 4. */
  readonly tries?: number;
}

export interface Connection {
  /** For so long an answer is waited for. Behind a lock in the database, a statement may wait longer. */
  readonly answerMs: number;
  /** With values: one statement. Without: any number, which are one transaction. Throws a `QueryError`. */
  ask(text: string, values?: readonly unknown[], options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export class QueryError extends FleetformError {
  override readonly name = 'QueryError';
  readonly sqlState: string | null;
  /** What was asked may have been done all the same. */
  readonly mayBeDone: boolean;

  constructor({ code, message, hint }: FleetformError, sqlState: string | null, mayBeDone: boolean) {
    super(code, message, hint === undefined ? {} : { hint });
    this.sqlState = sqlState;
    this.mayBeDone = mayBeDone;
  }
}

export interface Pace {
  readonly answerMs: number;
  readonly pausesMs: readonly number[];
}

/** The connection ends, and with it the answer. Any other error of the server has undone what was asked. */
const ENDED = /^(?:08|57P)/;

const PACE: Pace = { answerMs: 20_000, pausesMs: [250, 1000, 2000] };

export function connectionTo(target: Target, { answerMs, pausesMs }: Pace = PACE): Connection {
  const { settings, location } = target;
  let client: Client | null = null;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  async function connected(): Promise<Client> {
    if (client !== null) return client;
    const fresh = await connect(settings, location);
    if (isClosed) {
      drop(fresh);
      throw new FleetformError('state.closed', `${location} has been closed`, {
        hint: 'Nothing was asked of it. Open the state again.',
      });
    }
    // Also a connection that is not in use breaks now and then: the next statement makes another.
    const forget = () => {
      if (client === fresh) client = null;
    };
    fresh.on('error', forget);
    fresh.on('end', forget);
    client = fresh;
    return fresh;
  }

  async function answerOf(text: string, values: readonly unknown[] | undefined, sent: () => void) {
    const used = await connected();
    sent();
    used.ref();
    try {
      const found = await inTime(used, answerMs, used.query(text, values));
      return Array.isArray(found) ? [] : found.rows;
    } catch (error) {
      // After an error of the server the connection is as good as before; after any other it is not.
      if (!('severity' in (error as object))) {
        if (client === used) client = null;
        drop(used);
      }
      throw error;
    } finally {
      used.unref();
    }
  }

  async function tryAll(text: string, values: readonly unknown[] | undefined, { stop, tries }: AskOptions) {
    let isRepeat = false;
    let mayBeDone = false;
    for (let tried = 1; ; tried += 1) {
      let wasSent = false;
      let failure: Failure;
      try {
        const rows = await answerOf(text, values, () => {
          wasSent = true;
        });
        return { rows, isRepeat };
      } catch (error) {
        failure = failureOf(error, target, !wasSent);
      }
      isRepeat ||= wasSent;
      mayBeDone ||= wasSent && (failure.sqlState === null || ENDED.test(failure.sqlState));
      stop?.throwIfAborted();
      const pause = pausesMs[tried - 1];
      if (!failure.isTransient || isClosed || pause === undefined || tried >= (tries ?? pausesMs.length + 1))
        throw new QueryError(failure.told(tried), failure.sqlState, mayBeDone);
      await delay(pause, undefined, stop === undefined ? {} : { signal: stop }).catch(() => {});
      stop?.throwIfAborted();
    }
  }

  return {
    answerMs,
    ask(text, values, options = {}) {
      // The driver wants one at a time.
      const answer = last.then(() => tryAll(text, values, options));
      last = answer.catch(() => {});
      return answer;
    },
    async close() {
      isClosed = true;
      const open = client;
      client = null;
      if (open === null) return;
      // Whoever waits for the end keeps the process alive, and the server does not keep them.
      open.ref();
      const late = setTimeout(() => drop(open), 1000);
      await open.end().catch(() => {});
      clearTimeout(late);
      drop(open);
    },
  };
}
