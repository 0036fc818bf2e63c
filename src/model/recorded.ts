/**
 * Reading the recorded state. Addresses are the user's words: `constructor` is one, and every object seems to have it.
 */
import { FleetformError } from './errors.ts';
import type { Id } from './ids.ts';
import type { Batch } from './observed.ts';
import type { FormerBatch, Stamp, State, StateEntry } from './state.ts';

/** Throws where the lineage, which a caller's program may have made, would be refused when the state is read again. */
export function emptyState(identity: { lineage: string; name: string; api: string }): State {
  const { lineage } = identity;
  if (typeof lineage !== 'string' || lineage === '') {
    throw new FleetformError('state.no-lineage', 'a new state has no lineage: `newId` gave no text', {
      hint: 'Nothing was written. `newId` gives another id at each call: `randomUUID` of node:crypto does.',
    });
  }
  return { version: 1, ...identity, serial: 0, entries: {}, intents: [] };
}

/** What is to be remembered of batches, to know them again. */
export function stampsOf(batches: readonly Batch[]): Record<Id, Stamp> {
  return Object.fromEntries(
    batches.map(({ id, createdAt, executeAt, taskIds }) => [
      id,
      { createdAt, executeAt, taskId: taskIds[0] ?? null },
    ]),
  );
}

type Known = Pick<StateEntry, 'spec' | 'digest' | 'preventCancel' | 'notAfter'>;

/**
 * The entry of an address that is bound to these batches from now on. `createdAt`: unix seconds; `phase`: theirs, as
 * far as it is known.
 */
export function boundEntry(
  { spec, digest, preventCancel, notAfter = null }: Known,
  batches: readonly Batch[],
  { createdAt, phase }: Pick<StateEntry, 'createdAt' | 'phase'>,
): StateEntry {
  const batchIds = batches.map(({ id }) => id);
  return { batchIds, spec, digest, createdAt, phase, preventCancel, notAfter, stamps: stampsOf(batches) };
}

export function entryOf(state: State | null, address: string): StateEntry | undefined {
  return state !== null && Object.hasOwn(state.entries, address) ? state.entries[address] : undefined;
}

/** Of a batch that nothing owns: whose it was; null: nobody's, as far as is known. */
export function formerOwner(state: State | null): (batch: Pick<Batch, 'id' | 'createdAt'>) => string | null {
  const former = new Map((state?.former ?? []).map((one): [Id, FormerBatch] => [one.id, one]));
  return ({ id, createdAt }) => {
    const known = former.get(id);
    if (known === undefined) return null;
    const isOther = known.createdAt !== null && createdAt !== null && known.createdAt !== createdAt;
    return isOther ? null : known.address;
  };
}

export function ownedBatches(state: State | null): Set<Id> {
  const owned = new Set<Id>();
  for (const entry of Object.values(state?.entries ?? {})) for (const id of entry.batchIds) owned.add(id);
  return owned;
}
