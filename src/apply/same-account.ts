/**
 * Is what answers at another URL the account that the state was made with? Some of what is bound is read there and
 * compared with what was stamped when it was bound; only reads.
 *
 * Invariant: a yes needs a batch that is certainly the same, and none that is certainly another.
 */
import type { FleetApi } from '../api/port.ts';
import type { Id } from '../model/ids.ts';
import type { Batch } from '../model/observed.ts';
import type { Stamp, State, StateEntry } from '../model/state.ts';
import { found } from '../observe/found.ts';
import { mapInFlight } from '../observe/map-in-flight.ts';
import { isAnother } from '../plan/sameness/given-away.ts';
import { isKnownOver } from '../plan/world/over.ts';

export interface Comparison {
  readonly same: readonly Id[];
  /** They are somebody else's there. */
  readonly others: readonly Id[];
  /** Not known there; or it cannot be told. */
  readonly unknown: readonly Id[];
  /** Something bound may still have to run: with nothing to compare, it would be made again. */
  readonly hasLive: boolean;
}

/** The newest are known the longest. */
const MOST = 12;

export async function compareAccount(state: State, api: FleetApi): Promise<Comparison> {
  const entries = Object.values(state.entries).sort((a, b) => b.createdAt - a.createdAt);
  const asked = entries.flatMap((entry) => entry.batchIds.map((id) => ({ id, entry }))).slice(0, MOST);
  const looks = await mapInFlight(api, asked, async ({ id, entry }) => {
    const batch = await found(api.getBatch(id));
    return { id, verdict: batch === null ? 'unknown' : await verdictOf(entry, id, batch, api) };
  });
  const of = (wanted: string) => looks.flatMap(({ id, verdict }) => (verdict === wanted ? [id] : []));
  const hasLive = state.intents.length > 0 || entries.some((entry) => !isKnownOver(entry));
  return { same: of('same'), others: of('other'), unknown: of('unknown'), hasLive };
}

async function verdictOf(
  { stamps, spec }: StateEntry,
  id: Id,
  batch: Batch,
  api: FleetApi,
): Promise<'same' | 'other' | 'unknown'> {
  const stamp: Stamp = stamps?.[id] ?? { createdAt: null, executeAt: spec.executeAt };
  if (isAnother(stamp, batch)) return 'other';
  const [taskId] = batch.taskIds;
  const task = taskId === undefined ? null : await found(api.getTask(taskId));
  if (task !== null && task.name !== spec.template.name) return 'unknown';
  const hasTask = stamp.taskId != null && batch.taskIds.includes(stamp.taskId);
  const hasTimes = stamp.createdAt !== null && stamp.createdAt === batch.createdAt;
  return hasTask || hasTimes ? 'same' : 'unknown';
}
