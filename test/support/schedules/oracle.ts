/**
 * What is right and wrong, judged from outside: from the files that were applied, from the bodies that were sent, and
 * from what really ran. No word of the engine is believed but one: that it is done, which has to be true then.
 *
 * A run is a template, its targets and its time. How often it may be: as often as one file asks for it; of a batch
 * without a time as often as a revision of it newly comes into the file; once more for every --replace. One that was
 * cancelled before anything of it began was not.
 *
 * The declared limits of fleetform are never drawn, so nothing here excuses them: a create that is carried out after
 * all patience; two states of one account at work in the same moment; a stranger's exact twin, made while ours is in
 * doubt; a state that is lost while a write is in doubt, or beside an API that has forgotten what it told.
 *
 * Excused is what the contract makes so: a run of the same template and target within a minute is the same run; what
 * has run is not made again for other words; what a file does not ask for by which a lost or older state is brought up
 * to date is somebody else's from then on; and what changed just before an apply, old answers may have hidden from it.
 */
import {
  type Account,
  CANCELLED,
  isLive,
  isRunOrLive,
  keyOf,
  type MadeBatch,
  type MadeTask,
  PAUSED,
  PENDING,
  type PostBody,
  type Who,
} from './account.ts';
import type { Ending, Machine } from './machines.ts';
import { bodyOf, type File, type Wish, wishesOf } from './wishes.ts';

export const WRONGS = [
  'runs twice',
  'nobody asked for it',
  'created too late',
  "a stranger's task touched",
  'what is in question cancelled',
  'done, and not there',
  'done, and another is bound',
  'done, and not paused as wanted',
  'done, and still there',
  'works on after a signal',
  'works on without its lock',
  'asks without need',
  'never comes to an end',
  'broken',
] as const;

export interface Wrong {
  readonly what: (typeof WRONGS)[number];
  readonly text: string;
}

/** Where an apply may stand still after all trouble is over: each asks a person, and says what to do. */
export const QUESTIONS: ReadonlySet<string> = new Set([
  'plan.ambiguous',
  'plan.ambiguous-template',
  'plan.foreign-account',
  'plan.given-away',
  'plan.has-run',
  'plan.moved-onto',
  'plan.not-believed',
  'plan.out-of-sight',
  'plan.prevented',
  'plan.renamed',
  'plan.replace-lost',
  'plan.unknown-template',
  'plan.unsettled',
  'plan.waits',
]);

/** Seconds between the sending of a create and the moment at which it was decided. */
const ON_THE_WAY = 5;
/** So many batches the list shows. */
const LISTED = 100;

export class Oracle {
  readonly wrongs: Wrong[] = [];
  /** Since the state was lost or set back, nobody knows any more whose what is. */
  isStateTrue = true;
  /** Whom a run would have reached, at the beginning of each apply that was asked for it. */
  private readonly reached = new Map<string, string[][]>();
  /** Batches that a person has taken away from an address by hand. */
  readonly letGo = new Set<string>();
  /** Whether somebody acted on batches of ours since the last apply began. */
  private handsOn = false;
  private readonly allowed = new Map<string, number>();
  private readonly deadlines = new Map<string, number>();
  /** Once-batches: of the file before, `key revision`. */
  private before = new Set<string>();
  /** When the last apply began, unix seconds, and how old what it was shown may have been. */
  private since = 0;
  private readonly ageOfReads: () => number;
  private readonly account: Account;
  private readonly machine: Machine;
  private file: File = { blocks: [], moved: [], claims: [] };
  /** Runs of which the file wants another one beside what there is: a new revision, --replace. */
  private readonly renewed = new Set<string>();
  private readonly leftOut = new Set<string>();

  constructor(account: Account, machine: Machine, ageOfReads: () => number) {
    this.ageOfReads = ageOfReads;
    this.account = account;
    this.machine = machine;
    machine.onOverstay = (what, text) => this.wrong(what, text);
    account.onTouch = (batch, task, by, how) => this.touched(batch, task, by, how);
  }

  /**
   * Before an apply of `file`. `replaces`: the addresses that --replace names, as often as it does. `isDisturbed`: writes of an earlier one
   * are still to be carried out.
   */
  asks(file: File, replaces: readonly string[], isDisturbed: boolean): void {
    this.handsOn = isDisturbed;
    this.since = this.account.clock.now;
    const wishes = wishesOf(file);
    this.forgetWhatIsLeftOut(new Set(wishes.map(({ key }) => key)));
    for (const wish of wishes) {
      const { key, executeAt, block, target } = wish;
      const servers = this.account.serversOf(bodyOf(block, target));
      this.reached.set(key, [...(this.reached.get(key) ?? []), servers]);
      if (executeAt !== null) {
        this.allowed.set(key, Math.max(1, this.allowed.get(key) ?? 0));
        const deadline = executeAt + block.startingDeadline;
        this.deadlines.set(key, Math.max(deadline, this.deadlines.get(key) ?? 0));
      } else if (!this.before.has(revisionOf(wish))) {
        this.allowed.set(key, 1 + (this.allowed.get(key) ?? 0));
        // A new revision of what is there already: the old one is to go.
        if ((this.allowed.get(key) ?? 0) > 1) this.renewed.add(key);
      }
      const again = replaces.filter((address) => address === wish.address).length;
      if (again > 0) {
        this.allowed.set(key, again + (this.allowed.get(key) ?? 0));
        this.renewed.add(key);
      }
      this.before.add(revisionOf(wish));
    }
    this.file = file;
  }

