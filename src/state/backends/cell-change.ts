/**
 * What is asked of a cell, until its outcome is known: a storage that fails is asked again, and a swap without an answer
 * is looked at.
 *
 * Invariants: a change is done when a swap said so, or when what it put is what is there. Where neither can be found out
 * it throws a `CellError`, and then it may have been done.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { FleetformError } from '../../model/errors.ts';
import { machineError } from '../../model/machine-error.ts';
import { safeText } from '../../model/safe-text.ts';
import { unreachable } from '../errors.ts';
import { type CellText, cellIn, cellToText } from './cell-text.ts';

/** What one's own storage has to do: keep one text for one state. */
export interface StateCell {
  /** For people: where it is. No credential may be part of it. */
  readonly location: string;
  /**
   * The text that was put last; null or undefined: none was yet. Rejects where that cannot be told: then it is asked
   * again, and at last told as `state.unreachable` with what it rejected with.
   */
  get(): Promise<string | null | undefined>;
  /**
   * Puts `text` where exactly `expected` is (null: where nothing is), in one step that no other change comes between.
   * false: something else is there, and nothing was changed. Rejects where the outcome is not known: then what is there
   * is looked at, and what was not done is tried again.
   */
  swap(expected: string | null, text: string): Promise<boolean>;
  /** Ends what it has open. */
  close?(): Promise<void>;
}

/** So often a swap is lost to others before it is given up. */
const MOST_ROUNDS = 20;

export class CellError extends FleetformError {
  override readonly name = 'CellError';
  /** What was asked may have been done all the same. */
  readonly mayBeDone: boolean;

  constructor({ code, message, hint }: FleetformError, mayBeDone: boolean, cause: unknown) {
    super(code, message, { ...(hint === undefined ? {} : { hint }), cause });
    this.mayBeDone = mayBeDone;
  }
}

/**
 * From what is there to what shall be; null: nothing shall. What it throws ends the change. `isRepeat`: a swap of this
 * change was not answered, so what is found may be its own work.
 */
export type Next = (found: CellText, isRepeat: boolean) => CellText | null | Promise<CellText | null>;

export interface AskOptions {
  readonly stop?: AbortSignal | undefined;
  /** Milliseconds before the storage is asked once more, after each failure; none left: it is given up. */
  readonly pausesMs?: readonly number[];
}

export interface SureCell {
  look(options?: AskOptions): Promise<CellText>;
  change(next: Next, options?: AskOptions): Promise<void>;
}

export interface CellPatience {
  readonly pausesMs: readonly number[];
  /** What has not settled by then is taken for a failure without an answer. */
  readonly timeoutMs: number;
}

export function sureCell(cell: StateCell, usual: CellPatience): SureCell {
  const { location } = cell;
  const inTime = <T>(asked: () => Promise<T>, stop?: AbortSignal) => answered(asked, usual.timeoutMs, stop);
  /** A `Map` says undefined of what it does not have. */
  const get = (stop?: AbortSignal) => inTime(async () => (await cell.get()) ?? null, stop);

  /** Of one thing that is asked: throws once it has failed too often. */
  function patience({ stop, pausesMs = usual.pausesMs }: AskOptions) {
    let failed = 0;
    return async (cause: unknown, mayBeDone: boolean): Promise<void> => {
      stop?.throwIfAborted();
      const pause = pausesMs[failed];
      failed += 1;
      if (pause === undefined) throw new CellError(told(location, cause, failed), mayBeDone, cause);
      await delay(pause, undefined, stop === undefined ? {} : { signal: stop }).catch(() => {});
      stop?.throwIfAborted();
    };
  }

  async function look(options: AskOptions = {}): Promise<CellText> {
    const wait = patience(options);
    for (;;) {
      let text: string | null;
      try {
        text = await get(options.stop);
      } catch (cause) {
        await wait(cause, false);
        continue;
      }
      return cellIn(text, location);
    }
  }

  async function change(next: Next, options: AskOptions = {}): Promise<void> {
    const wait = patience(options);
    /** All that was put: it may arrive late, and a storage may call its own repetition a swap that came too late. */
    const put = new Set<string>();
    let isRepeat = false;
    for (let round = 1; round <= MOST_ROUNDS; ) {
      let found: string | null;
      try {
        found = await get(options.stop);
      } catch (cause) {
        await wait(cause, isRepeat);
        continue;
      }
      if (found !== null && put.has(found)) return;
      const made = await next(cellIn(found, location), isRepeat);
      if (made === null) return;
      const text = cellToText(made);
      put.add(text);
      try {
        if (await inTime(async () => cell.swap(found, text), options.stop)) return;
        round += 1;
      } catch (cause) {
        isRepeat = true;
        await wait(cause, true).catch(async (error) => {
          if ((await get().catch(() => null)) !== text) throw error;
        });
      }
    }
    throw busy(location);
  }

  return { look, change };
}

/** A storage may forget a promise. What it does later is as of any swap without an answer: it is looked at. */
async function answered<T>(asked: () => Promise<T>, timeoutMs: number, stop?: AbortSignal): Promise<T> {
  const over = new AbortController();
  const either = stop === undefined ? [] : [untilAborted(stop, over.signal)];
  const late = delay(timeoutMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${timeoutMs / 1000} s`);
  });
  try {
    return await Promise.race([asked(), late, ...either]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}

function untilAborted(stop: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason), { once: true, signal: over });
  });
}

/** An error of the caller's own storage: in its words, as nobody else has any. */
function told(location: string, cause: unknown, tries: number): FleetformError {
  if (cause instanceof FleetformError) return cause;
  const { message } = machineError(cause) ?? (cause instanceof Error ? cause : new Error(String(cause)));
  return unreachable(
    location,
    `${safeText(message, 300)} (${tries === 1 ? 'once' : `${tries} times`})`,
    'Look at the storage, then run this again: it checks first and sends nothing twice.',
  );
}

function busy(location: string): FleetformError {
  return unreachable(
    location,
    `it changes all the time: ${MOST_ROUNDS} swaps in a row came too late`,
    'Only where many use it at once, or where its `swap` does not compare with what `get` gave. Run this again later.',
  );
}
