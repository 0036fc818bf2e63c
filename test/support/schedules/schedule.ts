/**
 * One random schedule: a file that changes, an API on a bad day, people, machines, and applies in between, all drawn
 * from one number. Then the trouble ends, and it has to end well.
 *
 * `classes.ts` says how to add a class of trouble.
 */
import type { Spec, State } from '../../../src/model/state.ts';
import type { PlanOptions } from '../../../src/plan/input.ts';
import { sightWithout } from '../../../src/plan/sameness/sight.ts';
import type { Edit } from '../../../src/state/edits.ts';
import { edited } from '../../../src/state/ledger.ts';
import { isLive, isRunOrLive, keyOf, type PostBody } from './account.ts';
import { Chronicle } from './chronicle.ts';
import { CLASSES, FLAG_CLASSES, leavesNoDoubt } from './classes.ts';
import { VirtualClock } from './clock.ts';
import { type Desk, EDITS, firstFile, followRenames, isClear, tidied } from './edits.ts';
import { Emulation } from './emulation.ts';
import { type Ending, type Happening, Machine, type RunOptions } from './machines.ts';
import { errorsOf, isClean, Oracle, questionsOf, type Wrong } from './oracle.ts';
import { type Deed, PEOPLE, type Street } from './people.ts';
import { FORGETTING, RENAMING } from './provider.ts';
import { Dice } from './random.ts';
import { type Block, describeFile, desiredOf, type File, wishesOf } from './wishes.ts';

export interface Verdict {
  readonly wrongs: readonly Wrong[];
  /** The questions that it stands at in the end; empty: everything is as the file wants it. */
  readonly questions: readonly string[];
  readonly story: readonly string[];
  /** Class of trouble → how often it really occurred. */
  readonly counts: ReadonlyMap<string, number>;
}

export { CLASSES };

/** What a destroy asks for. */
const NOTHING: File = { blocks: [], moved: [], claims: [] };

/** The only edit that needs one before it. */
const PUT_BACK = 'a removed block is put back';

/** 2027-01-15T08:00:00Z */
const START = 1_800_000_000;
/** Seconds after which no write is in doubt any more, nothing lags, and the longest task is over. */
const CALM = 150;
const MOST_APPLIES = 8;
const MOST_ANSWERS = 8;

export function runSchedule(seed: number): Promise<Verdict> {
  return new Schedule(seed).run();
}

class Schedule {
  private readonly dice: Dice;
  private readonly clock = new VirtualClock(START);
  private readonly chronicle = new Chronicle(this.clock);
  private readonly emulation: Emulation;
  private readonly machine: Machine;
  private readonly oracle: Oracle;
  private readonly removed: Block[] = [];
  private readonly history: File[] = [];
  private file: File;
  private blockNames = 0;
  /** What the API forgets and what the state forgets: of both together nobody could know. */
  private readonly forgets: 'the API' | 'the state' | 'nobody';
  /** One of them, where any: a name that two of them have had means what nobody can say. */
  private readonly renaming: readonly [string, Deed] | null;
  /** All that was sent so far has been told, and taken note of. */
  private isSettled = true;

  constructor(seed: number) {
    this.dice = new Dice(seed);
    this.emulation = new Emulation(this.clock, this.dice, this.chronicle);
    this.machine = new Machine(this.clock, this.emulation, this.chronicle);
    this.oracle = new Oracle(this.emulation.account, this.machine, () => this.emulation.mischief.age());
    this.emulation.onPost = (body) => this.oracle.sent(body);
    this.forgets = this.dice.pick(['the API', 'the state', 'nobody']);
    this.renaming = this.dice.chance(0.2) ? this.dice.pick(Object.entries(RENAMING)) : null;
    this.file = firstFile(this.desk());
  }

