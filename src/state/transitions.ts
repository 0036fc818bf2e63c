/**
 * state → state, pure: the few ways in which the record changes. The caller persists the result and counts the
 * serial; nothing here does I/O.
 */
import type { Id } from '../model/ids.ts';
import type { Intent, Spec, State, StateEntry } from '../model/state.ts';

export function emptyState(identity: { lineage: string; name: string; api: string }): State {
  return { version: 1, ...identity, serial: 0, entries: {}, intents: [] };
}

export interface Binding {
  readonly address: string;
  readonly batchIds: readonly Id[];
  readonly spec: Spec;
  readonly digest: string;
  readonly preventCancel: boolean;
  readonly phase: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Binds, and drops the address's intent: the create is no longer in doubt. */
export function bind(state: State, { address, ...entry }: Binding): State {
  return {
    ...state,
    entries: { ...state.entries, [address]: entry },
    intents: state.intents.filter((intent) => intent.address !== address),
  };
}

export function unbind(state: State, address: string): State {
  const { [address]: _, ...entries } = state.entries;
  return { ...state, entries, intents: state.intents.filter((intent) => intent.address !== address) };
}

/** The same batches under another address. */
export function rebind(state: State, from: string, to: string, preventCancel: boolean): State {
  const entry = state.entries[from];
  if (entry === undefined) return state;
  const { [from]: _, ...others } = state.entries;
  return { ...state, entries: { ...others, [to]: { ...entry, preventCancel } } };
}

/** Keeps the order of creation; an address has one intent at most. */
export function intend(state: State, intents: readonly Intent[]): State {
  const addresses = new Set(intents.map((intent) => intent.address));
  return {
    ...state,
    intents: [...state.intents.filter((intent) => !addresses.has(intent.address)), ...intents],
  };
}

export function dropIntent(state: State, id: string): State {
  return { ...state, intents: state.intents.filter((intent) => intent.id !== id) };
}

/** Whether an apply is about to cancel it and to make the very same anew. */
export function markReplacing(state: State, address: string, isReplacing: boolean): State {
  const entry = state.entries[address];
  if (entry === undefined || (entry.replacing ?? false) === isReplacing) return state;
  const { replacing: _, ...others } = entry;
  const marked: StateEntry = isReplacing ? { ...others, replacing: true } : others;
  return { ...state, entries: { ...state.entries, [address]: marked } };
}

export function updateEntry(
  state: State,
  address: string,
  fields: Partial<Pick<StateEntry, 'phase' | 'preventCancel'>>,
): State {
  const entry = state.entries[address];
  if (entry === undefined) return state;
  const isSame = Object.entries(fields).every(([key, value]) => entry[key as keyof StateEntry] === value);
  return isSame ? state : { ...state, entries: { ...state.entries, [address]: { ...entry, ...fields } } };
}
