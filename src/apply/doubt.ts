/**
 * How long a write without a clear answer stays in doubt, and how we check on it meanwhile: at growing intervals, until
 * it is found, or doubt is over and several looks agree. Every wait ends at once when the apply is to stop.
 */
import type { ApplyContext } from './context.ts';

/** Milliseconds. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;

/** So many looks in a row have to say that something is not there, the last of them after doubt is over. */
export const CONFIRMED = 3;
/** Milliseconds between looks that confirm each other. */
const CONFIRM_PAUSE = 1000;

/** Seconds for which a refusal is looked at before it is believed: it may have been done anyway. */
export const REFUSED_SETTLE = 3;

/** Milliseconds; `looks`: how many there were. Not past the end of doubt, but for what confirms it. */
export function nextPause(looks: number, msLeft: number): number {
  const growing = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(looks, 10));
  return msLeft <= 0 ? CONFIRM_PAUSE : Math.max(1, Math.min(growing, msLeft));
}

/** false: the apply is to stop. */
export async function pause(ctx: Pick<ApplyContext, 'sleep' | 'stop'>, ms: number): Promise<boolean> {
  if (ctx.stop.aborted) return false;
  let onAbort = () => {};
  const stopped = new Promise<void>((resolve) => {
    onAbort = resolve;
    ctx.stop.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([ctx.sleep(ms, ctx.stop), stopped]);
  } catch (error) {
    if (!ctx.stop.aborted) throw error;
  } finally {
    ctx.stop.removeEventListener('abort', onAbort);
  }
  return !ctx.stop.aborted;
}
