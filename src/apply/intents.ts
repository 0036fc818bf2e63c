/**
 * The intents of an apply's creates, in order, each with what was in sight just before: written down before the
 * first POST, so that whatever is found later can be told from what was there already.
 */
import type { CreateChange, ReplaceChange } from '../model/plan.ts';
import type { Intent } from '../model/state.ts';
import { lookForBatch } from '../observe/look-for-batch.ts';
import { ownedBatches } from '../plan/sameness/settle.ts';
import { newestOf } from '../plan/sameness/sight.ts';
import { mayBeNewBatchOf } from '../plan/sameness/times.ts';
import { specDigest } from '../plan/world/spec.ts';
import { type ApplyContext, failed, type StepResult } from './context.ts';

export interface NewIntents {
  readonly intents: readonly Intent[];
  /** Creates that must not be sent: what they would make has turned up since the plan was made. */
  readonly appeared: ReadonlyMap<string, StepResult>;
}

export async function newIntents(
  ctx: ApplyContext,
  changes: readonly (CreateChange | ReplaceChange)[],
): Promise<NewIntents> {
  const listed = await ctx.api.listBatches();
  const owned = ownedBatches(ctx.journal.current());
  const planned = new Set(ctx.observation.batches.map((batch) => batch.id));
  const fresh = listed.filter((batch) => !planned.has(batch.id) && !owned.has(batch.id));
  // This answer may be poorer than the one that the plan was made from.
  const newest = laterOf(newestOf(listed), ctx.observation.newestListed);
  const inSight = [...listed, ...ctx.observation.batches];
  const since = ctx.now();
  const intents: Intent[] = [];
  const appeared = new Map<string, StepResult>();
  for (const change of changes) {
    const blank = blankIntent(ctx.newId(), change, since);
    const sincePlan = { ...blank, seen: [...planned] };
    if (fresh.some((batch) => mayBeNewBatchOf(sincePlan, batch))) {
      const { match } = await lookForBatch(ctx.api, sincePlan, ctx.journal.current, ctx.observation);
      if (match.verdict !== 'absent') {
        const ids = match.verdict === 'found' ? match.batch.id : match.candidates.join(', ');
        const message = `batch ${ids} has turned up since the plan was made, and may be it`;
        appeared.set(change.address, failed('apply.appeared', message, 'Plan again.'));
        continue;
      }
    }
    const seen = new Set(inSight.filter((batch) => mayBeNewBatchOf(blank, batch)).map((batch) => batch.id));
    intents.push({ ...blank, seen: [...seen], newest });
  }
  return { intents, appeared };
}

/** As if nothing had been in sight. */
function blankIntent(id: string, change: CreateChange | ReplaceChange, since: number): Intent {
  const { address, after: spec, preventCancel } = change;
  return { id, address, spec, digest: specDigest(spec), preventCancel, since, seen: [], newest: null };
}

function laterOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
