/**
 * Many steps of an apply at the same time: a few more than the client has requests in flight, so that one is always ready
 * to go out, and what is held in memory does not grow with the plan. Every loop over changes, batches or tasks that
 * sends requests is one of these.
 *
 * Invariants: steps begin in order, and their results are in that order. A step that waits for anything but an answer (the
 * end of a doubt, a write of the state) lends its lane to others meanwhile: nobody waits for another's wait. After a
 * failure nothing begins any more, and nothing is left running behind it: the lock goes when this is over.
 */
import type { ApplyContext } from './context.ts';

/** So many steps for each request in flight: while the one is answered, another is ready to be sent. */
const PER_PLACE = 2;

export async function walk<T, R>(
  ctx: ApplyContext,
  items: readonly T[],
  step: (ctx: ApplyContext, item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  // Below zero: steps are back from their waits, and the next ones begin that much later.
  let lanes = ctx.api.parallelism * PER_PLACE;
  let next = 0;
  let running = 0;
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
        step(lending(ctx, change), items[i] as T)
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

/** What one step works with: whatever it waits for in there, its lane is free meanwhile. */
function lending(ctx: ApplyContext, change: (by: 1 | -1) => void): ApplyContext {
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
  return {
    ...ctx,
    sleep: (ms, signal) => lent(() => ctx.sleep(ms, signal)),
    journal: { ...journal, record: (edits, when) => lent(() => journal.record(edits, when)) },
  };
}
