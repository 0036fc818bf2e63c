/**
 * The tasks of one game server, from an endpoint that not every account has. Whether it exists is learnt from its
 * answers and remembered, for one client.
 */
import type { Id } from '../model/ids.ts';
import type { Task } from '../model/observed.ts';
import { UnreadableAnswer } from './answer-text.ts';
import { readRows, readTasks } from './answers.ts';
import { ApiError } from './errors.ts';
import type { Send } from './pages.ts';

/** null: no such endpoint for this account, or no such game server: nothing is known, and nothing shown absent. */
export type ServerTasks = (send: Send, path: string, server: Id) => Promise<Task[] | null>;

/** Of the endpoint, whatever the game server: asking for another one is in vain. */
const NO_ENDPOINT: ReadonlySet<number | null> = new Set([403, 405, 501]);

export function createServerTasks(): ServerTasks {
  let exists = true;
  return async (send, path, server) => {
    if (!exists) return null;
    try {
      return await send({ method: 'GET', path, read: ({ body }) => tasksOf(server, body) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (NO_ENDPOINT.has(error.status)) exists = false;
      else if (error.status !== 404) throw error;
      return null;
    }
  };
}

/** An answer about other game servers is an answer to another question: it must not show anything absent. */
function tasksOf(server: Id, body: string): Task[] {
  const tasks = readRows(readTasks, body);
  const stranger = tasks.find((task) => task.entityId !== server);
  if (stranger === undefined) return tasks;
  throw new UnreadableAnswer(
    `a task of game server ${stranger.entityId}, expected ${server}, which was asked for`,
  );
}