  async run(): Promise<Verdict> {
    const rounds = this.dice.between(1, 5);
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) {
        this.edit();
        await this.machineTrouble();
      }
      this.deeds(this.dice.pick([0, 0, 1, 2]));
      const ending = await this.applyWithTrouble();
      if (ending !== null && this.dice.chance(0.5)) await this.answer(ending);
      await this.passTime();
    }
    const last = await this.endWell();
    const { counts } = this.chronicle;
    this.oracle.judgeEnd(last, leavesNoDoubt(counts));
    const { wrongs } = this.oracle;
    const story = [...this.chronicle.story, ...wrongs.map(({ what, text }) => `WRONG: ${what}: ${text}`)];
    return { wrongs, questions: [...new Set(errorsOf(last))].sort(), story, counts };
  }

  // ---- between the applies ----------------------------------------------------------------------------------

  private desk(): Desk {
    const { servers, templates } = this.emulation.account;
    const freshName = () => {
      this.blockNames += 1;
      return `b${this.blockNames}`;
    };
    const { dice, clock, removed } = this;
    return { dice, now: clock.now, servers, templates, removed, freshName };
  }

  private edit(): void {
    for (let edits = this.dice.pick([0, 1, 1, 1, 2]); edits > 0; edits -= 1) {
      const name =
        this.removed.length > 0 && this.dice.chance(0.3) ? PUT_BACK : this.dice.pick(Object.keys(EDITS));
      const change = EDITS[name]!;
      const changed = change(this.file, this.desk());
      const next = changed === null ? null : tidied(changed);
      if (next === null || JSON.stringify(next) === JSON.stringify(this.file)) continue;
      if (!isClear(next, this.history)) continue;
      this.chronicle.occurred(name, '');
      this.file = next;
    }
    if (this.dice.chance(0.7)) this.file = followRenames(this.file, this.desk());
  }

  private street(): Street {
    const isQuiet = this.isSettled && this.emulation.pending === 0;
    return { account: this.emulation.account, dice: this.dice, wishes: wishesOf(this.file), isQuiet };
  }

  private deeds(count: number): void {
    const possible = [
      ...Object.entries(PEOPLE),
      ...(this.forgets === 'the API' ? Object.entries(FORGETTING) : []),
      ...(this.renaming === null ? [] : [this.renaming, this.renaming]),
    ];
    for (let i = 0; i < count; i += 1) this.doDeed(this.dice.pick(possible));
    if (this.forgets === 'the API' && this.dice.chance(0.3)) {
      this.doDeed(this.dice.pick(Object.entries(FORGETTING)));
    }
  }

  private doDeed([name, deed]: readonly [string, Deed]): void {
    const told = deed(this.street());
    if (told !== null) this.chronicle.occurred(name, told);
  }

  private async machineTrouble(): Promise<void> {
    const { dice, machine, chronicle } = this;
    if (this.forgets === 'the state' && dice.chance(0.4)) {
      // Whoever loses the record of what is still under way or not yet to be seen has lost all knowledge of it.
      await this.clock.advance(CALM);
      const copies = machine.copies.slice(0, -1).filter(hasNothingInDoubt);
      const copy = copies.length === 0 || dice.chance(0.5) ? null : dice.pick(copies);
      if (JSON.stringify(copy) !== JSON.stringify(machine.state)) {
        machine.state = structuredClone(copy);
        this.oracle.isStateTrue = false;
        if (copy === null) chronicle.occurred('the state is lost', '');
        else chronicle.occurred('an older state is restored', `serial ${copy.serial}`);
      }
    }
    if (this.forgets === 'the state' && dice.chance(0.1)) this.letGo();
    if (dice.chance(0.12)) {
      const isHour = dice.chance(0.5);
      machine.clockOff = (isHour ? 3600 : 600) * dice.pick([-1, 1]);
      chronicle.occurred(`the clock is off by ${isHour ? 'an hour' : 'minutes'}`, `${machine.clockOff} s`);
    }
  }

  /** `fleetform state rm`. */
  private letGo(): void {
    const { dice, machine, chronicle } = this;
    const { state } = machine;
    const entries = Object.entries(state?.entries ?? {});
    if (state === null || entries.length === 0) return;
    const [address, entry] = dice.pick(entries);
    const sight = sightWithout(state, [entry]);
    const edits: Edit[] = [{ kind: 'unbind', address }];
    if (sight !== null) edits.push({ kind: 'sight', sight });
    machine.state = { ...edited(state, edits), serial: state.serial + 1 };
    this.oracle.isStateTrue = false;
    chronicle.occurred('an address is let go of', address);
  }

  private async passTime(): Promise<void> {
    const { account } = this.emulation;
    account.progress();
    const { now } = this.clock;
    const due = account.batches.filter(isLive).map((batch) => batch.executeAt);
    const next = Math.min(...due.filter((time) => time > now), now + 7200);
    const pause = this.dice.pick([
      () => this.dice.below(30),
      () => this.dice.between(30, 300),
      () => next - now + this.dice.below(200),
      () => this.dice.pick([3600, 7200]),
    ])();
    await this.clock.advance(pause);
  }

  // ---- applies ----------------------------------------------------------------------------------------------

  /** null: there was nothing to apply. */
  private async applyWithTrouble(): Promise<Ending | null> {
    const { dice, chronicle } = this;
    const { options, replaces, isWhole } = this.flags();
    const run: RunOptions = {
      options,
      happenings: this.happenings(),
      ...(dice.chance(0.06) ? { approval: () => this.slowApproval() } : {}),
    };
    if (dice.chance(0.03)) {
      chronicle.occurred('everything is destroyed', '');
      this.mode = 'destroy';
      await this.apply([{ ...run, options: { mode: this.mode } }], [], true, NOTHING);
      this.mode = 'normal';
      return null;
    }
    if (dice.chance(0.08)) {
      const saved = await this.savedPlan(options);
      return saved === null ? null : this.apply([{ ...run, reviewed: saved }], replaces, false);
    }
    if (dice.chance(0.15)) {
      chronicle.occurred('two appliers side by side', '');
      const lockTimeoutMs = dice.pick([0, 300_000]);
      const other = { options, lockTimeoutMs, happenings: this.happenings() };
      return this.apply([run, other], replaces, isWhole);
    }
    return this.apply([run], replaces, isWhole);
  }

  /**
   * A person who looks at the account, once nothing is on its way any more, answers one of the questions, rightly.
   * false: there is none that can be answered so.
   */
  private async answer(ending: Ending): Promise<boolean> {
    const { dice, machine, chronicle, emulation } = this;
    const asked = new Set(questionsOf(ending));
    const wishes = wishesOf(this.file).filter(({ address }) => asked.has(address));
    if (wishes.length === 0) return false;
    await this.clock.advance(CALM);
    const { address, key } = dice.pick(wishes);
    emulation.account.progress();
    const owned = new Set(Object.values(machine.state?.entries ?? {}).flatMap(({ batchIds }) => batchIds));
    // What was asked for there when an apply was interrupted counts as well: it is what the question is about.
    const inDoubt = machine.state?.intents.find((one) => one.address === address);
    const keys = new Set([key, ...(inDoubt === undefined ? [] : [keyOf(postBodyOf(inDoubt.spec))])]);
    const made = emulation.account.batches.filter((one) => keys.has(one.key) && one.by !== 'somebody');
    const own = made.findLast((one) => isRunOrLive(one) && !one.forgotten && !owned.has(one.id));
    if (own !== undefined) {
      const released = await this.clock.drive(machine.import(desiredOf(this.file), address, own.id));
      if (released === null) return false;
      chronicle.occurred(
        'a batch is imported',
        `${own.id} as ${address}, instead of ${released.join() || 'nothing'}`,
      );
      for (const id of released) this.oracle.letGo.add(id);
      return true;
    }
    if (made.length > 0) return false;
    chronicle.occurred('--assume-missing', address);
    await this.apply([{ options: { scope: { targets: [address], assumeMissing: true } } }], [], false);
    return true;
  }

  private flags(): { options: PlanOptions; replaces: string[]; isWhole: boolean } {
    const { dice } = this;
    const flag = dice.chance(0.3) ? dice.pick(FLAG_CLASSES.slice(0, 4)) : null;
    if (flag === null) return { options: {}, replaces: [], isWhole: true };
    const address = dice.pick(wishesOf(this.file)).address;
    this.chronicle.occurred(flag, flag === '--refresh=false' ? '' : address);
    switch (flag) {
      case '--target':
        return { options: { scope: { targets: [address] } }, replaces: [], isWhole: false };
      case '--exclude':
        return { options: { scope: { excludes: [address] } }, replaces: [], isWhole: false };
      case '--replace':
        return { options: { scope: { replaces: [address] } }, replaces: [address], isWhole: true };
      default:
        return { options: { scope: { refresh: false } }, replaces: [], isWhole: false };
    }
  }

  private async slowApproval(): Promise<void> {
    this.chronicle.occurred('the approval takes minutes', '');
    await this.clock.sleep(this.dice.between(5, 300));
    this.isSettled = false;
    this.deeds(this.dice.below(2));
  }

  private async savedPlan(options: PlanOptions) {
    try {
      const plan = await this.clock.drive(this.machine.plan(desiredOf(this.file), options));
      this.chronicle.occurred(
        'a saved plan is applied later',
        plan.changes.map((one) => `${one.action} ${one.address}`).join(', '),
      );
      this.deeds(this.dice.below(2));
      await this.passTime();
      return plan;
    } catch (error) {
      // A read that failed to the end: there is no plan then.
      if ((error as { code?: string }).code === undefined) throw error;
      return null;
    }
  }

  /** What may come in the middle of an apply. */
  private happenings(): Happening[] {
    const { dice, chronicle } = this;
    const happenings: Happening[] = [];
    const add = (p: number, happen: Happening['happen']) => {
      if (dice.chance(p)) happenings.push({ isDue: aMoment(dice), happen });
    };
    add(0.25, (process, what) => {
      chronicle.occurred('killed', what);
      this.isSettled = false;
      process.kill();
    });
    add(0.08, (process, what) => {
      chronicle.occurred('stopped by a signal', what);
      process.interrupt(this.clock.now);
    });
    add(0.08, (_process, what) => {
      if (!this.machine.removeLock()) return;
      chronicle.occurred('the lock is removed, and another begins', what);
      this.others.push(this.machine.run(desiredOf(this.file), { options: { mode: this.mode } }));
    });
    add(0.25, () => {
      this.isSettled = false;
      this.deeds(1);
    });
    return happenings;
  }

  /** Of the apply under way: whoever begins in the middle of it wants the same. */
  private mode: 'normal' | 'destroy' = 'normal';
  /** Runs that began in the middle of another. */
  private readonly others: Promise<Ending>[] = [];

  private async apply(
    runs: readonly RunOptions[],
    replaces: readonly string[],
    isWhole: boolean,
    wanted: File = this.file,
  ): Promise<Ending> {
    const { chronicle, machine, oracle, emulation } = this;
    chronicle.tell(`apply of`);
    chronicle.story.push(...describeFile(this.file, (at) => chronicle.time(at)));
    this.history.push(this.file);
    oracle.asks(
      wanted,
      runs.flatMap(() => replaces),
      emulation.pending > 0,
    );
    const since = this.clock.now;
    this.isSettled = false;
    const desired = desiredOf(this.file);
    const isAlone = runs.length === 1;
    const work = runs.map(async (run) => {
      const ending = await machine.run(desired, run);
      oracle.ended(ending, isWhole && isAlone && this.others.length === 0);
      return ending;
    });
    const endings = await this.clock.drive(Promise.all(work));
    for (const other of this.others.splice(0)) endings.push(await this.clock.drive(other));
    for (const ending of endings.slice(runs.length)) oracle.ended(ending, false);
    const last = endings.at(-1)!;
    this.isSettled = endings.length === 1 && isWhole && isClean(last) && emulation.lastDoubt < since;
    machine.copies.push(structuredClone(machine.state));
    return last;
  }

  /** No more trouble: whatever it was, it now ends at what the file wants, or at a question that stays the same. */
  private async endWell(): Promise<Ending> {
    const { chronicle, emulation, machine } = this;
    chronicle.tell('from here on all is as it should be');
    emulation.mischief.end();
    machine.clockOff = 0;
    this.file = followRenames(this.file, this.desk());
    let asked = '';
    let answers = 0;
    for (let applies = 1; ; applies += 1) {
      await this.clock.advance(CALM);
      const ending = await this.apply([{}], [], true);
      const questions = errorsOf(ending).sort().join();
      const isAtRest = isClean(ending) && hasDoneNothing(ending);
      if (isAtRest || applies === MOST_APPLIES) return ending;
      if (questions !== '' && questions === asked) {
        if (answers === MOST_ANSWERS || !(await this.answer(ending))) return ending;
        answers += 1;
        applies = 0;
      }
      asked = questions;
    }
  }
}

