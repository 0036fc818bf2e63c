/**
 * A run that is bound to nothing that is it: adopted, made, or in question.
 *
 * Invariant: it is answered "none" only after everything that could be it has been ruled out; the checks stand in the
 * order in which they are told, and --assume-missing overrules only those that a person can answer.
 */
import { compareText, type Id } from '../../model/ids.ts';
import type { StateEntry } from '../../model/state.ts';
import { cameToNothing } from '../world/begun.ts';
import { isBoundLive } from '../world/bound.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { type Answer, unclear } from './answers.ts';
import type { Elsewhere } from './bound-by-hand.ts';
import type { Doubts } from './doubts.ts';
import type { Match } from './match.ts';
import { type OnRecord, unsettledLike } from './on-record.ts';
import { restated } from './restated.ts';
import { isDue } from './times.ts';

/** What all runs are asked against. */
export interface Asked {
  readonly record: OnRecord;
  readonly doubts: Doubts;
  readonly world: World;
  /** Addresses → batches that a person has bound to others, and that may be theirs. */
  readonly elsewhere: ReadonlyMap<string, Elsewhere>;
  /** Addresses whose record is in question → the address that asks for the same. Grows as runs are answered. */
  readonly held: Map<string, string>;
}

/** `before`: what its address has, and is not it. */
export function mayBeMade(run: ResolvedBatch, before: StateEntry | null, match: Match, asked: Asked): Answer {
  return (
    seen(run, before, match, asked) ??
    boundAlready(run, before, asked) ??
    ranOrComing(run, asked) ??
    outOfTheWay(run, before, asked)
  );
}

/** Among the batches that nobody owns. */
function seen(
  run: ResolvedBatch,
  before: StateEntry | null,
  match: Match,
  { doubts, world }: Asked,
): Answer | null {
  if (match.verdict === 'absent') return null;
  doubts.unsure(run);
  if (match.verdict === 'found') {
    const isBesideLive = before !== null && isBoundLive(world.bound(before));
    if (isBesideLive) return doubts.question({ kind: 'beside', ids: [match.batch.id] });
    return { verdict: 'found', batch: match.batch };
  }
  if (!world.scope.assumeMissing) return doubts.question({ kind: 'candidates', ids: match.candidates });
  doubts.overrule(run, match.candidates);
  return null;
}

/** By hand to another address, or to this one in other words; or what is bound here is not believed to be gone. */
function boundAlready(
  run: ResolvedBatch,
  before: StateEntry | null,
  { record, doubts, world, elsewhere }: Asked,
): Answer | null {
  const { assumeMissing } = world.scope;
  const other = elsewhere.get(run.desired.address);
  if (other !== undefined && !assumeMissing) return doubts.question({ kind: 'bound-elsewhere', ...other });
  if (before === null) return null;
  if (!assumeMissing && restated(run, before, world, record.released) === 'maybe') {
    return doubts.question({ kind: 'candidates', ids: before.batchIds, isBound: true });
  }
  const notBelieved = record.belief.notBelieved(before);
  return notBelieved === null ? null : doubts.question(notBelieved);
}

/** It has run under this address, or an interrupted apply's may still turn up. */
function ranOrComing(run: ResolvedBatch, { record, world }: Asked): Answer | null {
  const past = hasRun(run, world);
  if (past !== null) return unclear({ kind: 'has-run', ids: past });
  const unsettled = unsettledLike(run, record, world);
  if (unsettled === undefined) return null;
  const isTheSame = unsettled.intent.digest === run.digest;
  return unclear({ kind: 'behind-unsettled', unsettled, isTheSame });
}

/** What its address had before, as far as it may have run. */
function hasRun({ desired: { address }, digest }: ResolvedBatch, world: World): readonly Id[] | null {
  if (world.scope.assumeMissing || world.isToReplace(address)) return null;
  const past = world.state?.ran?.find((one) => one.digest === digest && one.notAfter > world.now);
  const found = past?.batchIds.flatMap((id) => world.byId.get(id) ?? []) ?? [];
  if (past === undefined || (found.length > 0 && found.every((one) => cameToNothing(one, world.now))))
    return null;
  return past.batchIds;
}

/** What other addresses have let go, and what may be out of sight. */
function outOfTheWay(run: ResolvedBatch, before: StateEntry | null, asked: Asked): Answer {
  const { record, doubts, world } = asked;
  const { assumeMissing } = world.scope;
  const inTheWay = record.released.inTheWayOf(run);
  const [ran] = inTheWay.ran;
  if (ran !== undefined && !assumeMissing) {
    // Without the record of it, this one would run again.
    hold(ran.address, run.desired.address, asked);
    return unclear({ kind: 'ran-elsewhere', ...ran });
  }
  if (record.belief.isOutOfSight(run)) {
    doubts.unsure(run);
    // What is too late is not made anyway.
    if (!assumeMissing && isDue(run.desired, world.now)) return unclear({ kind: 'out-of-sight' });
  }
  return { verdict: 'none', before, inTheWay: { ...inTheWay, ran: [] } };
}

/** In no order that the file has: names come first, then the first address by name. */
function hold(address: string, by: string, { record, held }: Asked): void {
  const before = held.get(address);
  if (record.names.held.has(address) || (before !== undefined && compareText(before, by) < 0)) return;
  held.set(address, by);
}
