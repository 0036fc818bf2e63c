/**
 * How far V8 lets memory fill before it collects. By itself it waits until the heap is four times what was alive last,
 * which of 10,000 batches is 150 MB of garbage beside 50 MB in use; pipelines run in containers that are smaller.
 *
 * Invariant: only the program sets it. In a process that uses the library, memory is that process's own affair.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * Percent of what is alive. Less is collected more often: at 50 it costs a few hundredths of the CPU, at 30 a tenth.
 */
const SLACK = 50;

/** Before anything large is read: what is collected first sets how far it may grow until the next time. */
export function boundHeapSlack(): void {
  setFlagsFromString(`--heap-growing-percent=${SLACK}`);
}
