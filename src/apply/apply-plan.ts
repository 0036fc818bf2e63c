/**
 * Plan → calls. What is already known to be is recorded first, then cancels, creates, pauses. One failed change
 * does not stop the ones that do not depend on it. Nothing is decided here: the plan has decided.
 */
import { ApiError } from '../api/errors.ts';
import type { ApplyCounts } from '../model/apply-events.ts';
import { FleetformError } from '../model/errors.ts';
import type { Id } from '../model/ids.ts';
import { machineError } from '../model/machine-error.ts';
import type { Change, CreateChange, ReplaceChange } from '../model/plan.ts';
import type { Intent } from '../model/state.ts';
import { batchesText } from '../model/words.ts';
import type { Planned } from '../plan/plan.ts';
import { turnsOf } from '../plan/sameness/times.ts';
import type { Edit } from '../state/edits.ts';
import { cancelBatches } from './cancel.ts';
import { type ApplyContext, DONE, INTERRUPTED, type StepResult } from './context.ts';
import { createBatch } from './create.ts';
import { type NewIntents, newIntents } from './intents.ts';
import { knownEdits } from './known.ts';
import { type Sending, sendingInOrder } from './sending.ts';
import { Tally } from './tally.ts';
import { toggleBatches } from './toggle.ts';
import { walk } from './walk.ts';

/** The `summary` among the events. */
export interface ApplyOutcome extends ApplyCounts {
  readonly interrupted: boolean;
}

/** `did`: what has been done for the same change before; null: the toggle is the whole of it. */
interface Toggled {
  readonly change: Change;
  readonly paused: boolean;
  readonly did: 'created as' | 'adopted' | null;
}

/** The plan must be without errors and just made, or just found to hold still, under the state's lock. */
export async function applyPlan(ctx: ApplyContext, made: Planned): Promise<ApplyOutcome> {
  const { plan } = made;
  const tally = new Tally(ctx);
  const work = plan.changes.filter((change) => change.action !== 'no-op' && change.action !== 'missed');
  tally.planned(work);
  try {
    await carryOut(ctx, tally, made, work);
  } catch (error) {
    // A full disk, say, or a state that is not reached. What cannot be recorded is not begun; what was begun is told.
    const ofMachine = machineError(error);
    const trouble = ofMachine ?? (error instanceof FleetformError ? error : null);
    if (trouble === null) throw error;
    const isTold = tally.abandon(trouble) && ofMachine !== null;
    if (!isTold) {
      summarise(ctx, tally);
      throw error;
    }
  }
  return summarise(ctx, tally);
}

function summarise(ctx: ApplyContext, { counts, isCut }: Tally): ApplyOutcome {
  const interrupted = ctx.stop.aborted && (counts.skipped + counts.unknown > 0 || isCut);
  const outcome = { ...counts, interrupted };
  ctx.emit({ type: 'summary', ...outcome });
  return outcome;
}

async function carryOut(
  ctx: ApplyContext,
  tally: Tally,
  made: Planned,
  work: readonly Change[],
): Promise<void> {
  const { plan } = made;
  await ctx.journal.record(knownEdits(made, ctx));
  for (const move of plan.moves) tally.moved(move);
  const adopts = work.filter((change) => change.action === 'adopt');
  for (const change of work) {
    if (change.action === 'forget' || (change.action === 'adopt' && change.toggle === null)) {
      tally.finish(change, DONE, change.batchIds);
    }
  }

  const replaces = work.filter((change) => change.action === 'replace');
  const cancels = work.filter((change) => change.action === 'cancel');
  const { clear, alive } = await runCancels(ctx, tally, [...cancels, ...replaces]);
  const creates = work.filter(
    (change) => change.action === 'create' || (change.action === 'replace' && clear.has(change.address)),
  ) as (CreateChange | ReplaceChange)[];
  const toPause = await runCreates(ctx, tally, unblocked(tally, creates, alive));
  const toggles: Toggled[] = [
    ...work
      .filter((change) => change.action === 'pause' || change.action === 'resume')
      .map((change) => ({ change, paused: change.action === 'pause', did: null })),
    ...adopts
      .filter(({ toggle }) => toggle !== null)
      .map((change) => ({ change, paused: change.toggle === 'pause', did: 'adopted' as const })),
  ];
  await runToggles(ctx, tally, [...toggles, ...toPause]);
}

interface Ended {
  /** Addresses whose old batch is over to the last task: a replace may then create. */
  readonly clear: ReadonlySet<string>;
  /** Batches that were to be cancelled, and are not certainly over. */
  readonly alive: ReadonlySet<Id>;
}

async function runCancels(ctx: ApplyContext, tally: Tally, changes: readonly Change[]): Promise<Ended> {
  const clear = new Set<string>();
  const alive = new Set(changes.flatMap(({ batchIds }) => batchIds));
  await walk(ctx, changes, async (own, change) => {
    const { address, action, batchIds } = change;
    const note = action === 'replace' ? 'cancelling the old one' : undefined;
    const entry = own.journal.entry(address);
    const result = await tally.run(own, change, (step) =>
      cancelBatches(step, {
        batchIds,
        boundAt: entry?.createdAt ?? null,
        stamps: entry?.stamps,
        template: entry?.imported === true ? undefined : entry?.spec.template,
        onProgress: (done, total) => tally.progress(change, done, total, note),
      }),
    );
    if (result.outcome !== 'done') return tally.finish(change, result);
    clear.add(address);
    tally.clear(change);
    for (const id of batchIds) alive.delete(id);
    if (action !== 'cancel') return;
    await own.journal.record(forgotten(own, address), 'soon');
    tally.finish(change, DONE, batchIds);
  });
  return { clear, alive };
}

