/** What an absence is worth: when it is believed that something is gone, or that it never was there. */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import type { Question } from './answers.ts';
import { type BatchList, type Known, oldestOf, reachesBack, reachesOlder } from './sight.ts';

type NotBelieved = Extract<Question, { kind: 'not-believed' }>;

export class Belief {
  private readonly world: World;
  private readonly list: BatchList;
  private readonly known: Known | null;

  /** `known`: what the record knows of; null: there is none. */
  constructor(world: World, list: BatchList, known: Known | null) {
    this.world = world;
    this.list = list;
    this.known = known;
  }

  /** What the record knows is no help for a run that was in question when it was written. */
  knownTo({ desired, digest }: ResolvedBatch): Known | null {
    const { known } = this;
    return known?.unsure.has(digest) || known?.unsure.has(desired.address) ? null : known;
  }

  isYoungAndUnknown(entry: StateEntry): boolean {
    const { world } = this;
    return world.bound(entry).phase === 'unknown' && this.isYoung(entry);
  }

  /**
   * A 404 is never believed alone: what is to come has to be older than doubt, and another source has to say the same;
   * what is past is over, unless its game servers tell of tasks that are not. Of an entry with several batches those
   * count that the API does not know. null: they are gone.
   */
  notBelieved(entry: StateEntry): NotBelieved | null {
    const { world, list } = this;
    if (world.isTrusted(entry)) return null;
    const ids = entry.batchIds.filter((id) => !world.byId.has(id));
    if (ids.length === 0) return null;
    if (this.isYoung(entry)) return { kind: 'not-believed', ids, why: 'young' };
    const histories = world.histories(entry.spec);
    const seen = world.observation.ghosts.filter(({ id }) => ids.includes(id));
    const isPast = entry.spec.executeAt === null || entry.spec.executeAt <= world.now;
    if (isPast) {
      const isOpen = seen.some((one) => isLive(batchPhase(one, world.now)));
      return isOpen ? { kind: 'not-believed', ids, why: 'seen' } : null;
    }
    const isTold = histories.some(({ tasks }) => tasks.some(({ batchId }) => ids.includes(batchId)));
    if (isTold || seen.length > 0) return { kind: 'not-believed', ids, why: 'seen' };
    // A list that is not full would show it.
    const bounds = { newest: entry.createdAt, ids: NO_IDS };
    const isConfirmed =
      !list.isFull || histories.some((history) => reachesOlder(history, bounds, world.byId));
    return isConfirmed ? null : { kind: 'not-believed', ids, why: 'alone' };
  }

  private isYoung({ createdAt }: StateEntry): boolean {
    return this.world.now < createdAt + this.world.settle;
  }

  /**
   * The list is full, and nothing in it is known to be older than all that may have been made without this record. The
   * last tasks of the target's own game servers tell of what has left it, as far as they reach back; where they do not,
   * it is unknown. A state that is older than what exists must not be less safe than none.
   */
  isOutOfSight(run: ResolvedBatch): boolean {
    const { world, list } = this;
    const known = this.knownTo(run);
    if (!list.isFull) return false;
    if (known !== null && reachesBack(list, known)) return false;
    const histories = world.histories(run.spec);
    // A game server that is newer than what is looked for tells nothing of it: so something older has to be there.
    if (known !== null) return !histories.some((one) => reachesOlder(one, known, world.byId));
    // Without a record, what is looked for may be older than all that a history which is cut off still shows.
    const whole = histories.filter((one) => !one.isFull);
    const bounds = { newest: oldestOf(list.batches), ids: NO_IDS };
    if (whole.some((one) => reachesOlder(one, bounds, world.byId))) return false;
    // One that has no tasks at all may be new: then the others may be, too.
    return whole.length === 0 || whole.some(({ tasks }) => tasks.length === 0);
  }
}

const NO_IDS: ReadonlySet<Id> = new Set();
