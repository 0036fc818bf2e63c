/**
 * Leftover intents: creates that an earlier apply wrote down and did not live to record.
 *
 * Within one kind (template, time) the creates went out one after the other, each recorded before the next: so only
 * the first leftover intent of a kind can have been sent at all. A new batch of that kind that nobody owns is its
 * batch; several are a question for a person.
 */
import { groupBy } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import { type Batch, LIST_LIMIT, type Observation, type ObservedBatch } from '../model/observed.ts';
import type { Intent, State, StateEntry } from '../model/state.ts';
import { matchKind } from './match.ts';
import { kindOf } from './spec.ts';

export interface Settlement {
  /** Intents whose batch was found. */
  readonly found: readonly { readonly intent: Intent; readonly batchId: Id }[];
  /** Intents of which nothing is in sight: the batch is not there, or a list lags. */
  readonly absent: readonly Intent[];
  /** Intents that were certainly never sent: an earlier one of their kind still waits. */
  readonly unsent: readonly Intent[];
  /** Without candidates: the list may no longer reach back to it. */
  readonly unclear: readonly { readonly intent: Intent; readonly candidates: readonly Id[] }[];
}

export function settleIntents(state: State, observation: Observation): Settlement {
  const owned = ownedBatches(state);
  const free = observation.batches.filter((batch) => !owned.has(batch.id));
  const found: { intent: Intent; batchId: Id }[] = [];
  const absent: Intent[] = [];
  const unsent: Intent[] = [];
  const unclear: { intent: Intent; candidates: readonly Id[] }[] = [];
  for (const [first, ...later] of groupBy(state.intents, (intent) => kindOf(intent.spec)).values()) {
    if (first === undefined) continue;
    unsent.push(...later);
    const candidates = free.filter((batch) => mayBeNewBatchOf(first, batch));
    const match = matchKind(
      new Map([[first.address, first.spec]]),
      candidates,
      observation.inventory,
      true,
    ).get(first.address);
    if (match?.verdict === 'found') found.push({ intent: first, batchId: match.batch.id });
    else if (match?.verdict === 'unclear') unclear.push({ intent: first, candidates: match.candidates });
    else if (mayBeOutOfSight(first, observation.batches)) unclear.push({ intent: first, candidates: [] });
    else absent.push(first);
  }
  return { found, absent, unsent, unclear };
}

/** By time and newness alone; template and targets are `compare`'s. */
export function mayBeNewBatchOf(intent: Intent, batch: ObservedBatch): boolean {
  if (intent.seen.includes(batch.id)) return false;
  if (intent.newest !== null && batch.createdAt !== null && batch.createdAt < intent.newest) return false;
  const { executeAt } = intent.spec;
  if (hasTimeOf(executeAt, batch)) return true;
  // An API that is told a time in the past may stamp the batch with its own present.
  return executeAt !== null && executeAt <= intent.since + AT_ONCE && hasTimeOf(null, batch);
}

/** As many batches as the list can show are newer than all that was in sight before: ours may be behind them. */
export function mayBeOutOfSight({ newest }: Pick<Intent, 'newest'>, batches: readonly Batch[]): boolean {
  const isNewer = ({ createdAt }: Batch) => createdAt !== null && (newest === null || createdAt > newest);
  return batches.filter(isNewer).length >= LIST_LIMIT;
}

/** A batch without a time of its own runs when it is made: the API may then say so, or say nothing. */
export function hasTimeOf(executeAt: number | null, batch: ObservedBatch): boolean {
  if (executeAt !== null) return batch.executeAt === executeAt;
  if (batch.executeAt === null || batch.createdAt === null) return true;
  return Math.abs(batch.executeAt - batch.createdAt) <= AT_ONCE;
}

/** Seconds. Between "now" as the API stamps it on a batch's creation and on its start. */
const AT_ONCE = 300;

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
