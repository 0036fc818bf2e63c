/**
 * Plan → calls. What is already known to be is recorded first, then cancels, creates, pauses. One failed change
 * does not stop the ones that do not depend on it. Nothing is decided here: the plan has decided.
 */
import { ApiError } from '../api/errors.ts';
import type { ApplyCounts } from '../model/apply-events.ts';
import { groupBy } from '../model/group.ts';
import type { AdoptChange, Change, CreateChange, Move, Plan, ReplaceChange } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import type { Intent, State } from '../model/state.ts';
import { renameAddresses } from '../plan/moves.ts';
import { settleIntents, withSettlement } from '../plan/settle.ts';
import { kindOf, specDigest } from '../plan/spec.ts';
import { bind, dropIntent, intend, rebind, unbind, updateEntry } from '../state/transitions.ts';
import { cancelBatches } from './cancel.ts';
import { type ApplyContext, DONE, INTERRUPTED, type StepResult } from './context.ts';
import { createBatch } from './create.ts';
import { type NewIntents, newIntents } from './intents.ts';
import { toggleBatches } from './toggle.ts';

export interface ApplyOutcome extends ApplyCounts {
  readonly interrupted: boolean;
}

type Toggled = { readonly change: Change; readonly paused: boolean };

/** `plan` must be without errors and just made, or just found to hold still, under the state's lock. */
export async function applyPlan(ctx: ApplyContext, plan: Plan): Promise<ApplyOutcome> {
  const tally = new Tally(ctx);
  const work = plan.changes.filter((change) => change.action !== 'no-op' && change.action !== 'missed');
  ctx.emit({ type: 'planned', changes: work.map((change) => ({ ...pick(change), tasks: tasksOf(change) })) });

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

/**
 * Everything that needs no call: moved addresses, settled intents, adoptions, what is forgotten, what a no-op
 * remembers. Where nothing is done, phases are not worth a write: a new serial would make saved plans stale.
 */
function recordKnown(state: State, plan: Plan, ctx: ApplyContext): State {
  const moved = renameAddresses(state, new Map(plan.moves.map(({ from, to }) => [from, to])));
  const isWorthIt = hasChanges(plan);
  let next = withSettlement(moved, settleIntents(moved, ctx.observation));
  for (const change of plan.changes) {
    if (change.action === 'adopt') next = adopted(next, change, ctx.now());
    if (change.action === 'forget') next = unbind(next, change.address);
    if (change.action === 'no-op') {
      const { phase, preventCancel } = change;
      next = updateEntry(next, change.address, isWorthIt ? { phase, preventCancel } : { preventCancel });
    }
  }
  return next;
}

function adopted(state: State, change: AdoptChange, now: number): State {
  const { address, batchIds, after: spec, preventCancel, phase, from } = change;
  if (from !== null) return rebind(state, from, address, preventCancel);
  return bind(state, {
    address,
    batchIds,
    spec,
    digest: specDigest(spec),
    preventCancel,
    phase,
    createdAt: now,
  });
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

/** Serial within one kind, parallel across kinds. Returns what has to be paused now that it exists. */
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
  const kinds = [...groupBy(intents, (intent) => kindOf(intent.spec)).values()];
  await all(
    kinds.map(async (kind) => {
      for (const change of await runKind(ctx, tally, kind, byAddress)) toPause.push({ change, paused: true });
    }),
  );
  return toPause;
}

async function runKind(
  ctx: ApplyContext,
  tally: Tally,
  kind: readonly Intent[],
  byAddress: ReadonlyMap<string, CreateChange | ReplaceChange>,
): Promise<Change[]> {
  const toPause: Change[] = [];
  let blocked: StepResult | null = null;
  for (const intent of kind) {
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

const COUNTED: Readonly<Record<string, keyof ApplyCounts>> = {
  create: 'created',
  cancel: 'cancelled',
  replace: 'replaced',
  pause: 'updated',
  resume: 'updated',
  adopt: 'adopted',
  forget: 'forgotten',
};

/** Counts and tells what becomes of each change; every change is finished exactly once. */
class Tally {
  readonly counts: { -readonly [K in keyof ApplyCounts]: number } = {
    created: 0,
    cancelled: 0,
    replaced: 0,
    updated: 0,
    adopted: 0,
    moved: 0,
    forgotten: 0,
    failed: 0,
    unknown: 0,
    skipped: 0,
  };
  private readonly started = new Map<string, number>();
  private readonly ctx: ApplyContext;

  constructor(ctx: ApplyContext) {
    this.ctx = ctx;
  }

  /** A change of several steps starts once. An interrupted apply starts none. */
  async run(change: Change, step: () => Promise<StepResult>): Promise<StepResult> {
    if (this.ctx.stop.aborted) return INTERRUPTED;
    if (!this.started.has(change.address)) {
      this.started.set(change.address, this.ctx.now());
      this.ctx.emit({ type: 'start', ...pick(change), batchIds: change.batchIds });
    }
    try {
      return await step();
    } catch (error) {
      // A read that a step depends on failed for good: this change has failed, and no other one.
      if (error instanceof ApiError) return { outcome: 'failed', error };
      throw error;
    }
  }

  /** `note`: what is being done, where that is only a part of the change. */
  progress(change: Change, done: number, total: number, note?: string): void {
    this.ctx.emit({
      type: 'progress',
      ...pick(change),
      done,
      total,
      ...(note === undefined ? {} : { note }),
    });
  }

  moved({ from, to }: Move): void {
    this.counts.moved += 1;
    this.ctx.emit({ type: 'note', message: `${from} goes on as ${to}` });
  }

  finish(change: Change, result: StepResult, batchIds: Change['batchIds'] = []): void {
    if (result.outcome === 'done') {
      const counted = COUNTED[change.action];
      if (counted !== undefined) this.counts[counted] += 1;
      const seconds = this.ctx.now() - (this.started.get(change.address) ?? this.ctx.now());
      this.ctx.emit({ type: 'complete', ...pick(change), batchIds, seconds });
    } else if (result.outcome === 'skipped') {
      this.counts.skipped += 1;
      this.ctx.emit({ type: 'skipped', ...pick(change), reason: result.reason });
    } else {
      this.counts[result.outcome] += 1;
      const { code, message, hint } = result.error;
      const error = { code, message, ...(hint === undefined ? {} : { hint }) };
      this.ctx.emit({ type: 'failed', ...pick(change), error, unknown: result.outcome === 'unknown' });
    }
  }
}

/** Like Promise.all, but nothing is left running behind a failure: the lock goes when this is over. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

function pick(change: Change): Pick<Change, 'address' | 'action'> {
  return { address: change.address, action: change.action };
}

function tasksOf(change: Change): number {
  return change.servers ?? 0;
}
