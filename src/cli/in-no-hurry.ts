/**
 * When V8 takes a function for hot. Reading a large file goes through all of our code once, a few thousand times each:
 * Node 20 begins to optimise in the middle of it, throws some of that away when the next step brings other nodes, and
 * all is read before it has paid (a third of the CPU of 1,000 batches). Newer Node waits by itself, and knows the flag no more.
 *
 * Invariant: it is as Node has it before and after; what goes on for long is optimised as always.
 */
import { setFlagsFromString } from 'node:v8';

/** What Node 20 has (`node --v8-options`), and what is enough for the largest file; in bytes of bytecode. */
const BUDGET = 67_584;
const LARGE_BUDGET = 20 * BUDGET;
/** Characters. What is smaller is read before anything is hot. */
const LARGE = 32_768;

export interface Pace {
  /** To be told before that many characters are gone through. */
  expect(characters: number): void;
  end(): void;
}

export function inNoHurry(
  v8 = process.versions.v8,
  setFlags = (flag: string) => setFlagsFromString(flag),
): Pace {
  let isSet = false;
  const set = (budget: number) => setFlags(`--interrupt-budget=${budget}`);
  return {
    expect(characters) {
      // An unknown flag would be told on stderr.
      if (isSet || characters < LARGE || !v8.startsWith('11.')) return;
      isSet = true;
      set(LARGE_BUDGET);
    },
    end() {
      if (isSet) set(BUDGET);
      isSet = false;
    },
  };
}
