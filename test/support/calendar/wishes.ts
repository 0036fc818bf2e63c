/** What a file asks for at a moment, by the watched clocks alone: no word of the engine. */
import { type Block, type CalendarFile, DAY, type FileFreeze, type Target } from './file.ts';
import type { Clocks } from './moments.ts';

/** One occurrence, whatever the file calls it. */
export interface Occurrence {
  readonly family: string;
  readonly fleet: string;
  /** Unix seconds: what the expression names. */
  readonly at: number;
}

export interface Wish {
  readonly block: Block;
  readonly target: Target;
  /** Unix seconds: with its share of the spread. */
  readonly run: number;
}

export function keyOf({ family, fleet, at }: Occurrence): string {
  return `${family} on ${fleet} of ${new Date(at * 1000).toISOString().slice(0, 16)}`;
}

export class Wishes {
  readonly #clocks: Clocks;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** null: the file does not name it. */
  of(file: CalendarFile, { family, fleet, at }: Occurrence): Wish | null {
    const block = file.blocks.find((one) => one.family === family);
    const target = block?.targets.find((one) => one.fleet === fleet);
    if (block === undefined || target === undefined || !this.#isNamed(block, at)) return null;
    return { block, target, run: at + target.offset };
  }

  /** When the same block runs next; Infinity: not within its deadline. */
  nextAfter({ block, target, run }: Wish): number {
    const at = run - target.offset;
    for (const moment of this.#clocks.moments(block.cron, block.timezone)) {
      if (moment > at + block.deadline) break;
      if (moment > at && this.#isNamed(block, moment)) return moment + target.offset;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** All that the file names from `from` until before `to`. */
  all(file: CalendarFile, from: number, to: number): Occurrence[] {
    return file.blocks.flatMap((block) =>
      [...this.#clocks.moments(block.cron, block.timezone)]
        .filter((at) => at >= from && at < to && this.#isNamed(block, at))
        .flatMap((at) => block.targets.map(({ fleet }) => ({ family: block.family, fleet, at }))),
    );
  }

  /** Whose wish a batch was. */
  madeFor(
    file: CalendarFile,
    { template, fleet, run }: { readonly template: string; readonly fleet: string; readonly run: number },
  ): Occurrence | null {
    for (const block of file.blocks) {
      if (block.template !== template) continue;
      for (const target of block.targets) {
        const at = run - target.offset;
        if (target.fleet === fleet && this.#isNamed(block, at)) return { family: block.family, fleet, at };
      }
    }
    return null;
  }

  /** The name of the freeze that it would begin in; null: none. */
  freezeAt(file: CalendarFile, { block, target }: Wish, moment: number): string | null {
    const found = file.freezes.find(
      (freeze) =>
        (freeze.fleets?.includes(target.fleet) ?? true) &&
        (freeze.templates?.includes(block.template) ?? true) &&
        this.#covers(freeze, moment),
    );
    return found?.name ?? null;
  }

  #isNamed({ cron, timezone, from, until }: Block, at: number): boolean {
    if ((from !== null && at < from) || (until !== null && at >= until)) return false;
    return this.#clocks.moments(cron, timezone).has(at);
  }

  #covers({ time }: FileFreeze, moment: number): boolean {
    if ('from' in time) return moment >= time.from && moment < time.to;
    for (const start of this.#clocks.moments(time.cron, time.timezone))
      if (start <= moment && moment < start + time.duration) return true;
    return false;
  }
}

/** Is what is missed of one also missed of the other? */
export function isSameSchedule(a: Wish, b: Wish): boolean {
  const text = ({ block, target }: Wish) =>
    JSON.stringify([
      block.name,
      target.alias,
      block.cron,
      block.timezone,
      block.from,
      block.until,
      target.offset,
    ]);
  return text(a) === text(b);
}

/** No pipeline that long before an occurrence matters to it. */
export const LONGEST = 16 * DAY;
