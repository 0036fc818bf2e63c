/** The last tasks of one game server: they show batches that are no longer in the list. */
import { ApiError, isOver } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import { SERVER_LIST_LIMIT, type Task } from '../model/observed.ts';

export interface ReadHistory {
  readonly tasks: readonly Task[];
  /** As many tasks as the API reports: older ones may be out of sight. */
  readonly isFull: boolean;
}

/** null: the API does not tell, or not to this key. */
export async function readHistory(api: FleetApi, server: Id): Promise<ReadHistory | null> {
  try {
    const tasks = await api.listServerTasks(server);
    return tasks === null ? null : { tasks, isFull: tasks.length >= SERVER_LIST_LIMIT };
  } catch (error) {
    if (error instanceof ApiError && !isOver(error)) return null;
    throw error;
  }
}
