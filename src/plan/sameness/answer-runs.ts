/**
 * The answer of every wanted run: first what its record says, then, where that is not it, what may be made.
 *
 * Invariant: a record in question answers for nothing. Where an answer is unclear, all that may be its batch is in
 * question, whatever the reason.
 */
import type { StateEntry } from '../../model/state.ts';
import { isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { type Answer, unclear } from './answers.ts';
import { boundElsewhere } from './bound-by-hand.ts';
import type { Doubts } from './doubts.ts';
import { givenAway } from './given-away.ts';
import { isHalfReplaced } from './half-replaced.ts';
import { ABSENT, idsOf, type Match } from './match.ts';
import { type Asked, mayBeMade } from './may-be-made.ts';
import type { OnRecord } from './on-record.ts';
import { hasBegun, restated } from './restated.ts';
import { isDue } from './times.ts';

export interface Answered {
  /** By address, for every run. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Addresses whose record is in question → the address that asks for the same. */
  readonly held: ReadonlyMap<string, string>;
}

/** `matches`: of the open runs, by address. */
export function answerRuns(
  open: readonly ResolvedBatch[],
  matches: ReadonlyMap<string, Match>,
  record: OnRecord,
  doubts: Doubts,
  world: World,
): Answered {
  const isAbsent = ({ desired }: ResolvedBatch) =>
    (matches.get(desired.address) ?? ABSENT).verdict === 'absent';
  const elsewhere = boundElsewhere(open.filter(isAbsent), record.entries, world);
  const asked: Asked = { record, doubts, world, elsewhere, held: new Map(record.held) };
  const isOpen = new Set(open.map((run) => run.desired.address));
  const answers = new Map<string, Answer>();
  for (const run of world.runs) {
    const { address } = run.desired;
    const match = isOpen.has(address) ? (matches.get(address) ?? ABSENT) : ABSENT;
    const answer = answerOf(run, isOpen.has(address), match, asked);
    answers.set(address, answer);
    // Whatever the question is: what may be its batch is nobody else's meanwhile.
    if (answer.verdict === 'unclear') doubts.doubt(idsOf(match));
  }
  for (const [address, by] of asked.held) {
    const answer = answers.get(address);
    if (answer !== undefined && answer.verdict !== 'unclear')
      answers.set(address, unclear({ kind: 'held', by }));
  }
  return { answers, held: asked.held };
}

function answerOf(run: ResolvedBatch, isOpen: boolean, match: Match, asked: Asked): Answer {
  const { record, world } = asked;
  const { address } = run.desired;
  const entry = record.entries.get(address) ?? null;
  const doubt = doubtOf(run, entry, isOpen, asked);
  if (doubt !== null) return doubt;
  const madeBy = entry === null ? null : (record.madeBy.get(address) ?? null);
  if (!isOpen && entry !== null) return { verdict: 'this', entry, madeBy };
  if (entry !== null && entry.digest === run.digest && !mayBeMadeAgain(run, entry, asked)) {
    return { verdict: 'this', entry, madeBy };
  }
  if (entry !== null && hasBegun(run, entry, world)) return { verdict: 'this', entry, madeBy };
  if (entry !== null && restated(run, entry, world, record.released) === 'yes') {
    return { verdict: 'this', entry, madeBy: null, isRestated: true };
  }
  return mayBeMade(run, entry, match, asked);
}

/** Of the record itself: whether it is this address's at all, and whether what it names is still it. */
function doubtOf(
  run: ResolvedBatch,
  entry: StateEntry | null,
  isOpen: boolean,
  { record, doubts, world }: Asked,
): Answer | null {
  const { names, belief } = record;
  const { address, paused } = run.desired;
  const from = names.questions.get(address);
  if (from !== undefined) {
    return unclear({ kind: 'renamed', from, isFree: entry === null && !world.named.has(from) });
  }
  const by = names.held.get(address);
  if (by !== undefined) return unclear({ kind: 'held', by });
  const unsettled = record.unsettled.get(address);
  if (unsettled !== undefined && !world.scope.assumeMissing) {
    doubts.doubt(unsettled.candidates);
    return unclear({ kind: 'left-in-doubt', unsettled });
  }
  if (entry === null) return null;
  const isLive = isBoundLive(world.bound(entry));
  const strange = givenAway(entry, world, isLive && (isOpen || paused !== undefined));
  if (strange.length > 0) return doubts.question({ kind: 'given-away', ids: strange.map(({ id }) => id) });
  if (!belief.isYoungAndUnknown(entry)) return null;
  return doubts.question({ kind: 'not-believed', ids: entry.batchIds, why: 'young' });
}

/** Bound, the very same, and gone, cancelled before it ran, or half replaced. */
function mayBeMadeAgain(run: ResolvedBatch, entry: StateEntry, { record, world }: Asked): boolean {
  const { executeAt } = run.spec;
  if (world.isToReplace(run.desired.address)) return !record.madeBy.has(run.desired.address);
  const bound = world.bound(entry);
  if (bound.phase === 'unknown') return executeAt !== null && executeAt > world.now && !hasBegunOnce(entry);
  return (executeAt !== null && isDue(run.desired, world.now)) || isHalfReplaced(entry, bound, world.now);
}

/** As far as the state remembers. Cancelled ones that did nothing are made again at once, and not remembered. */
function hasBegunOnce({ phase }: StateEntry): boolean {
  return phase !== 'scheduled' && phase !== 'unknown';
}
