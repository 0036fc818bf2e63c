/**
 * Plan → calls. What is already known to be is recorded first, then cancels, creates, pauses. One failed change
 * does not stop the ones that do not depend on it. Nothing is decided here: the plan has decided.
 */
import { ApiError } from '../api/errors.ts';
import type { ApplyCounts } from '../model/apply-events.ts';
import { groupBy } from '../model/group.ts';
import type { Change, CreateChange, Plan, ReplaceChange } from '../model/plan.ts';
import type { Intent } from '../model/state.ts';
import { turnOf } from '../plan/sameness/times.ts';
import { dropIntent, intend, unbind } from '../state/transitions.ts';
import { cancelBatches } from './cancel.ts';
import { type ApplyContext, DONE, INTERRUPTED, type StepResult } from './context.ts';
import { createBatch } from './create.ts';
import { type NewIntents, newIntents } from './intents.ts';
import { recordKnown } from './known.ts';
import { Tally } from './tally.ts';
import { toggleBatches } from './toggle.ts';

export interface ApplyOutcome extends ApplyCounts {
  readonly interrupted: boolean;
}

type Toggled = { readonly change: Change; readonly paused: boolean };

/** `plan` must be without errors and just made, or just found to hold still, under the state's lock. */
export async function applyPlan(ctx: ApplyContext, plan: Plan): Promise<ApplyOutcome> {
  const tally = new Tally(ctx);
  const work = plan.changes.filter((change) => change.action !== 'no-op' && change.action !== 'missed');
  tally.planned(work);

  await ctx.journal.record((state) => recordKnown(state, plan, ctx));
  for (const move of plan.moves) tally.moved(move);
  for (const change of work) {
    if (change.action === 'adopt' || change.action === 'forget') tally.finish(change, DONE, change.batchIds);
  }

  const replaces = work.filter((change) => change.action === 'replace');
  const clear = await runCancels(ctx, tally, [
    ...work.filter((change) => change.action === 'cancel'),
    ...replaces,
  ]);
  const creates = work.filter(
    (change) => change.action === 'create' || (change.action === 'replace' && clear.has(change.address)),
  ) as (CreateChange | ReplaceChange)[];
  const toPause = await runCreates(ctx, tally, creates);
  const toggles: Toggled[] = work
    .filter((change) => change.action === 'pause' || change.action === 'resume')
    .map((change) => ({ change, paused: change.action === 'pause' }));
  await runToggles(ctx, tally, toggles, toPause);

  const outcome = { ...tally.counts, interrupted: ctx.stop.aborted && tally.counts.skipped > 0 };
  ctx.emit({ type: 'summary', ...outcome });
  return outcome;
}

/** Returns the addresses whose old batch is over to the last task: a replace may then create. */
async function runCancels(ctx: ApplyContext, tally: Tally, changes: readonly Change[]): Promise<Set<string>> {
  const clear = new Set<string>();
  await all(
    changes.map(async (change) => {
      const result = await tally.run(change, () =>
        cancelBatches(ctx, change.batchIds, (done, total) =>
          tally.progress(
            change,
            done,
            total,
            change.action === 'replace' ? 'cancelling the old one' : undefined,
          ),
        ),
      );
      if (result.outcome !== 'done') return tally.finish(change, result);
      clear.add(change.address);
      if (change.action !== 'cancel') return;
      await ctx.journal.record((state) => unbind(state, change.address));
      tally.finish(change, DONE, change.batchIds);
    }),
  );
  return clear;
}

/** One after the other within a turn, turns at the same time. Returns what has to be paused now that it exists. */
async function runCreates(
  ctx: ApplyContext,
  tally: Tally,
  changes: readonly (CreateChange | ReplaceChange)[],
): Promise<Toggled[]> {
  if (changes.length === 0) return [];
  if (ctx.stop.aborted) {
    for (const change of changes) tally.finish(change, INTERRUPTED);
    return [];
  }
  let fresh: NewIntents;
  try {
    fresh = await newIntents(ctx, changes);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    for (const change of changes) tally.finish(change, { outcome: 'failed', error });
    return [];
  }
  const { intents, appeared } = fresh;
  await ctx.journal.record((state) => intend(state, intents));
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  for (const [address, result] of appeared) tally.finish(byAddress.get(address)!, result);
  const toPause: Toggled[] = [];
  const turns = [...groupBy(intents, ({ spec, since }) => turnOf(spec, since)).values()];
  await all(
    turns.map(async (turn) => {
      for (const change of await runTurn(ctx, tally, turn, byAddress)) toPause.push({ change, paused: true });
    }),
  );
  return toPause;
}

async function runTurn(
  ctx: ApplyContext,
  tally: Tally,
  turn: readonly Intent[],
  byAddress: ReadonlyMap<string, CreateChange | ReplaceChange>,
): Promise<Change[]> {
  const toPause: Change[] = [];
  let blocked: StepResult | null = null;
  for (const intent of turn) {
    const change = byAddress.get(intent.address)!;
    if (ctx.stop.aborted) blocked ??= INTERRUPTED;
    if (blocked !== null) {
      await ctx.journal.record((state) => dropIntent(state, intent.id));
      tally.finish(change, blocked);
      continue;
    }
    const result = await tally.run(change, () => createBatch(ctx, intent));
    const batchIds = ctx.journal.current().entries[change.address]?.batchIds ?? [];
    if (result.outcome === 'done' && change.paused) toPause.push({ ...change, batchIds } as Change);
    else tally.finish(change, result, batchIds);
    if (result.outcome === 'unknown') {
      blocked = { outcome: 'skipped', reason: `waits until it is known what became of ${intent.address}` };
    }
  }
  return toPause;
}

async function runToggles(
  ctx: ApplyContext,
  tally: Tally,
  toggles: readonly Toggled[],
  created: readonly Toggled[],
): Promise<void> {
  await all(
    [...toggles, ...created].map(async ({ change, paused }) => {
      const result = await tally.run(change, () =>
        toggleBatches(ctx, change.batchIds, paused, (done, total) =>
          tally.progress(change, done, total, paused ? 'pausing' : 'resuming'),
        ),
      );
      tally.finish(change, result, change.batchIds);
    }),
  );
}

/** Like Promise.all, but nothing is left running behind a failure: the lock goes when this is over. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
