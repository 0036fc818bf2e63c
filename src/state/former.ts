/**
 * Batches that a state owned and is done with: told as its own history, and not as somebody else's. They only ever end a
 * question, so the oldest may go: then it is asked.
 */
import type { Id } from '../model/ids.ts';
import type { FormerBatch, StateEntry } from '../model/state.ts';

/** So many are kept, and so many more for each address. */
const KEPT = 100;
const KEPT_EACH = 2;

export class FormerBatches {
  /** The newest last. */
  readonly #byId: Map<Id, FormerBatch>;

  constructor(former: readonly FormerBatch[] = []) {
    this.#byId = new Map(former.map((one) => [one.id, one]));
  }

  add(address: string, { batchIds, stamps = {} }: Pick<StateEntry, 'batchIds' | 'stamps'>): void {
    for (const id of batchIds) {
      const createdAt = (Object.hasOwn(stamps, id) ? stamps[id]?.createdAt : null) ?? null;
      this.#byId.delete(id);
      this.#byId.set(id, { id, address, createdAt });
    }
  }

  /** What is owned is not what was owned. */
  owned({ batchIds }: Pick<StateEntry, 'batchIds'>): void {
    for (const id of batchIds) this.#byId.delete(id);
  }

  rename(names: ReadonlyMap<string, string>): void {
    for (const [id, one] of this.#byId) {
      const address = names.get(one.address);
      if (address !== undefined) this.#byId.set(id, { ...one, address });
    }
  }

  newest(addresses: number): FormerBatch[] {
    const all = [...this.#byId.values()];
    return all.slice(Math.max(0, all.length - KEPT - KEPT_EACH * addresses));
  }
}
