/**
 * What each occurrence has to become, by the files that pipelines applied and the moments at which they did: it runs,
 * it does not, or (too near to a boundary, or after trouble) it may.
 */
import type { Pipeline } from './pipelines.ts';
import { isSameSchedule, LONGEST, type Occurrence, type Wish, type Wishes } from './wishes.ts';

export type Fate = 'runs' | 'not' | 'may';

export interface Expectation {
  readonly fate: Fate;
  /** The freeze that kept it from running, at last. */
  readonly freeze: string | null;
  /** The file of the last pipeline before its time names it. */
  readonly isWanted: boolean;
  /** Two of it may run: one that a lost state had, and what the file asks for since. */
  readonly isLoose: boolean;
  /** The pipeline that has to tell it as missed, should it not have run; null: none has to. */
  readonly missedBy: Pipeline | null;
}

/** Seconds around a boundary in which either is right. */
const MARGIN = 60;

export class Expectations {
  readonly #pipelines: readonly Pipeline[];
  readonly #wishes: Wishes;

  constructor(pipelines: readonly Pipeline[], wishes: Wishes) {
    this.#pipelines = pipelines;
    this.#wishes = wishes;
  }

  of(occurrence: Occurrence): Expectation {
    let fate: Fate = 'not';
    let made: Wish | null = null;
    let freeze: string | null = null;
    let isWanted = false;
    let before: Pipeline | null = null;
    // What an apply without its memory finds and does not want is somebody else's from then on.
    let isLoose = false;
    for (const pipeline of this.#around(occurrence.at)) {
      const wish = this.#wishes.of(pipeline.file, occurrence);
      const run = wish?.run ?? made?.run ?? occurrence.at;
      // What has begun is over for the files that come later; if they ask for another, a moment decides.
      if (fate !== 'not' && made !== null && made.run <= pipeline.plannedAt) {
        const isOther = !isSame(made, wish);
        if (made.run >= pipeline.plannedAt - MARGIN && isOther) fate = 'may';
        isLoose ||= pipeline.memory !== 'kept' && isOther;
        break;
      }
      const found = this.#after(made, wish, pipeline, before);
      if (run > pipeline.end) isWanted = wish !== null;
      if (found === 'missed') {
        const has = fate === 'not' && !isLoose && this.#isToTell(occurrence, pipeline, before);
        return { fate: isLoose ? 'may' : fate, freeze, isWanted, isLoose, missedBy: has ? pipeline : null };
      }
      if (found === null) continue;
      if (pipeline.ending === 'stale' || pipeline.ending === 'asks') continue;
      const isDone = pipeline.ending === 'done';
      const isOther = found.fate === 'not' || (made !== null && !isSame(made, wish));
      isLoose ||= pipeline.memory !== 'kept' && fate !== 'not' && isOther;
      if (found.fate !== 'not') made = wish;
      if (isDone) ({ fate, freeze } = found);
      else if (fate !== found.fate) fate = 'may';
      if (isDone) before = pipeline;
    }
    return { fate: isLoose ? 'may' : fate, freeze, isWanted, isLoose, missedBy: null };
  }

  /** After that pipeline, if it has done all; null: as before. */
  #after(made: Wish | null, wish: Wish | null, pipeline: Pipeline, before: Pipeline | null) {
    const { plannedAt, end, file } = pipeline;
    const not = (freeze: string | null = null) => ({ fate: 'not' as Fate, freeze });
    const may = { fate: 'may' as Fate, freeze: null };
    if (wish === null) return not();
    const { run, block } = wish;
    const isSplit = plannedAt < run + MARGIN && end > run - MARGIN;
    const freeze = this.#wishes.freezeAt(file, wish, run);
    if (run > plannedAt && !isSplit) {
      if (freeze !== null) return not(freeze);
      if (run < plannedAt + block.horizon - MARGIN) return { fate: 'runs' as Fate, freeze: null };
      if (run < end + block.horizon + MARGIN) return may;
      // Made under a longer horizon: it stays as it is, or goes.
      return made !== null && isSame(made, wish) ? null : not();
    }
    if (isSplit) return may;
    // When the next one begins, it is too late for this one.
    const late = Math.min(run + block.deadline, this.#wishes.nextAfter(wish));
    if (plannedAt > late + MARGIN) return 'missed' as const;
    if (end > late - MARGIN) return may;
    const isNew = before === null || this.#wishOf(before, wish) === null;
    if (isNew || pipeline.memory !== 'kept') return may;
    if ([run, plannedAt, end].some((at) => this.#wishes.freezeAt(file, wish, at) !== null)) return may;
    const known = this.#wishOf(before, wish)!;
    // With a longer deadline by now, it may have been told as missed already.
    if (!isSameSchedule(known, wish) || known.run + known.block.deadline < plannedAt) return may;
    return { fate: 'runs' as Fate, freeze: null };
  }

  #wishOf({ file }: Pipeline, { block, target, run }: Wish): Wish | null {
    return this.#wishes.of(file, {
      family: block.family,
      fleet: target.fleet,
      at: run - target.offset,
    });
  }

  /** Of what it named then and names now, nothing is passed over in silence. */
  #isToTell(occurrence: Occurrence, pipeline: Pipeline, before: Pipeline | null): boolean {
    if (pipeline.ending !== 'done' || before === null || pipeline.isSaved) return false;
    const between = this.#pipelines.filter(
      ({ start }) => start >= before.start && start <= pipeline.start && start > 0,
    );
    if (between.some(({ ending, memory }) => ending !== 'done' || memory !== 'kept')) return false;
    const known = this.#wishes.of(before.file, occurrence);
    const wish = this.#wishes.of(pipeline.file, occurrence);
    if (known === null || wish === null || !isSameSchedule(known, wish)) return false;
    if (known.run + known.block.deadline <= before.end + MARGIN) return false;
    if (known.block.deadline !== wish.block.deadline) return false;
    return [known, wish].every(
      (one) =>
        this.#wishes.freezeAt(pipeline.file, one, one.run) === null &&
        this.#wishes.freezeAt(before.file, one, one.run) === null,
    );
  }

  #around(at: number): readonly Pipeline[] {
    const first = firstAfter(this.#pipelines, at - LONGEST);
    return this.#pipelines.slice(first, firstAfter(this.#pipelines, at + LONGEST));
  }
}

function isSame(made: Wish, wish: Wish | null): boolean {
  return wish !== null && made.run === wish.run && made.block.template === wish.block.template;
}

/** The index of the first that starts at or after that time. */
export function firstAfter(pipelines: readonly Pipeline[], at: number): number {
  let [low, high] = [0, pipelines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pipelines[middle]!.start < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
