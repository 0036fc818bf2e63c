/** What is answered of every wanted run, as data. */
import type { Id } from '../../model/ids.ts';
import type { ObservedBatch } from '../../model/observed.ts';
import type { Intent, StateEntry } from '../../model/state.ts';
import type { InTheWay } from './released.ts';
import type { Unsettled } from './settle.ts';

/** What becomes of a run that is wanted. */
export type Answer =
  /** `madeBy`: found as what an interrupted apply made. */
  | {
      readonly verdict: 'this';
      readonly entry: StateEntry;
      readonly madeBy: Intent | null;
      /** It has run, and the file says the very same in other words. */
      readonly isRestated?: true;
    }
  /** Seen, and owned by nobody. */
  | { readonly verdict: 'found'; readonly batch: ObservedBatch }
  /** What may be made: only when all in `inTheWay.live` is over. `before`: what is bound, and is not it. */
  | { readonly verdict: 'none'; readonly before: StateEntry | null; readonly inTheWay: InTheWay }
  | { readonly verdict: 'unclear'; readonly why: Question };

export type Question =
  /** `isBound`: they are what the address has, and asks for in other words. */
  | { readonly kind: 'candidates'; readonly ids: readonly Id[]; readonly isBound?: true }
  /** A person has bound them to another address. */
  | { readonly kind: 'bound-elsewhere'; readonly ids: readonly Id[]; readonly owner: string }
  /** Beside what is bound and live there is another that may be it. */
  | { readonly kind: 'beside'; readonly ids: readonly Id[] }
  | { readonly kind: 'left-in-doubt'; readonly unsettled: Unsettled }
  | { readonly kind: 'behind-unsettled'; readonly unsettled: Unsettled; readonly isTheSame: boolean }
  /** `isFree`: the file names the old one no longer, and the state knows nothing under the new one. */
  | { readonly kind: 'renamed'; readonly from: string; readonly isFree: boolean }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'ran-elsewhere'; readonly address: string; readonly ids: readonly Id[] }
  | { readonly kind: 'given-away'; readonly ids: readonly Id[] }
  /** The address had it before it was used for something else, and the API has forgotten it. */
  | { readonly kind: 'has-run'; readonly ids: readonly Id[] }
  /** The API does not know what is bound, and that cannot be believed yet. */
  | { readonly kind: 'not-believed'; readonly ids: readonly Id[]; readonly why: 'young' | 'seen' | 'alone' }
  | { readonly kind: 'out-of-sight' };

export type UndesiredQuestion = Extract<Question, { kind: 'given-away' | 'not-believed' }>;

export function unclear(why: Question): Answer {
  return { verdict: 'unclear', why };
}