/** What has begun has run, and the file may ask for the very same again: then its record is all that tells. */
function forgotten(ctx: ApplyContext, address: string): Edit {
  const { spec, notAfter = null } = ctx.journal.entry(address) ?? {};
  const now = ctx.now();
  const hasBegun = spec !== undefined && spec.executeAt !== null && spec.executeAt <= now;
  const isKept = hasBegun && notAfter !== null && now < notAfter;
  return isKept
    ? { kind: 'note', address, fields: { phase: 'stopped' } }
    : { kind: 'unbind', address, isDone: true };
}

/** Without those that wait for a batch which may be the same run, and has not ended. */
function unblocked(
  tally: Tally,
  creates: readonly (CreateChange | ReplaceChange)[],
  alive: ReadonlySet<Id>,
): (CreateChange | ReplaceChange)[] {
  return creates.filter((change) => {
    const waits = change.awaits.filter((id) => alive.has(id));
    if (waits.length === 0) return true;
    const reason = `batch ${waits.join(', ')} may be the same run and has not finished`;
    tally.finish(change, { outcome: 'skipped', reason });
    return false;
  });
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
    const isStopped = error.code === 'api.interrupted';
    for (const change of changes)
      tally.finish(change, isStopped ? INTERRUPTED : { outcome: 'failed', error });
    return [];
  }
  const { intents, appeared, newestListed } = fresh;
  const turns = turnsOf(intents);
  const order = turns.map((turn) => turn[0]!);
  // Those go out now: that is written down with it.
  const first = order.slice(0, ctx.api.parallelism);
  const sending = sendingInOrder(order, newestListed);
  await ctx.journal.record([{ kind: 'intend', intents }, sending.edit(ctx, first)]);
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  for (const [address, result] of appeared) tally.finish(byAddress.get(address)!, result);
  const toPause: Toggled[] = [];
  await walk(ctx, turns, async (own, turn) => {
    for (const change of await runTurn(own, tally, { turn, sending, byAddress }))
      toPause.push({ change, paused: true, did: 'created as' });
  });
  return toPause;
}

interface Turn {
  readonly turn: readonly Intent[];
  readonly sending: Sending;
  readonly byAddress: ReadonlyMap<string, CreateChange | ReplaceChange>;
}

async function runTurn(
  ctx: ApplyContext,
  tally: Tally,
  { turn, sending, byAddress }: Turn,
): Promise<Change[]> {
  const toPause: Change[] = [];
  let blocked: StepResult | null = null;
  for (const [i, intent] of turn.entries()) {
    const change = byAddress.get(intent.address)!;
    if (ctx.stop.aborted) blocked ??= INTERRUPTED;
    if (blocked !== null) {
      const rest = turn.slice(i);
      // In one write: where the state is far away, one for each would take as long as to create them all.
      await ctx.journal.record(
        rest.map(({ id }) => ({ kind: 'drop-intent', id }) as const),
        'soon',
      );
      for (const { address } of rest) tally.finish(byAddress.get(address)!, blocked);
      break;
    }
    const result = await tally.run(ctx, change, (step) =>
      createBatch(step, { intent, notAfter: change.notAfter, next: turn[i + 1], sending }),
    );
    const batchIds = ctx.journal.entry(change.address)?.batchIds ?? [];
    if (result.outcome === 'done' && change.paused) toPause.push({ ...change, batchIds } as Change);
    else tally.finish(change, result, batchIds);
    if (result.outcome === 'unknown') {
      blocked = { outcome: 'skipped', reason: `waits for the outcome of ${intent.address}` };
    }
  }
  return toPause;
}

async function runToggles(ctx: ApplyContext, tally: Tally, toggles: readonly Toggled[]): Promise<void> {
  await walk(ctx, toggles, async (own, one) => {
    const { change, paused, did } = one;
    if (did !== null) tally.make(change);
    const result = await tally.run(own, change, (step) =>
      toggleBatches(step, change.batchIds, paused, (done, total) =>
        tally.progress(change, done, total, paused ? 'pausing' : 'resuming'),
      ),
    );
    tally.finish(change, did === null ? result : madeButNotToggled(one, did, result), change.batchIds);
  });
}

/** It exists, and runs at its time or does not: whatever kept it from being toggled. */
function madeButNotToggled(
  { change, paused }: Toggled,
  did: 'created as' | 'adopted',
  result: StepResult,
): StepResult {
  if (result.outcome === 'done') return result;
  const is = `${did} ${batchesText(change.batchIds)}, but`;
  const verb = paused ? 'paused' : 'resumed';
  const hint = { hint: `Apply again: it will be ${verb}.` };
  if (result.outcome === 'skipped') {
    const effect = paused ? 'will run' : 'stays paused';
    const message = `${is} not ${verb} (${result.reason}): it ${effect}`;
    return { outcome: 'failed', error: new FleetformError(`apply.not-${verb}`, message, hint), isCut: true };
  }
  const { outcome, error } = result;
  const not = outcome === 'unknown' ? `not known to be ${verb}` : `not all of it is ${verb}`;
  return { ...result, error: new FleetformError(error.code, `${is} ${not}: ${error.message}`, hint) };
}
