/**
 * How the API misbehaves: the classes, each with its name and its rate in one schedule (most are 0 in most of
 * them, so that what goes wrong can be told). A class is counted where it changes an answer, not where it is drawn.
 */
import type { Chronicle } from './chronicle.ts';
import type { Dice } from './random.ts';

/** What becomes of a write's answer, or of the write itself. The last one is told by the API, not by a gateway. */
export const WRITE_FAULTS = [
  'lost before the commit',
  'lost after the commit',
  'carried out late',
  'refused (4xx) after the commit',
  'throttled',
] as const;
export type WriteFault = (typeof WRITE_FAULTS)[number];

export const READ_FAULTS = [
  'read fails',
  'wrong 404 (a page)',
  'wrong 404 (the object)',
  'lists lag',
  'single reads lag',
  'stale tasks',
  'rows missing',
  'rows twice',
  'poor replica',
  'tasks filled in late',
  'createdAt off',
  'executeAt rounded',
  'executeAt restamped',
  'inventory lacks rows',
] as const;
export type ReadFault = (typeof READ_FAULTS)[number];

/** One name for each kind of fault of each kind of write: each has its own way to go wrong. */
export const MISCHIEF_CLASSES: readonly string[] = [
  ...['POST', 'PUT', 'DELETE'].flatMap((method) => WRITE_FAULTS.map((fault) => `${method} ${fault}`)),
  ...READ_FAULTS,
];

/** The longest that anything is late, in seconds: less than what the engine is to wait for. */
export const LATEST = 40;

/** Seconds; the engine's own, less what a look takes. */
const PATIENCE = 55;

export class Mischief {
  readonly rates = new Map<WriteFault | ReadFault, number>();
  /** Of so many lists the poor replica answers one. */
  readonly everyList: number;
  /** Seconds that the poor replica is behind. */
  readonly behind: number;
  /** Seconds, of this schedule. */
  readonly listLag: number;
  readonly singleLag: number;
  readonly fillLag: number;
  readonly staleness: number;
  readonly dice: Dice;
  readonly chronicle: Chronicle;

  constructor(dice: Dice, chronicle: Chronicle) {
    this.dice = dice;
    this.chronicle = chronicle;
    // Odd: the lists are asked for in pairs, and neither is always the poor one's.
    this.everyList = dice.pick([3, 5]);
    this.behind = dice.pick([30, 600]);
    this.listLag = dice.between(1, LATEST);
    this.singleLag = dice.between(1, LATEST);
    this.fillLag = dice.between(1, LATEST);
    this.staleness = dice.between(1, LATEST);
    this.draw();
  }

  /** Seconds that whatever is made is out of the lists. */
  get lagsBy(): number {
    const lags = (this.rates.get('lists lag') ?? 0) > 0 ? this.listLag : 0;
    return (this.rates.get('poor replica') ?? 0) > 0 ? Math.max(lags, Math.min(this.behind, LATEST)) : lags;
  }

  /** Seconds: what is carried out late, and shown later still, is so within the patience of the engine. */
  get latest(): number {
    return Math.max(1, Math.min(LATEST, PATIENCE - this.lagsBy));
  }

  private draw(): void {
    // None at all, some, or one that strikes often.
    const often = this.dice.pick([0, 0.08, 0.15, 0.25]);
    for (const fault of [...WRITE_FAULTS, ...READ_FAULTS]) {
      if (this.dice.chance(often)) this.rates.set(fault, this.dice.pick([0.1, 0.3, 0.6]));
    }
    // Two sources that lie about one batch in the same moment can be told from the truth by nobody.
    if (this.rates.has('wrong 404 (the object)')) {
      for (const other of ['rows missing', 'lists lag', 'poor replica'] as const) this.rates.delete(other);
    }
    if (this.rates.has('rows missing')) this.rates.set('rows missing', 0.1);
  }

  /** How old what a read shows may be, in seconds. */
  age(): number {
    const stale = this.has('stale tasks') ? this.staleness : 0;
    return this.has('poor replica') ? Math.max(stale, this.behind) : stale;
  }

  /** From now on everything is as it should be. */
  end(): void {
    this.rates.clear();
  }

  has(fault: WriteFault | ReadFault): boolean {
    return this.rates.has(fault);
  }

  strikes(fault: WriteFault | ReadFault): boolean {
    const rate = this.rates.get(fault);
    return rate !== undefined && this.dice.chance(rate);
  }

  occurred(fault: ReadFault, text?: string): void {
    this.chronicle.occurred(fault, text);
  }
}
