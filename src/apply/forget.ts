/** A person lets go of addresses: the record goes, and what it was about is looked for again by the next plan. */
import { entryOf } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { sightWithout } from '../plan/sameness/sight.ts';
import type { Edit } from '../state/edits.ts';

export function forgetEdits(state: State, addresses: readonly string[]): Edit[] {
  const entries = addresses.flatMap((address) => entryOf(state, address) ?? []);
  const sight = sightWithout(state, entries);
  return [
    ...addresses.map((address): Edit => ({ kind: 'unbind', address })),
    ...(sight === null ? [] : [{ kind: 'sight', sight } as const]),
  ];
}
