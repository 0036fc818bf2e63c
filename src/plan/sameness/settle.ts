/**
 * Leftover intents: creates that an earlier apply wrote down and did not live to record.
 *
 * Within one turn (`turnOf`) of one apply the creates went out one after the other, each recorded before the next:
 * so only the first leftover intent of a turn can have been sent at all. A new batch of its template and time that
 * nobody owns is its batch, unless it could be that of another as well; then it is a question for a person.
 */
import { groupBy } from '../../model/group.ts';
import type { Id } from '../../model/ids.ts';
import type { Inventory, Observation, ObservedBatch } from '../../model/observed.ts';
import type { Intent, State, StateEntry } from '../../model/state.ts';
import { type Match, matchKind } from './match.ts';
import { type Sight, sightOf } from './sight.ts';
import { mayBeNewBatchOf, turnOf } from './times.ts';

export interface Settlement {
  /** Intents whose batch was found. */
  readonly found: readonly { readonly intent: Intent; readonly batchId: Id }[];
  /** Intents of which nothing is in sight: the batch is not there, or a list lags. */
  readonly absent: readonly Intent[];
  /** Intents that were certainly never sent: an earlier one of their turn still waits. */
  readonly unsent: readonly Intent[];
  readonly unclear: readonly Unsettled[];
}

export interface Unsettled {
  readonly intent: Intent;
  /** None: the list could not show it. */
  readonly candidates: readonly Id[];
  readonly sight: Sight;
}

export function settleIntents(state: State, observation: Observation): Settlement {
  const owned = ownedBatches(state);
  const { mayHaveBeenSent, unsent } = byTurns(state.intents);
  const free = observation.batches.filter((batch) => !owned.has(batch.id));
  const matches = matchNew(mayHaveBeenSent, free, observation.inventory);
  const found: { intent: Intent; batchId: Id }[] = [];
  const absent: Intent[] = [];
  const unclear: Unsettled[] = [];
  for (const intent of mayHaveBeenSent) {
    const match = matches.get(intent.address);
    const sight = sightOf(intent, observation.batches, observation.newestListed);
    if (match?.verdict === 'found') found.push({ intent, batchId: match.batch.id });
    else if (match?.verdict === 'unclear') unclear.push({ intent, candidates: match.candidates, sight });
    else if (sight !== 'clear') unclear.push({ intent, candidates: [], sight });
    else absent.push(intent);
  }
  return { found, absent, unsent, unclear };
}

/** `intents` in the order in which they were written down: those of one apply have one `since`. */
export function byTurns(intents: readonly Intent[]): {
  readonly mayHaveBeenSent: readonly Intent[];
  readonly unsent: readonly Intent[];
} {
  const turns = [...groupBy(intents, ({ spec, since }) => `${since} ${turnOf(spec, since)}`).values()];
  return {
    mayHaveBeenSent: turns.flatMap((turn) => turn.slice(0, 1)),
    unsent: turns.flatMap((turn) => turn.slice(1)),
  };
}

/** All of them at once: what could be the batch of several is nobody's until it is told whose. By address. */
export function matchNew(
  intents: readonly Intent[],
  free: readonly ObservedBatch[],
  inventory: Inventory,
): Map<string, Match> {
  const byAddress = new Map(intents.map((intent) => [intent.address, intent]));
  const wanted = new Map(intents.map(({ address, spec }) => [address, spec]));
  return matchKind(wanted, free, inventory, {
    isNew: true,
    mayBe: (address, batch) => mayBeNewBatchOf(byAddress.get(address)!, batch),
  });
}

/** Addresses are the user's words: `constructor` is one, and every object seems to have it. */
export function entryOf(state: State | null, address: string): StateEntry | undefined {
  return state !== null && Object.hasOwn(state.entries, address) ? state.entries[address] : undefined;
}

export function ownedBatches(state: State | null): Set<Id> {
  const owned = new Set<Id>();
  for (const entry of Object.values(state?.entries ?? {})) for (const id of entry.batchIds) owned.add(id);
  return owned;
}

/** What the state will be once the settlement is recorded: found ones bound, the others no longer in doubt. */
export function withSettlement(state: State, settlement: Settlement): State {
  if (state.intents.length === 0) return state;
  const entries = { ...state.entries };
  for (const { intent, batchId } of settlement.found) {
    entries[intent.address] = {
      batchIds: [batchId],
      spec: intent.spec,
      digest: intent.digest,
      createdAt: intent.since,
      phase: 'scheduled',
      preventCancel: intent.preventCancel,
    };
  }
  return { ...state, entries, intents: settlement.unclear.map(({ intent }) => intent) };
}
