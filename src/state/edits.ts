/**
 * The few ways in which the record changes, as data: who applies says what has become of an address, the ledger does it
 * (`ledger.ts`), and a journal writes it down (`edit-json.ts`).
 */
import type { Id } from '../model/ids.ts';
import type { Intent, KnownSight, State, StateEntry } from '../model/state.ts';

/** One change of the record, as data. */
export type Edit =
  /** Also drops the address's intent: the create is no longer in doubt. */
  | { readonly kind: 'bind'; readonly address: string; readonly entry: StateEntry }
  /**
   * Forgets what is bound there, and what was in doubt. `isDone`: its batches are over, and stay known as the state's
   * own; otherwise they are nobody's from now on.
   */
  | { readonly kind: 'unbind'; readonly address: string; readonly isDone?: true }
  /**
   * From → to, all at once, so that names can swap and follow each other. Intents keep their place. Throws
   * `state.occupied` where two would have one name: one of them would be forgotten.
   */
  | { readonly kind: 'rename'; readonly names: ReadonlyMap<string, string> }
  /** In the order of creation; an address has one intent at most. */
  | { readonly kind: 'intend'; readonly intents: readonly Intent[] }
  | {
      readonly kind: 'sent';
      readonly intentIds: readonly string[];
      readonly at: number | null;
      /** Seconds that the API's clock is ahead of this machine's. Absent: none. */
      readonly ahead?: number;
      readonly follows?: Id;
    }
  | { readonly kind: 'drop-intent'; readonly id: string }
  | {
      readonly kind: 'note';
      readonly address: string;
      readonly fields: NotedFields;
    }
  /** null: it is not, or no longer. What it was marked with first stays. */
  | {
      readonly kind: 'replacing';
      readonly address: string;
      readonly mark: NonNullable<StateEntry['replacing']> | null;
    }
  | { readonly kind: 'sight'; readonly sight: KnownSight }
  /** All of them: others go. */
  | { readonly kind: 'schedules'; readonly marks: NonNullable<State['schedules']> };

/** `isOver`: absent: as it was. */
export type NotedFields = Partial<Pick<StateEntry, 'phase' | 'preventCancel'>> & {
  readonly isOver?: boolean;
};