  /** A lost or older state is brought up to date by a file that does not ask for it: by the contract it is not ours then. */
  private forgetWhatIsLeftOut(wanted: ReadonlySet<string>): void {
    if (this.isStateTrue) return;
    for (const [key, times] of this.allowed) {
      // Of what has a time the list tells, unless strangers have filled it.
      if (!key.endsWith(' once') && this.account.batches.length < LISTED) continue;
      if (wanted.has(key) || this.leftOut.has(key)) continue;
      this.leftOut.add(key);
      this.allowed.set(key, times + 1);
    }
  }

  /** After it. What a file no longer asks for is forgotten only once the engine has taken note of that. */
  ended(ending: Ending, isWhole: boolean): void {
    if (ending.kind === 'broken') this.wrong('broken', ending.error.message);
    const hasWorked =
      ending.kind === 'killed' ||
      (ending.kind === 'refused' && ending.code === 'state.lock-lost') ||
      (ending.kind === 'done' && ending.result.outcome !== null);
    if (hasWorked) {
      this.before = new Set(
        wishesOf(this.file)
          .filter(({ executeAt }) => executeAt === null)
          .map(revisionOf),
      );
    }
    if (isWhole && isClean(ending)) this.judgeDone();
  }

  /** At the sending of a create. */
  sent(body: PostBody): void {
    const key = keyOf(body);
    if (!this.allowed.has(key)) this.wrong('nobody asked for it', key);
    const late = this.account.clock.now - ON_THE_WAY - (this.deadlines.get(key) ?? Number.POSITIVE_INFINITY);
    if (late > 0) this.wrong('created too late', `${key}, ${Math.round(late)} s after its deadline`);
  }

  private touched(batch: MadeBatch, task: MadeTask, by: Who, how: 'cancel' | 'toggle'): void {
    if (by === 'somebody') {
      if (batch.by !== 'somebody') this.handsOn = true;
      return;
    }
    const text = `task ${task.id} of batch ${batch.id} (${batch.key}): ${how}`;
    const isWanted = wishesOf(this.file).some(({ key }) => key === batch.key);
    const bound = this.boundIds();
    const isMissed = wishesOf(this.file).every(
      ({ key, executeAt, block }) =>
        key !== batch.key ||
        (executeAt !== null && this.account.clock.now >= executeAt + block.startingDeadline - 5),
    );
    const isBound = this.account.batches.some(
      (one) => one.key === batch.key && bound.has(one.id) && (one === batch || isRunOrLive(one)),
    );
    if (
      how === 'cancel' &&
      by === 'ours' &&
      isWanted &&
      !isMissed &&
      !isBound &&
      !this.renewed.has(batch.key)
    ) {
      this.wrong('what is in question cancelled', text);
      return;
    }
    if (batch.by !== 'somebody') return;
    const isClaimed = how === 'cancel' && this.file.claims.includes(batch.body.taskTemplateId);
    // The very same as one of ours: with a true state ours is known, without it may be taken for ours.
    const ours = this.account.batches.filter(
      (one) => one.by !== 'somebody' && one.key === batch.key && isRunOrLive(one),
    );
    const isAdoptable =
      this.allowed.has(batch.key) && (!this.isStateTrue || ours.every((one) => one.madeAt > batch.madeAt));
    // Within a minute it is the same run by the contract.
    const isNear = wishesOf(this.file).some(
      ({ key, executeAt }) =>
        executeAt !== null &&
        withoutTime(key) === withoutTime(batch.key) &&
        Math.abs(executeAt - batch.executeAt) <= 60,
    );
    if (!isClaimed && !isAdoptable && !isNear) this.wrong("a stranger's task touched", text);
  }

  private boundIds(): Set<string> {
    return new Set(Object.values(this.machine.state?.entries ?? {}).flatMap(({ batchIds }) => batchIds));
  }

