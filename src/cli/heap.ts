/**
 * How far V8 lets memory fill before it collects. By itself it waits until the heap is four times what was alive last, and
 * has 32 MB (Node 24: 128) of young objects: for 10,000 batches that is 230 to 360 MB, of which 60 are in use, and
 * pipelines run in containers that are smaller.
 *
 * Invariant: only the program sets it. In a process that uses the library, memory is that process's own affair.
 */
import { setFlagsFromString } from 'node:v8';

/** Percent of what is alive. Works while the program runs, which the sizes themselves (--max-old-space-size) don't. */
const OLD = '--heap-growing-percent=50';
/** The room for young objects begins with 1 MB. It soon has what V8 gives it anyway: a start would collect a dozen times. */
const YOUNG_AT_FIRST = '--semi-space-growth-factor=8';
/** It stays as it is: it is collected more often, which a plan of 3,000 batches feels. */
const YOUNG = '--semi-space-growth-factor=1';

/** Characters of desired state: what fits without it stays well below 250 MB. */
const LARGE = 700_000;

/** Those of Node 20, 22 and 24. Of a flag that it does not know, V8 writes an error to stderr. */
const TRIED = /^1[123]\./;

/** Before anything large is read: what is collected first sets how far the heap may grow until the next time. */
export function boundHeap(
  v8 = process.versions.v8,
  setFlag = (flag: string) => setFlagsFromString(flag),
): void {
  if (!TRIED.test(v8)) return;
  setFlag(OLD);
  setFlag(YOUNG_AT_FIRST);
}

/** Before a file is parsed. */
export function boundYoung(
  characters: number,
  v8 = process.versions.v8,
  setFlag = (flag: string) => setFlagsFromString(flag),
): void {
  if (characters >= LARGE && TRIED.test(v8)) setFlag(YOUNG);
}
