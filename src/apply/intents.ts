/**
 * The intents of an apply's creates, in order, each with what was in sight just before: written down before the
 * first POST, so that whatever is found later can be told from what was there already.
 */

import type { Batch } from '../model/observed.ts';
import type { CreateChange, ReplaceChange } from '../model/plan.ts';
import type { Intent } from '../model/state.ts';
import { lookForBatch } from '../observe/look-for-batch.ts';
import { hasTimeOf, mayBeNewBatchOf, ownedBatches } from '../plan/settle.ts';
import { specDigest } from '../plan/spec.ts';
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
  const newest = listed.reduce<number | null>((max, batch) => maxOf(max, batch.createdAt), null);
  const intents: Intent[] = [];
  const appeared = new Map<string, StepResult>();
  for (const change of changes) {
    const before = intentOf(ctx, change, [...planned], null);
    if (fresh.some((batch) => mayBeNewBatchOf(before, unseen(batch)))) {
      const { match } = await lookForBatch(ctx.api, before, owned, ctx.observation);
      if (match.verdict !== 'absent') {
        const ids = match.verdict === 'found' ? match.batch.id : match.candidates.join(', ');
        appeared.set(
          change.address,
          failed(
            'apply.appeared',
            `batch ${ids} has turned up since the plan was made, and may be it`,
            'Plan again.',
          ),
        );
        continue;
      }
    }
    const alike = listed.filter((batch) => hasTimeOf(change.after.executeAt, unseen(batch)));
    intents.push(
      intentOf(
        ctx,
        change,
        alike.map((batch) => batch.id),
        newest,
      ),
    );
  }
  return { intents, appeared };
}

function intentOf(
  ctx: ApplyContext,
  change: CreateChange | ReplaceChange,
  seen: readonly string[],
  newest: number | null,
): Intent {
  return {
    id: ctx.newId(),
    address: change.address,
    spec: change.after,
    digest: specDigest(change.after),
    preventCancel: change.preventCancel,
    since: ctx.now(),
    seen,
    newest,
  };
}

function unseen(batch: Batch) {
  return { ...batch, tasks: [], templateName: null };
}

function maxOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
