/** The newest time in answers → what the API's clock has certainly passed, where no answer bears a Date. Pure. */
import type { Batch, Task } from '../model/observed.ts';

/**
 * Unix seconds; null: no time is told. Only of what has happened (made, worked on, finished): an `executeAt` may be
 * still to come, and so may the end of a batch that was cancelled before: an API may put its `executeAt` there. It is
 * a lower bound: the API's clock may be any time later.
 */
export function newestTime(
  batches: readonly Pick<Batch, 'createdAt' | 'executeAt' | 'finishedAt'>[],
  tasks: readonly Pick<Task, 'lastActivityAt' | 'finishedAt'>[],
): number | null {
  let newest: number | null = null;
  const hear = (time: number | null) => {
    if (time !== null && (newest === null || time > newest)) newest = time;
  };
  for (const { createdAt, executeAt, finishedAt } of batches) {
    hear(createdAt);
    if (finishedAt !== executeAt) hear(finishedAt);
  }
  for (const { lastActivityAt, finishedAt } of tasks) {
    hear(lastActivityAt);
    hear(finishedAt);
  }
  return newest;
}
