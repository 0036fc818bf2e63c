/**
 * How far V8 lets memory fill before it collects. By itself it waits until the heap is four times what was alive last, and
 * has 32 MB (Node 24: 128) of young objects: for 10,000 batches that is 230 to 360 MB, of which 60 are in use, and
 * pipelines run in containers that are smaller.
 *
 * Invariant: only the program sets it. In a process that uses the library, memory is that process's own affair.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * Both work while the program runs, which the sizes themselves, such as --max-semi-space-size, don't.
 */
const FLAGS = [
  // Percent of what is alive.
  '--heap-growing-percent=50',
  // The room for young objects stays as it is after start-up: it is collected more often, and at less cost each time.
  '--semi-space-growth-factor=1',
];

/** Those of Node 20, 22 and 24. Of a flag that it does not know, V8 writes an error to stderr. */
const TRIED = /^1[123]\./;

/** Before anything large is read: what is collected first sets how far the heap may grow until the next time. */
export function boundHeap(
  v8 = process.versions.v8,
  setFlags = (flag: string) => setFlagsFromString(flag),
): void {
  if (TRIED.test(v8)) for (const flag of FLAGS) setFlags(flag);
}
