/**
 * Many steps of an apply at the same time: a few more than the client has requests in flight, so that one is always ready
 * to go out, and what is held in memory does not grow with the plan. Every loop over changes, batches or tasks that
 * writes is one of these (what only reads: `observe/map-in-flight.ts`).
 *
 * Invariants: steps begin in order, and their results are in that order. A step that waits for the end of a doubt, or for a
 * record on whose strength nothing is sent, lends its lane to others meanwhile. But few records wait at a time: what was
 * made and is not recorded has to be found again after a crash, and the API's list shows no more than the last 100. After
 * a failure nothing begins any more, and nothing is left running behind it: the lock goes when this is over.
 */
import type { Journal } from '../state/journal.ts';
import type { ApplyContext } from './context.ts';

/** So many steps more than there are places for requests, or twice as many: they are ready when a place is free. */
const MOST_READY = 10;
/** Records that steps have left behind them. */
const MOST_UNKEPT = 24;

export async function walk<T, R>(
  ctx: ApplyContext,
  items: readonly T[],
  step: (ctx: ApplyContext, item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  // Below zero: steps are back from their waits, and the next ones begin that much later.
  let lanes = ctx.api.parallelism + Math.min(ctx.api.parallelism, MOST_READY);
  let next = 0;
  let running = 0;
  const unkept = { count: 0 };
  await new Promise<void>((resolve) => {
    const change = (by: 1 | -1) => {
      lanes += by;
      if (by === 1) goOn();
    };
    const goOn = () => {
      while (lanes > 0 && next < items.length && failures.length === 0) {
        const i = next;
        next += 1;
        running += 1;
        lanes -= 1;
        step(lending(ctx, change, unkept), items[i] as T)
          .then(
            (result) => {
              results[i] = result;
            },
            (reason) => failures.push(reason),
          )
          .finally(() => {
            running -= 1;
            change(1);
          });
      }
      if (running === 0) resolve();
    };
    goOn();
  });
  if (failures.length > 0) throw failures[0];
  return results;
}

/** What one step works with: while it waits in there, its lane is free. `unkept`: of all steps. */
function lending(ctx: ApplyContext, change: (by: 1 | -1) => void, unkept: { count: number }): ApplyContext {
  let waits = 0;
  const lent = async (wait: () => Promise<void>) => {
    waits += 1;
    if (waits === 1) change(1);
    try {
      await wait();
    } finally {
      waits -= 1;
      if (waits === 0) change(-1);
    }
  };
  const { journal } = ctx;
  const recordSoon = async (edits: Parameters<Journal['record']>[0]) => {
    unkept.count += 1;
    try {
      await lent(() => journal.record(edits, 'soon'));
    } finally {
      unkept.count -= 1;
    }
  };
  return {
    ...ctx,
    sleep: (ms, signal) => lent(() => ctx.sleep(ms, signal)),
    journal: {
      ...journal,
      // Where too many wait already, this one is in a hurry.
      record: (edits, when) =>
        when === 'soon' && unkept.count < MOST_UNKEPT ? recordSoon(edits) : journal.record(edits),
    },
  };
}
