/**
 * What is in question: batches that no change may touch now, and what is left for later plans to ask about.
 *
 * Invariant: a doubt ends only by a binding, or by a person who says that the run is missing; that the file does not ask
 * for it just now, or that the selection leaves it out, ends none.
 */
import type { Id } from '../../model/ids.ts';
import { formerOwner } from '../../model/recorded.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { type Answer, type Question, unclear } from './answers.ts';
import type { OnRecord } from './on-record.ts';
import { batchListOf, isNewerThan, type Known, reachesBack } from './sight.ts';

export class Doubts {
  /** Nobody's to touch. */
  readonly inQuestion = new Set<Id>();
  /** Also those that --assume-missing overrules. */
  readonly #candidates = new Set<Id>();
  /** What a person has said to be none of the runs that it was a candidate of; and of which runs. */
  readonly #denied = new Set<Id>();
  readonly #answered = new Set<string>();
  readonly #unsure = new Set<string>();
  readonly #world: World;
  readonly #record: OnRecord;

  constructor(record: OnRecord, world: World) {
    this.#record = record;
    this.#world = world;
  }

  doubt(ids: readonly Id[]): void {
    for (const id of ids) {
      this.inQuestion.add(id);
      this.#candidates.add(id);
    }
  }

  question(why: Question & { readonly ids: readonly Id[] }): Answer {
    this.doubt(why.ids);
    return unclear(why);
  }

  /** Whoever does not bind it now, be it that the selection leaves it out, has to find it again. */
  unsure({ digest }: ResolvedBatch): void {
    this.#unsure.add(digest);
  }

  /** With --assume-missing a person has answered: it is none of them, as far as the selection goes. */
  overrule({ desired, digest }: ResolvedBatch, candidates: readonly Id[]): void {
    if (!this.#world.isSelected(desired.address)) {
      for (const id of candidates) this.#candidates.add(id);
      return;
    }
    this.#unsure.delete(digest);
    for (const id of candidates) this.#denied.add(id);
    this.#answered.add(digest).add(desired.address);
  }

  /**
   * The file may not ask for it just now, or the selection leave it out: until it is bound, it stays in question. What
   * is bound to batches that came to nothing is not.
   */
  unanswered(
    owned: ReadonlySet<Id>,
    taken: ReadonlySet<Id>,
    open: readonly ResolvedBatch[],
  ): Pick<Known, 'open' | 'unsure'> {
    const { scope } = this.#world;
    const { entries, known } = this.#record;
    const isAllAssumed = scope.assumeMissing && scope.targets.length + scope.excludes.length === 0;
    if (isAllAssumed) return { open: new Set(), unsure: new Set() };
    const asked = new Map(open.map(({ desired, digest }) => [desired.address, digest]));
    const bound = new Set(
      [...entries].flatMap(([address, { digest }]) =>
        asked.get(address) === digest ? [] : [address, digest],
      ),
    );
    const ids = [...(known?.open ?? []), ...this.#candidates];
    const unsure = [...(known?.unsure ?? []), ...this.#unsure, ...this.#leftOut(owned)];
    return {
      open: new Set(ids.filter((id) => !owned.has(id) && !taken.has(id) && !this.#isDenied(id))),
      unsure: new Set(unsure.filter((one) => !bound.has(one) && !this.#answered.has(one))),
    };
  }

  /** And it may be nothing else that is asked for. */
  #isDenied(id: Id): boolean {
    return this.#denied.has(id) && !this.#candidates.has(id);
  }

  /**
   * A record that is begun for a part of the file knows nothing of the rest: whatever is there, it may be. A destroy
   * asks about none of it; what is not bound is missing only if the record knows all that is there.
   */
  #leftOut(owned: ReadonlySet<Id>): string[] {
    const world = this.#world;
    const isAllLeftOut = world.mode === 'destroy';
    if (isAllLeftOut ? this.#knowsAll(owned) : this.#record.known !== null) return [];
    const isLeftOut = (address: string) => isAllLeftOut || !world.isSelected(address);
    return [
      ...world.inFile.map(({ address }) => address).filter(isLeftOut),
      ...world.runsInFile().flatMap(({ desired, digest }) => (isLeftOut(desired.address) ? digest : [])),
    ];
  }

  /** All that was made since is in sight, and is its own, or was. */
  #knowsAll(owned: ReadonlySet<Id>): boolean {
    const { known } = this.#record;
    const { observation, state } = this.#world;
    if (known === null || !reachesBack(batchListOf(observation), known)) return false;
    const ownerOf = formerOwner(state);
    return [...observation.batches, ...observation.ghosts].every(
      (batch) => owned.has(batch.id) || ownerOf(batch) !== null || !isNewerThan(known, batch),
    );
  }
}
