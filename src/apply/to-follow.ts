/** Which batches `--wait` follows. */
import { isAllPaused, isLive } from '../model/batch-phase.ts';
import type { Id } from '../model/ids.ts';
import type { Change } from '../model/plan.ts';
import { entryOf } from '../model/recorded.ts';
import type { ApplyResult } from './apply.ts';

export interface ToFollow {
  readonly address: string;
  readonly batchIds: readonly Id[];
  /** It ends only once somebody resumes it: told, and not waited for. */
  readonly isPaused: boolean;
}

/** What was not over before the apply. */
export function batchesToFollow({ plan, state }: Pick<ApplyResult, 'plan' | 'state'>): ToFollow[] {
  return plan.changes.flatMap((change) => {
    const batchIds = entryOf(state, change.address)?.batchIds ?? [];
    if (batchIds.length === 0 || wasOver(change)) return [];
    return [{ address: change.address, batchIds, isPaused: staysPaused(change) }];
  });
}

/** A batch that failed last week is no news of this apply. */
function wasOver(change: Change): boolean {
  const isLeftAlone = change.action === 'no-op' || change.action === 'adopt';
  return isLeftAlone && change.phase !== 'unknown' && !isLive(change.phase);
}

function staysPaused(change: Change): boolean {
  switch (change.action) {
    case 'create':
    case 'replace':
      return change.paused;
    case 'pause':
      return true;
    case 'adopt':
      return change.toggle === 'pause' || (change.toggle === null && isAllPaused(change.tasks));
    case 'no-op':
      return isAllPaused(change.tasks);
    default:
      return false;
  }
}
