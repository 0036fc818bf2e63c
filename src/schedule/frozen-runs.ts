/** Which runs begin in a freeze that concerns them. The windows of each freeze are looked up once. */
import type { DesiredBlock, DesiredFreeze } from '../model/desired.ts';
import { type Diagnostic, FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import type { FreezeVerdict } from '../model/schedule.ts';
import { FreezeCalendar } from './freezes.ts';

/** That a run begins in a freeze. */
export interface Frozen {
  /** The name of the freeze. */
  readonly freeze: string;
  /** Unix seconds: when that window ends. */
  readonly until: number;
  /** false: whether the freeze concerns the run cannot be told. */
  readonly isCertain: boolean;
}

/** What of a block, or of a run of it, decides which freezes concern it. */
export type Freezable = Pick<DesiredBlock, 'address' | 'template' | 'targets'>;

export type VerdictOf = (of: Freezable, freeze: DesiredFreeze) => FreezeVerdict;

export class FrozenRuns {
  /** About freezes that cannot be looked up. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #calendars: readonly { readonly freeze: DesiredFreeze; readonly calendar: FreezeCalendar }[];
  readonly #verdictOf: VerdictOf;
  readonly #range: { readonly from: number; readonly to: number };

  /** `from`, `to`: where most runs are; others cost more. */
  constructor(freezes: readonly DesiredFreeze[], verdictOf: VerdictOf, from: number, to: number) {
    this.#verdictOf = verdictOf;
    this.#range = { from, to };
    this.#calendars = freezes.flatMap((freeze) => {
      try {
        return { freeze, calendar: new FreezeCalendar(freeze, from, to) };
      } catch (error) {
        if (!(error instanceof FleetformError)) throw error;
        const { code, message, hint } = error;
        this.diagnostics.push({ severity: 'error', code, message, ...freeze.at, ...(hint && { hint }) });
        return [];
      }
    });
  }

  /** What is certain comes before what is not, then the file's order. null: it may begin. */
  at(block: Freezable, moment: number): Frozen | null {
    let uncertain: Frozen | null = null;
    for (const { freeze, calendar } of this.#around(moment, moment + 1)) {
      const window = calendar.windowAt(moment);
      if (window === null) continue;
      const verdict = this.#verdictOf(block, freeze);
      const found = { freeze: freeze.name, until: window.to, isCertain: verdict === 'yes' };
      if (verdict === 'yes') return found;
      if (verdict === 'maybe') uncertain ??= found;
    }
    return uncertain;
  }

  /** By how many seconds a run may be late: a freeze ends them, and one that covers its very time leaves none. */
  lateness(block: DesiredBlock, moment: number): { readonly seconds: number; readonly cutBy: string | null } {
    const { startingDeadline } = block;
    let end = moment + startingDeadline;
    let cutBy: string | null = null;
    for (const { freeze, calendar } of this.#around(moment, end)) {
      const next = calendar.windowAt(moment) !== null ? moment : calendar.nextAfter(moment);
      if (next === null || next >= end || this.#verdictOf(block, freeze) === 'no') continue;
      end = next;
      cutBy = `the freeze "${safeText(freeze.name, 80)}"`;
    }
    return { seconds: end - moment, cutBy };
  }

  /** The first window that begins after that moment, as far as is looked; what is not certain counts. null: none. */
  next(of: Freezable, moment: number): { readonly name: string; readonly from: number } | null {
    let first: { readonly name: string; readonly from: number } | null = null;
    for (const { freeze, calendar } of this.#around(moment, moment + 1)) {
      const from = calendar.nextAfter(moment);
      if (from === null || (first !== null && first.from <= from)) continue;
      if (this.#verdictOf(of, freeze) !== 'no') first = { name: freeze.name, from };
    }
    return first;
  }

  #around(from: number, to: number) {
    if (from >= this.#range.from && to <= this.#range.to) return this.#calendars;
    return this.#calendars.map(({ freeze }) => ({ freeze, calendar: new FreezeCalendar(freeze, from, to) }));
  }
}
