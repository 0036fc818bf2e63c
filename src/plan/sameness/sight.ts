/**
 * Could the list of batches show a certain new one at all? What it doesn't show is absent only then. Lists come late,
 * show the last `LIST_LIMIT`, and may be answered by a copy that is behind, or by an empty answer that is none.
 */
import type { Id } from '../../model/ids.ts';
import { type Batch, LIST_LIMIT } from '../../model/observed.ts';
import type { Intent } from '../../model/state.ts';

/**
 * `overrun`: so many are newer than all that was in sight before that it may be behind them. `behind`: the list lacks
 * what it showed before, or what was made before; it heals.
 */
export type Sight = 'clear' | 'overrun' | 'behind';

/** `newestListed`: of the list alone; `batches` may have others, too. */
export function sightOf(
  { newest }: Pick<Intent, 'newest'>,
  batches: readonly Batch[],
  newestListed: number | null,
): Sight {
  if (isPoorer(newestListed, newest)) return 'behind';
  const isNewer = ({ createdAt }: Batch) => createdAt !== null && (newest === null || createdAt > newest);
  return batches.filter(isNewer).length >= LIST_LIMIT ? 'overrun' : 'clear';
}

/** Of the newest batch of two lists: the first lacks what the second showed. A list never gets older. */
export function isPoorer(newest: number | null, thanNewest: number | null): boolean {
  return thanNewest !== null && (newest === null || newest < thanNewest);
}

/** `made`: batches that certainly exist, made shortly before. Out of a full list newer ones may have pushed them. */
export function lacksMade(listed: readonly Batch[], made: readonly Id[]): boolean {
  if (listed.length >= LIST_LIMIT) return false;
  const ids = new Set(listed.map((batch) => batch.id));
  return made.some((id) => !ids.has(id));
}

/** By the API's clock. */
export function newestOf(batches: readonly Batch[]): number | null {
  const times = batches.flatMap(({ createdAt }) => createdAt ?? []);
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}
