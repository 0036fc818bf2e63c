/** Counts and tells what becomes of each change. Invariant: every change is finished exactly once. */
import { ApiError } from '../api/errors.ts';
import type { ApplyCounts } from '../model/apply-events.ts';
import type { Change, Move } from '../model/plan.ts';
import { type ApplyContext, INTERRUPTED, type StepResult } from './context.ts';

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
  private readonly started = new Map<string, number>();
  private readonly ctx: ApplyContext;

  constructor(ctx: ApplyContext) {
    this.ctx = ctx;
  }

  planned(changes: readonly Change[]): void {
    const told = changes.map((change) => ({ ...pick(change), tasks: change.servers ?? 0 }));
    this.ctx.emit({ type: 'planned', changes: told });
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

function pick(change: Change): Pick<Change, 'address' | 'action'> {
  return { address: change.address, action: change.action };
}