  /** The engine says that all is as the file wants it. */
  private judgeDone(): void {
    this.account.progress();
    const wishes = wishesOf(this.file);
    for (const wish of wishes) this.judgeWish(wish);
    if (!this.isStateTrue) return;
    const wanted = new Set(wishes.map(({ key }) => key));
    for (const batch of this.account.batches) {
      const isLeft = batch.by !== 'somebody' && !wanted.has(batch.key) && isStill(batch);
      if (isLeft && wishes.some((wish) => this.isInOtherWords(wish, batch))) continue;
      if (isLeft && !batch.forgotten && !this.letGo.has(batch.id))
        this.wrong('done, and still there', `batch ${batch.id}, ${batch.key}`);
    }
  }

  private judgeWish({ address, key, block, executeAt }: Wish): void {
    const { now } = this.account.clock;
    const entry = this.machine.state?.entries[address];
    const made = this.account.batches.filter((batch) => batch.key === key);
    const there = made.filter(isRunOrLive);
    const what = `${address}: ${key}`;
    if (made.some((batch) => this.mayHaveLookedOtherwise(batch) || this.hidItsEnd(batch))) return;
    if (there.length === 0) {
      const isMissed = executeAt !== null && now >= executeAt + block.startingDeadline - 5;
      // Taken away by somebody, or by a cancel of our own that was long on its way: once is once.
      const wasTaken = made.some(({ tasks }) =>
        tasks.some((task) => task.code === CANCELLED && task.cancelledBy !== 'ours'),
      );
      // The API may have rounded its time by up to a minute.
      const isOverdue = executeAt !== null && executeAt <= now + 60;
      // Of one that was cancelled after its time nobody can tell whether it had begun: also if the cancel was our own.
      const bound = this.account.batches.filter(({ id }) => entry?.batchIds.includes(id));
      const wasStopped =
        isOverdue && [...made, ...bound].some(({ tasks }) => tasks.every(({ code }) => code === CANCELLED));
      if (this.ranAtThatTime(made, key, executeAt)) return;
      if (executeAt === null && this.wasRunBySomebody(key)) return;
      if (this.hasRunInOtherWords(entry?.batchIds ?? [], key, this.reached.get(key) ?? [])) return;
      if (!isMissed && !wasStopped && !(wasTaken && (executeAt === null || isOverdue || this.handsOn))) {
        this.wrong('done, and not there', what);
      }
      return;
    }
    const bound = there.find((batch) => entry?.batchIds.includes(batch.id));
    if (bound === undefined) {
      const isMissed = executeAt !== null && now >= executeAt + block.startingDeadline - 5;
      // Too late to make one, or nobody knows whether ours had begun; and who made the others has not asked.
      const isOfOthers = there.every(({ by }) => by === 'somebody');
      const isStopped = made.some(({ tasks }) => tasks.every(({ code }) => code === CANCELLED));
      if (isMissed) return;
      if (isOfOthers && isStopped && executeAt !== null && executeAt <= now + 5) return;
      if (this.hasRunInOtherWords(entry?.batchIds ?? [], key, this.reached.get(key) ?? [])) return;
      const ids = entry?.batchIds.join(', ') ?? 'nothing';
      this.wrong(
        'done, and another is bound',
        `${what} is bound to ${ids}, not to ${there.map(({ id }) => id).join(', ')}`,
      );
      return;
    }
    // Paused by hand while answers still showed it without its tasks: nobody could know.
    if (block.paused === undefined || this.handsOn || bound.hidden.tasks > this.since) return;
    const isOff = (task: MadeTask) => isDormant(task) && (task.code === PAUSED) !== block.paused;
    // What is due in this second may be on its way to run.
    if (bound.tasks.some((task) => isOff(task) && task.notBefore > now + 5)) {
      this.wrong('done, and not paused as wanted', `${what}, batch ${bound.id}`);
    }
  }

  /** Of the same template and target, one within a minute is the same run by the contract, whoever asked for it. */
  private ranAtThatTime(made: readonly MadeBatch[], key: string, executeAt: number | null): boolean {
    if (executeAt === null || made.some(isRunOrLive)) return false;
    return this.account.batches.some(
      (batch) =>
        withoutTime(batch.key) === withoutTime(key) &&
        isRunOrLive(batch) &&
        Math.abs(batch.executeAt - executeAt) <= 60,
    );
  }

  /** Once: and somebody else has had the same run within minutes. By the contract that may be it. */
  private wasRunBySomebody(key: string): boolean {
    return this.account.batches.some(
      ({ by, key: other, executeAt, madeAt }) =>
        by === 'somebody' && other.replace(/ at \d+$/, ' once') === key && executeAt - madeAt <= 300,
    );
  }

  private isInOtherWords({ address, key }: Wish, batch: MadeBatch): boolean {
    const ids = this.machine.state?.entries[address]?.batchIds ?? [];
    const servers = this.reached.get(key) ?? [];
    return ids.includes(batch.id) && this.hasRunInOtherWords([batch.id], key, servers);
  }

