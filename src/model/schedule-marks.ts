/** What becomes of the marks of schedules when addresses move. */
import { parseOccurrence } from './addresses.ts';
import type { State } from './state.ts';

type Marks = NonNullable<State['schedules']>;

/** A schedule goes where its occurrences go; one that is there already keeps its own mark. */
export function renameMarks(marks: Marks, names: ReadonlyMap<string, string>): Marks {
  const renamed = new Map(Object.entries(marks));
  for (const [from, to] of names) {
    const [old, next] = [parseOccurrence(from), parseOccurrence(to)];
    const mark = old === null ? undefined : marks[old.base];
    if (next !== null && mark !== undefined && !renamed.has(next.base)) renamed.set(next.base, mark);
  }
  return renamed.size === Object.keys(marks).length ? marks : Object.fromEntries(renamed);
}