/** A copy of a moment at which a write was in doubt brings back a doubt that was settled since: a declared limit. */
function hasNothingInDoubt(copy: State | null): boolean {
  return copy === null || copy.intents.every(({ sentAt }) => sentAt === null);
}

function hasDoneNothing(ending: Ending): boolean {
  if (ending.kind !== 'done') return false;
  return Object.values(ending.result.outcome ?? {}).every((count) => count === 0 || count === false);
}

/** Some step, or one around a write: there it matters most. */
function aMoment(dice: Dice): Happening['isDue'] {
  if (dice.chance(0.5)) {
    const at = dice.below(80);
    return (step) => step === at;
  }
  const word = dice.pick(['before POST', 'after POST', 'before DELETE', 'before PUT', 'a write']);
  let skip = dice.pick([0, 0, 1, 2]);
  return (_step, what) => {
    if (!what.includes(word)) return false;
    skip -= 1;
    return skip < 0;
  };
}

function postBodyOf({ template, fleets, regions, instances, executeAt }: Spec): PostBody {
  return {
    taskTemplateId: template.id,
    ...(fleets[0] === undefined ? {} : { fleetId: fleets[0] }),
    ...(regions[0] === undefined ? {} : { regionId: regions[0] }),
    ...(instances.length === 0 ? {} : { applicationInstanceIds: [...instances] }),
    ...(executeAt === null ? {} : { executeAt }),
  };
}
