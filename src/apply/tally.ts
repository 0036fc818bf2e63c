/** Counts and reports the outcome of each change. Invariant: every change is finished exactly once. */
import { ApiError } from '../api/errors.ts';
import type { ApplyCounts } from '../model/apply-events.ts';
import type { FleetformError } from '../model/errors.ts';
import type { Change, Move } from '../model/plan.ts';
import { batchesText, unended } from '../model/words.ts';
import { type ApplyContext, INTERRUPTED, NotSent, type StepResult } from './context.ts';

const COUNTED: Readonly<Record<string, keyof ApplyCounts>> = {
  create: 'created',
  cancel: 'cancelled',
  replace: 'replaced',
  pause: 'updated',
  resume: 'updated',
  adopt: 'adopted',
  forget: 'forgotten',
};

export class Tally {
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
  /** A stop has cut one in two. */
  isCut = false;
  private readonly started = new Map<string, number>();
  /** Replaces whose old batch is over already. */
  private readonly cleared = new Set<string>();
  /** What exists or is recorded as it should be, though the change is not finished: its tasks are yet to be toggled. */
  private readonly made = new Set<string>();
  /** What is not finished. */
  private readonly open = new Map<string, Change>();
  private readonly ctx: ApplyContext;

  constructor(ctx: ApplyContext) {
    this.ctx = ctx;
  }

  planned(changes: readonly Change[]): void {
    for (const change of changes) this.open.set(change.address, change);
    const told = changes.map((change) => ({ ...pick(change), tasks: change.servers ?? 0 }));
    this.ctx.emit({ type: 'planned', changes: told });
  }

  /** A change starts when the first of its requests goes out. An interrupted apply starts none. */
  async run(
    ctx: ApplyContext,
    change: Change,
    step: (ctx: ApplyContext) => Promise<StepResult>,
  ): Promise<StepResult> {
    if (ctx.stop.aborted) return INTERRUPTED;
    const beforeSend = async () => {
      await ctx.beforeSend();
      if (ctx.stop.aborted) throw new NotSent(INTERRUPTED);
      this.start(change);
    };
    try {
      return await step({ ...ctx, beforeSend });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // A read that a step depends on failed for good: this change has failed, and no other one.
      return error.code === 'api.interrupted' ? INTERRUPTED : { outcome: 'failed', error };
    }
  }

  private start(change: Change): void {
    if (this.started.has(change.address)) return;
    this.started.set(change.address, this.ctx.machineNow());
    this.ctx.emit({ type: 'start', ...pick(change), batchIds: change.batchIds });
  }

  /** The old batch of a replace is over: whatever becomes of the new one. */
  clear(change: Change): void {
    this.cleared.add(change.address);
  }

  /** It has been created or adopted: whatever becomes of the rest of the change. */
  make(change: Change): void {
    this.made.add(change.address);
  }

  /** `note`: what is being done, where that is only a part of the change. */
  progress(change: Change, done: number, total: number, note?: string): void {
    if (!this.started.has(change.address)) return;
    this.ctx.emit({
      type: 'progress',
      ...pick(change),
      done,
      total,
      ...(note === undefined ? {} : { note }),
    });
  }

  /** To be told with what became of its successor; empty: there is none such. */
  private cancelledFor({ action, address, batchIds }: Change, { outcome }: StepResult): string {
    if (action !== 'replace' || outcome === 'done' || !this.cleared.has(address) || this.made.has(address))
      return '';
    const were = `${batchesText(batchIds)} ${batchIds.length === 1 ? 'was' : 'were'} cancelled`;
    return outcome === 'unknown' ? `; ${were}` : `; ${were}, and nothing was created in its place`;
  }

  /** The apply cannot go on: what has begun may have been done, nothing else was. false: all was finished by then. */
  abandon(error: FleetformError): boolean {
    const isCutShort = this.open.size > 0;
    for (const change of [...this.open.values()]) {
      const hasBegun = this.started.has(change.address);
      this.finish(
        change,
        hasBegun ? { outcome: 'unknown', error } : { outcome: 'skipped', reason: error.message },
      );
    }
    return isCutShort;
  }

  moved({ from, to }: Move): void {
    this.counts.moved += 1;
    this.ctx.emit({ type: 'note', message: `${from} moves to ${to}` });
  }

  finish(change: Change, result: StepResult, batchIds: Change['batchIds'] = []): void {
    this.open.delete(change.address);
    const old = this.cancelledFor(change, result);
    if (old !== '') this.counts.cancelled += 1;
    const counted = COUNTED[change.action];
    const isMade = result.outcome === 'done' || this.made.has(change.address);
    if (isMade && counted !== undefined) this.counts[counted] += 1;
    if (result.outcome !== 'skipped' && 'isCut' in result) this.isCut = true;
    if (result.outcome === 'done') {
      if (change.action !== 'adopt' && change.action !== 'forget') this.start(change);
      const seconds = this.ctx.machineNow() - (this.started.get(change.address) ?? this.ctx.machineNow());
      this.ctx.emit({ type: 'complete', ...pick(change), batchIds, seconds });
    } else if (result.outcome === 'skipped') {
      this.counts.skipped += 1;
      this.ctx.emit({ type: 'skipped', ...pick(change), reason: going(result.reason, old) });
    } else {
      this.counts[result.outcome] += 1;
      const { code, message, hint } = result.error;
      const error = { code, message: going(message, old), ...(hint === undefined ? {} : { hint }) };
      this.ctx.emit({ type: 'failed', ...pick(change), error, unknown: result.outcome === 'unknown' });
    }
  }
}

function going(text: string, on: string): string {
  return on === '' ? text : `${unended(text)}${on}`;
}

function pick(change: Change): Pick<Change, 'address' | 'action'> {
  return { address: change.address, action: change.action };
}
