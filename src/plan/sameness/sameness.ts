/**
 * The entry point of this folder: what counts as the same run is decided here, and nowhere else. It takes the world and
 * answers, for every run that is wanted: it is this batch; there is none; or it is undecided, it may be one of these.
 *
 * One assignment over every batch that exists or may exist. A binding is the strongest evidence, not the only one:
 * names may have shifted, an interrupted apply may have made something, the state may be lost or older than reality.
 */
import { groupBy } from '../../model/group.ts';
import { compareText, type Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Move } from '../../model/plan.ts';
import type { Intent, StateEntry } from '../../model/state.ts';
import { isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { type Answer, type Question, type UndesiredQuestion, unclear } from './answers.ts';
import { Belief } from './belief.ts';
import { boundElsewhere } from './bound-by-hand.ts';
import { cameToNothing, wasOverBeforeItsTime } from './evidence.ts';
import { givenAway } from './given-away.ts';
import { isHalfReplaced, lookAtHalf } from './half-replaced.ts';
import { ABSENT, type Match } from './match.ts';
import { matchUnbound } from './match-unbound.ts';
import { followNames, heldByUntold, type Names, NO_NAMES, renamed } from './names.ts';
import { Released } from './released.ts';
import { restated } from './restated.ts';
import { NOTHING_LEFT, type Settlement, settleIntents, type Unsettled, withSettlement } from './settle.ts';
import { batchListOf, type Known, knownBy } from './sight.ts';
import { isConfusable, isDue } from './times.ts';
import { findTwins, type Twin, twinsOfNew } from './twins.ts';

export interface Sameness {
  /** By address, for every run. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** After this plan's moves and what was found. */
  readonly entries: ReadonlyMap<string, StateEntry>;
  readonly settlement: Settlement;
  /** Inferred from what is asked for; those of the file's `moved` are done before. */
  readonly moves: readonly Move[];
  /** Addresses whose record is in question → the address that asks for the same. */
  readonly held: ReadonlyMap<string, string>;
  /** Addresses that the file does not name, whose batch cannot be told to be theirs, or gone. */
  readonly questions: ReadonlyMap<string, UndesiredQuestion>;
  /** Nobody's to touch: candidates of what is in question. */
  readonly inQuestion: ReadonlySet<Id>;
  /** What this plan or an earlier one had a question about, and nobody has answered. */
  readonly unanswered: Pick<Known, 'open' | 'unsure'>;
  readonly twins: readonly Twin[];
  /** null: there is no record. */
  readonly known: Known | null;
}

export function findSameness(world: World): Sameness {
  return new Finder(world).find();
}

class Finder {
  private readonly world: World;
  private readonly belief: Belief;
  private readonly settlement: Settlement;
  private readonly entries: ReadonlyMap<string, StateEntry>;
  private readonly names: Names;
  private readonly known: Known | null;
  private readonly released: Released;
  private readonly madeBy: ReadonlyMap<string, Intent>;
  /** By address. */
  private readonly unsettled: ReadonlyMap<string, Unsettled>;
  /** By template. */
  private readonly unsettledOf: ReadonlyMap<Id, readonly Unsettled[]>;
  private readonly inQuestion = new Set<Id>();
  /** Also those that --assume-missing overrules. */
  private readonly candidates = new Set<Id>();
  /** What a person has said to be none of the runs that it was a candidate of; and of which runs. */
  private readonly denied = new Set<Id>();
  private readonly answered = new Set<string>();
  private readonly unsure = new Set<string>();
  /** Addresses → batches that a person has bound to others, and that may be theirs. */
  private elsewhere: ReturnType<typeof boundElsewhere> = new Map();
  /** Addresses whose record is in question → the address that asks for the same. */
  private readonly held: Map<string, string>;

  constructor(world: World) {
    this.world = world;
    const { state } = world;
    this.settlement = state === null ? NOTHING_LEFT : settleIntents(state, world);
    const settled = state === null ? null : withSettlement(state, this.settlement);
    const entries = new Map(Object.entries(settled?.entries ?? {}).sort((a, b) => compareText(a[0], b[0])));
    this.names = world.mode === 'normal' ? followNames(entries, world) : NO_NAMES;
    this.entries = renamed(entries, this.names.moves);
    this.held = new Map([...heldByUntold(this.entries, world), ...this.names.held]);
    this.known = state === null ? null : knownBy(state);
    this.belief = new Belief(world, batchListOf(world.observation), this.known);
    this.released = new Released(this.entries, world, (entry) => this.belief.notBelieved(entry) === null);
    this.madeBy = new Map(this.settlement.found.map(({ intent }) => [intent.address, intent]));
    this.unsettledOf = groupBy(this.settlement.unclear, ({ intent }) => intent.spec.template.id);
    this.unsettled = new Map([...this.settlement.unclear].reverse().map((one) => [one.intent.address, one]));
  }

  find(): Sameness {
    const { world, entries, settlement, names, known } = this;
    const owned = new Set<Id>();
    for (const { batchIds } of entries.values()) for (const id of batchIds) owned.add(id);
    for (const { candidates } of settlement.unclear) this.doubt(candidates);
    // What may be the batch of an interrupted create is nobody else's.
    const isDoubted = (id: Id) => !world.scope.assumeMissing && this.inQuestion.has(id);
    const { batches, ghosts } = world.observation;
    const unbound = [...batches, ...ghosts].filter(({ id }) => !owned.has(id));
    const free = unbound.filter(({ id }) => !isDoubted(id));
    const doubted = unbound.filter(({ id }) => isDoubted(id));

    const open = world.runs.filter((run) => !this.isSettled(run));
    this.lookFurther(open);
    const matches = this.match(open, free, doubted);
    this.elsewhere = boundElsewhere(
      open.filter(({ desired }) => (matches.get(desired.address) ?? ABSENT).verdict === 'absent'),
      entries,
      world,
    );
    const isOpen = new Set(open.map((run) => run.desired.address));
    const answers = new Map<string, Answer>();
    for (const run of world.runs) {
      const { address } = run.desired;
      const match = isOpen.has(address) ? (matches.get(address) ?? ABSENT) : ABSENT;
      const answer = this.answer(run, isOpen.has(address), match);
      answers.set(address, answer);
      // Whatever the question is: what may be its batch is nobody else's meanwhile.
      if (answer.verdict === 'unclear') this.doubt(idsOf(match));
    }
    for (const [address, by] of this.held) {
      const answer = answers.get(address);
      if (answer !== undefined && answer.verdict !== 'unclear')
        answers.set(address, unclear({ kind: 'held', by }));
    }
    const taken = new Set(
      [...answers.values()].flatMap((one) => (one.verdict === 'found' ? one.batch.id : [])),
    );
    const unowned = free.filter(({ id }) => !taken.has(id) && !this.inQuestion.has(id));
    const toBeMade = world.runs.filter(({ desired }) => answers.get(desired.address)?.verdict === 'none');
    return {
      answers,
      entries,
      settlement,
      moves: names.moves,
      held: this.held,
      questions: this.undesiredQuestions(),
      inQuestion: this.inQuestion,
      unanswered: this.unanswered(owned, taken, open),
      twins: [...findTwins(entries, unowned, world), ...twinsOfNew(toBeMade, unowned, world)],
      known,
    };
  }

  /** `doubted`: what may be the batch of an interrupted create is found by no other run, but it may be another's. */
  private match(
    open: readonly ResolvedBatch[],
    free: readonly ObservedBatch[],
    doubted: readonly ObservedBatch[],
  ): Map<string, Match> {
    const known = (run: ResolvedBatch) => this.belief.knownTo(run);
    const matches = matchUnbound(open, free, this.world, known);
    if (doubted.length === 0) return matches;
    const absent = open.filter(
      (run) =>
        (matches.get(run.desired.address) ?? ABSENT).verdict === 'absent' &&
        this.unsettledLike(run) === undefined,
    );
    for (const [address, match] of matchUnbound(absent, doubted, this.world, known)) {
      const candidates = idsOf(match);
      if (candidates.length > 0) matches.set(address, { verdict: 'unclear', candidates });
    }
    return matches;
  }

  /**
   * What is in question is looked at also when it has left the list. And what may have run, and been forgotten once it
   * was over, still is in the tasks of its game servers.
   */
  private lookFurther(open: readonly ResolvedBatch[]): void {
    const { world } = this;
    if (open.length > 0) for (const id of this.known?.open ?? []) world.wantBatch(id);
    for (const { desired, spec } of open) {
      const { executeAt } = spec;
      if (executeAt !== null && executeAt <= world.now && isDue(desired, world.now)) world.histories(spec);
    }
  }

  /**
   * The file may not ask for it just now, or the selection leave it out: until it is bound, it stays in question. What
   * is bound to batches that came to nothing is not.
   */
  private unanswered(
    owned: ReadonlySet<Id>,
    taken: ReadonlySet<Id>,
    open: readonly ResolvedBatch[],
  ): Pick<Known, 'open' | 'unsure'> {
    const { scope } = this.world;
    const isAllAssumed = scope.assumeMissing && scope.targets.length + scope.excludes.length === 0;
    if (isAllAssumed) return { open: new Set(), unsure: new Set() };
    const asked = new Map(open.map(({ desired, digest }) => [desired.address, digest]));
    const bound = new Set(
      [...this.entries].flatMap(([address, { digest }]) =>
        asked.get(address) === digest ? [] : [address, digest],
      ),
    );
    const ids = [...(this.known?.open ?? []), ...this.candidates];
    const unsure = [...(this.known?.unsure ?? []), ...this.unsure, ...this.leftOut()];
    return {
      open: new Set(ids.filter((id) => !owned.has(id) && !taken.has(id) && !this.isDenied(id))),
      unsure: new Set(unsure.filter((one) => !bound.has(one) && !this.answered.has(one))),
    };
  }

  /** And it may be nothing else that is asked for. */
  private isDenied(id: Id): boolean {
    return this.denied.has(id) && !this.candidates.has(id);
  }

  /**
   * A record that is begun for a part of the file knows nothing of the rest: whatever is there, it may be. A destroy
   * asks about none of it, whatever the record knew.
   */
  private leftOut(): string[] {
    const { world } = this;
    const isAllLeftOut = world.mode === 'destroy';
    if (this.known !== null && !isAllLeftOut) return [];
    const isLeftOut = (address: string) => isAllLeftOut || !world.isSelected(address);
    return [
      ...world.desired.batches.map(({ address }) => address).filter(isLeftOut),
      ...world.inFile().flatMap(({ desired, digest }) => (isLeftOut(desired.address) ? digest : [])),
    ];
  }

  /** It is bound to a batch that exists, and that ran or will run. */
  private isSettled(run: ResolvedBatch): boolean {
    const { world } = this;
    const entry = this.entries.get(run.desired.address);
    if (entry === undefined || entry.digest !== run.digest) return false;
    if (world.isToReplace(run.desired.address)) return false;
    const bound = world.bound(entry);
    lookAtHalf(entry, bound, world);
    if (bound.phase === 'unknown' || isHalfReplaced(entry, bound, world.now)) return false;
    const isAllInSight = bound.batches.length > 0 && bound.batches.length === entry.batchIds.length;
    // Cancelled before it ran, or after it had begun? Its tasks tell, if anything hangs on it.
    if (bound.phase === 'cancelled' && run.spec.executeAt !== null && isDue(run.desired, world.now)) {
      for (const batch of bound.batches)
        if (!wasOverBeforeItsTime(batch, world.now)) world.wantTasks(batch, 'all');
    }
    return !(isAllInSight && bound.batches.every((batch) => cameToNothing(batch, world.now)));
  }

  private answer(run: ResolvedBatch, isOpen: boolean, match: Match): Answer {
    const { names } = this;
    const { address } = run.desired;
    const entry = this.entries.get(address) ?? null;
    const from = names.questions.get(address);
    if (from !== undefined) {
      return unclear({ kind: 'renamed', from, isFree: entry === null && !this.world.named.has(from) });
    }
    const by = names.held.get(address);
    if (by !== undefined) return unclear({ kind: 'held', by });
    const own = this.unsettled.get(address);
    if (own !== undefined && !this.world.scope.assumeMissing) return this.leftInDoubt(own);
    if (entry !== null) {
      const isLive = isBoundLive(this.world.bound(entry));
      const isTouched = isLive && (isOpen || run.desired.paused !== undefined);
      const strange = givenAway(entry, this.world, isTouched);
      if (strange.length > 0) return this.question({ kind: 'given-away', ids: strange.map(({ id }) => id) });
    }
    const madeBy = entry === null ? null : (this.madeBy.get(address) ?? null);
    if (entry !== null && this.belief.isYoungAndUnknown(entry)) {
      return this.question({ kind: 'not-believed', ids: entry.batchIds, why: 'young' });
    }
    if (!isOpen && entry !== null) return { verdict: 'this', entry, madeBy };
    if (entry !== null && entry.digest === run.digest && !this.mayBeMadeAgain(run, entry)) {
      return { verdict: 'this', entry, madeBy };
    }
    if (entry !== null && restated(run, entry, this.world, this.released) === 'yes') {
      return { verdict: 'this', entry, madeBy: null, isRestated: true };
    }
    return this.mayBeMade(run, entry, match);
  }

  /** Bound, the very same, and gone, cancelled before it ran, or half replaced. */
  private mayBeMadeAgain(run: ResolvedBatch, entry: StateEntry): boolean {
    const { world } = this;
    const { executeAt } = run.spec;
    if (world.isToReplace(run.desired.address)) return !this.madeBy.has(run.desired.address);
    const bound = world.bound(entry);
    if (bound.phase === 'unknown') return executeAt !== null && executeAt > world.now && !hasBegunOnce(entry);
    return (executeAt !== null && isDue(run.desired, world.now)) || isHalfReplaced(entry, bound, world.now);
  }

  private mayBeMade(run: ResolvedBatch, before: StateEntry | null, match: Match): Answer {
    const { world } = this;
    const isBesideLive = before !== null && isBoundLive(world.bound(before));
    if (match.verdict === 'found') {
      // Whoever does not bind it now, be it that the selection leaves it out, has to find it again.
      this.unsure.add(run.digest);
      if (isBesideLive) return this.question({ kind: 'beside', ids: [match.batch.id] });
      return { verdict: 'found', batch: match.batch };
    }
    if (match.verdict === 'unclear') {
      this.unsure.add(run.digest);
      if (!world.scope.assumeMissing) {
        for (const id of match.candidates) this.candidates.add(id);
        return this.question({ kind: 'candidates', ids: match.candidates });
      }
      // A person has answered: it is none of them, as far as the selection goes.
      if (world.isSelected(run.desired.address)) {
        this.unsure.delete(run.digest);
        for (const id of match.candidates) this.denied.add(id);
        this.answered.add(run.digest).add(run.desired.address);
      } else for (const id of match.candidates) this.candidates.add(id);
    }
    const elsewhere = this.elsewhere.get(run.desired.address);
    if (elsewhere !== undefined && !world.scope.assumeMissing) {
      return this.question({ kind: 'bound-elsewhere', ...elsewhere });
    }
    if (
      before !== null &&
      !world.scope.assumeMissing &&
      restated(run, before, world, this.released) === 'maybe'
    ) {
      return this.question({ kind: 'candidates', ids: before.batchIds, isBound: true });
    }
    const notBelieved = before === null ? null : this.belief.notBelieved(before);
    if (notBelieved !== null) return this.question(notBelieved);
    const past = this.hasRun(run);
    if (past !== null) return unclear({ kind: 'has-run', ids: past });
    const unsettled = this.unsettledLike(run);
    if (unsettled !== undefined) {
      const isTheSame = unsettled.intent.digest === run.digest;
      return unclear({ kind: 'behind-unsettled', unsettled, isTheSame });
    }
    const inTheWay = this.released.inTheWayOf(run);
    const [ran] = inTheWay.ran;
    if (ran !== undefined && !world.scope.assumeMissing) {
      // Without the record of it, this one would run again.
      this.hold(ran.address, run.desired.address);
      return unclear({ kind: 'ran-elsewhere', ...ran });
    }
    if (this.belief.isOutOfSight(run)) {
      this.unsure.add(run.digest);
      // What is too late is not made anyway.
      if (!world.scope.assumeMissing && isDue(run.desired, world.now))
        return unclear({ kind: 'out-of-sight' });
    }
    return { verdict: 'none', before, inTheWay: { ...inTheWay, ran: [] } };
  }

  /** What its address had before, as far as it may have run. */
  private hasRun({ desired: { address }, digest }: ResolvedBatch): readonly Id[] | null {
    const { world } = this;
    if (world.scope.assumeMissing || world.isToReplace(address)) return null;
    const past = world.state?.ran?.find((one) => one.digest === digest && one.notAfter > world.now);
    const seen = past?.batchIds.flatMap((id) => world.byId.get(id) ?? []) ?? [];
    if (past === undefined || (seen.length > 0 && seen.every((one) => cameToNothing(one, world.now))))
      return null;
    return past.batchIds;
  }

  /** In no order that the file has: names come first, then the first address by name. */
  private hold(address: string, by: string): void {
    const before = this.held.get(address);
    if (this.names.held.has(address) || (before !== undefined && compareText(before, by) < 0)) return;
    this.held.set(address, by);
  }

  /** Nothing of its kind is made while what an interrupted apply left may still turn up. */
  private unsettledLike({ spec }: ResolvedBatch): Unsettled | undefined {
    if (this.world.scope.assumeMissing) return undefined;
    const mine = { spec, since: this.world.now };
    return this.unsettledOf.get(spec.template.id)?.find(({ intent }) => isConfusable(mine, intent));
  }

  /** What is bound and no longer wanted must not be given up on the strength of one answer either. */
  private undesiredQuestions(): Map<string, UndesiredQuestion> {
    const questions = new Map<string, UndesiredQuestion>();
    for (const [address, entry] of this.entries) {
      if (this.world.named.has(address)) continue;
      const strange = givenAway(entry, this.world, isBoundLive(this.world.bound(entry)));
      const question: UndesiredQuestion | null =
        strange.length > 0
          ? { kind: 'given-away', ids: strange.map(({ id }) => id) }
          : this.belief.notBelieved(entry);
      if (question === null) continue;
      questions.set(address, question);
      this.question(question);
    }
    return questions;
  }

  private leftInDoubt(unsettled: Unsettled): Answer {
    this.doubt(unsettled.candidates);
    return unclear({ kind: 'left-in-doubt', unsettled });
  }

  private question(why: Question & { readonly ids: readonly Id[] }): Answer;
  private question(why: Question): Answer;
  private question(why: Question): Answer {
    if ('ids' in why) this.doubt(why.ids);
    return unclear(why);
  }

  private doubt(ids: readonly Id[]): void {
    for (const id of ids) {
      this.inQuestion.add(id);
      this.candidates.add(id);
    }
  }
}

function idsOf(match: Match): readonly Id[] {
  if (match.verdict === 'found') return [match.batch.id];
  return match.verdict === 'unclear' ? match.candidates : [];
}

/** As far as the state remembers. Cancelled ones that did nothing are made again at once, and not remembered. */
function hasBegunOnce({ phase }: StateEntry): boolean {
  return phase !== 'scheduled' && phase !== 'unknown';
}
