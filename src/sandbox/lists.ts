/** The lists of what was made, the last 100 or of one game server the last 50: in either order, and perhaps late. */
import { LIST_LIMIT, SERVER_LIST_LIMIT } from '../model/observed.ts';
import type { ListReads, SandboxBatch, SandboxRecord } from './world.ts';

export interface ListStyle {
  /** Which end of a list the newest is at; default `newest-first`. */
  readonly order?: 'newest-first' | 'oldest-first';
  /**
   * A new batch is missing from the lists for so many seconds of the sandbox's clock, or from so many reads of each
   * list. Reads are counted in memory: in a shared folder each process counts its own.
   */
  readonly listLag?: number | { readonly seconds?: number; readonly reads?: number };
}

/** `now` is unix seconds of the sandbox's clock. Counts as a read of the list. */
export function listedBatches(record: SandboxRecord, now: number, style: ListStyle): SandboxBatch[] {
  return ordered(lastOf(visible(record, now, style, 'batches')), style);
}

/** The ids of the tasks. Counts as a read of the list. */
export function listedTasks(record: SandboxRecord, now: number, style: ListStyle): string[] {
  const batches = visible(record, now, style, 'tasks');
  let ids: readonly string[] = [];
  for (let i = batches.length - 1; i >= 0 && ids.length < LIST_LIMIT; i -= 1) {
    ids = [...batches[i]!.taskIds.slice(-LIST_LIMIT), ...ids];
  }
  return ordered(lastOf(ids), style);
}

/** The ids of the tasks of one game server. Counts as a read of such a list, whichever game server it is of. */
export function listedServerTasks(
  record: SandboxRecord,
  server: string,
  now: number,
  style: ListStyle,
): string[] {
  const ids = visible(record, now, style, 'servers').flatMap((batch) =>
    batch.taskIds.filter((id) => record.tasks[id]?.entityId === server),
  );
  return ordered(ids.slice(-SERVER_LIST_LIMIT), style);
}

function visible(
  record: SandboxRecord,
  now: number,
  { listLag }: ListStyle,
  list: keyof ListReads,
): readonly SandboxBatch[] {
  if (listLag === undefined) return record.batches;
  const { seconds = 0, reads } = typeof listLag === 'number' ? { seconds: listLag } : listLag;
  const late = record.batches.filter((batch) => batch.createdAt + seconds <= now);
  if (reads === undefined) return late;
  const before = record.listReads ?? { tasks: 0, batches: 0 };
  const count = before[list] ?? 0;
  record.listReads = { ...before, [list]: count + 1 };
  return late.filter((batch) => count - (batch.listReads?.[list] ?? 0) >= reads);
}

function lastOf<T>(items: readonly T[]): readonly T[] {
  return items.slice(-LIST_LIMIT);
}

function ordered<T>(items: readonly T[], { order }: ListStyle): T[] {
  return order === 'oldest-first' ? [...items] : [...items].reverse();
}