  /** What is bound has run, at that time, on most of those game servers: the words of its target are changed. */
  private hasRunInOtherWords(ids: readonly string[], key: string, looks: readonly string[][]): boolean {
    const withoutTarget = (of: string) => of.replace(/ on .* (once|at \d+)$/, ' $1');
    return this.account.batches.some((batch) => {
      if (!ids.includes(batch.id) || !isRunOrLive(batch)) return false;
      if (withoutTarget(batch.key) !== withoutTarget(key)) return false;
      // By where it ran, or by where its words would have it run today.
      const ran = batch.tasks.map(({ server }) => server);
      return [ran, this.account.serversOf(batch.body)].some((theirs) =>
        looks.some((servers) => {
          const shared = theirs.filter((server) => servers.includes(server)).length;
          return shared * 2 >= Math.max(theirs.length, servers.length);
        }),
      );
    });
  }

  /** Cancelled by hand while answers still showed it without its tasks. */
  private hidItsEnd({ tasks, hidden }: MadeBatch): boolean {
    return hidden.tasks > this.since && tasks.every(({ code }) => code === CANCELLED);
  }

  /** What changed just before the apply began, old answers may have shown as it was: nobody could know better. */
  private mayHaveLookedOtherwise({ tasks }: MadeBatch): boolean {
    const from = this.since - this.ageOfReads();
    return tasks.some(({ past }) => past.some(({ until }) => until > from && until <= this.since));
  }

  /**
   * When everything is over. `last`: how the last apply ended. `isPlain`: nothing happened that could leave a doubt, so
   * that there is nothing to ask.
   */
  judgeEnd(last: Ending, isPlain: boolean): void {
    const errors = errorsOf(last);
    if (isPlain && errors.length > 0) this.wrong('asks without need', describe(last));
    const unknown = errors.filter((code) => !QUESTIONS.has(code));
    if (unknown.length > 0 || (errors.length === 0 && !isClean(last))) {
      this.wrong('never comes to an end', describe(last));
    }
    this.account.progress();
    const runs = new Map<string, MadeBatch[]>();
    for (const batch of this.account.batches) {
      if (batch.by === 'somebody' || !isRunOrLive(batch) || batch.tasks.length === 0) continue;
      runs.set(batch.key, [...(runs.get(batch.key) ?? []), batch]);
    }
    for (const [key, batches] of runs) {
      const allowed = this.allowed.get(key) ?? 0;
      if (batches.length <= allowed) continue;
      const ids = batches.map(({ id, by }) => (by === 'ours' ? id : `${id} (${by})`)).join(', ');
      this.wrong('runs twice', `${key}: ${batches.length} times (batches ${ids}), allowed ${allowed}`);
    }
  }

  private wrong(what: Wrong['what'], text: string): void {
    const isTold = this.wrongs.some((one) => one.what === what && one.text === text);
    if (!isTold) this.wrongs.push({ what, text });
  }
}

function withoutTime(key: string): string {
  return key.replace(/ (at \d+|once)$/, '');
}

function revisionOf({ key, block }: Wish): string {
  return `${key} r${block.revision}`;
}

/** Not begun, not over. */
function isDormant({ code }: MadeTask): boolean {
  return code === PENDING || code === PAUSED;
}

function isStill(batch: MadeBatch): boolean {
  return isLive(batch) && batch.tasks.some(isDormant);
}

/** Exit 0. */
export function isClean(ending: Ending): boolean {
  if (ending.kind !== 'done' || errorsOf(ending).length > 0) return false;
  const { outcome } = ending.result;
  return outcome !== null && outcome.failed + outcome.unknown + outcome.skipped === 0 && !outcome.interrupted;
}

/** The addresses of which it asks a person what is so. */
export function questionsOf(ending: Ending): string[] {
  if (ending.kind !== 'done') return [];
  return ending.result.plan.diagnostics.flatMap(({ severity, code, address }) =>
    severity === 'error' && ANSWERED.has(code) && address !== undefined ? [address] : [],
  );
}

/** By `import`, or by `--assume-missing`. */
const ANSWERED: ReadonlySet<string> = new Set([
  'plan.ambiguous',
  'plan.not-believed',
  'plan.out-of-sight',
  'plan.unsettled',
]);

/** The questions that it stands at. */
export function errorsOf(ending: Ending): string[] {
  if (ending.kind !== 'done') return [];
  return ending.result.plan.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

function describe(ending: Ending): string {
  if (ending.kind === 'refused') return `${ending.code}: ${ending.message}`;
  if (ending.kind !== 'done') return ending.kind;
  const { outcome, plan } = ending.result;
  return `${errorsOf(ending).join(', ')} ${JSON.stringify(outcome)} ${plan.changes.map(({ action, address }) => `${action} ${address}`).join(', ')}`;
}
