/**
 * The entry point of this folder: what counts as the same run is decided here, and nowhere else. It takes the world and
 * answers, for every run that is wanted: it is this batch; there is none; or it is undecided, it may be one of these.
 *
 * One assignment over every batch that exists or may exist. A binding is the strongest evidence, not the only one:
 * names may have shifted, an interrupted apply may have made something, the state may be lost or older than reality.
 *
 * Invariant: every run gets one answer, and no batch is the answer of two. The order of the steps matters: each doubt is
 * in `doubts` before anything is taken for nobody's.
 */
import type { Id } from '../../model/ids.ts';
import type { Move } from '../../model/plan.ts';
import type { StateEntry } from '../../model/state.ts';
import { isBoundLive } from '../world/bound.ts';
import type { World } from '../world/world.ts';
import { answerRuns } from './answer-runs.ts';
import type { Answer, UndesiredQuestion } from './answers.ts';
import { Doubts } from './doubts.ts';
import { givenAway } from './given-away.ts';
import { type OnRecord, takeRecord } from './on-record.ts';
import { lookFurther, matchOpen, openRuns, type Unowned } from './open-runs.ts';
import type { Settlement } from './settle.ts';
import type { Known } from './sight.ts';
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
  const record = takeRecord(world);
  const { entries, settlement, names, known } = record;
  const doubts = new Doubts(record, world);
  for (const { candidates } of settlement.unclear) doubts.doubt(candidates);
  const owned = new Set([...entries.values()].flatMap(({ batchIds }) => batchIds));
  const unowned = unownedBatches(owned, doubts, world);

  const open = openRuns(record, world);
  lookFurther(open, record, world);
  const matches = matchOpen(open, unowned, record, world);
  const { answers, held } = answerRuns(open, matches, record, doubts, world);

  const taken = new Set(
    [...answers.values()].flatMap((one) => (one.verdict === 'found' ? one.batch.id : [])),
  );
  const nobodys = unowned.free.filter(({ id }) => !taken.has(id) && !doubts.inQuestion.has(id));
  const toBeMade = world.runs.filter(({ desired }) => answers.get(desired.address)?.verdict === 'none');
  return {
    answers,
    entries,
    settlement,
    moves: names.moves,
    held,
    questions: undesiredQuestions(record, doubts, world),
    inQuestion: doubts.inQuestion,
    unanswered: doubts.unanswered(owned, taken, open),
    twins: [...findTwins(entries, nobodys, world), ...twinsOfNew(toBeMade, nobodys, world)],
    known,
  };
}

/** What may be the batch of an interrupted create is nobody else's. */
function unownedBatches(owned: ReadonlySet<Id>, { inQuestion }: Doubts, world: World): Unowned {
  const isDoubted = (id: Id) => !world.scope.assumeMissing && inQuestion.has(id);
  const { batches, ghosts } = world.observation;
  const unbound = [...batches, ...ghosts].filter(({ id }) => !owned.has(id));
  return {
    free: unbound.filter(({ id }) => !isDoubted(id)),
    doubted: unbound.filter(({ id }) => isDoubted(id)),
  };
}

/** What is bound and no longer wanted must not be given up on the strength of one answer either. */
function undesiredQuestions(
  { entries, belief }: OnRecord,
  doubts: Doubts,
  world: World,
): Map<string, UndesiredQuestion> {
  const questions = new Map<string, UndesiredQuestion>();
  for (const [address, entry] of entries) {
    if (world.named.has(address)) continue;
    const strange = givenAway(entry, world, isBoundLive(world.bound(entry)));
    const question: UndesiredQuestion | null =
      strange.length > 0
        ? { kind: 'given-away', ids: strange.map(({ id }) => id) }
        : belief.notBelieved(entry);
    if (question === null) continue;
    questions.set(address, question);
    doubts.doubt(question.ids);
  }
  return questions;
}
