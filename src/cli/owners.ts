/**
 * Which batches are bound by other states in the same place: those that lie in a folder or above it, of this repository's
 * other files, and those that the backend keeps beside its own.
 */
import { foldersUp } from '../desired/find.ts';
import type { Id } from '../model/ids.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import type { StateBackend } from '../state/backend.ts';
import { stateFolder, statesIn } from '../state/backends/local.ts';
import type { Owner } from '../state/belongs.ts';

/** By batch, the name of the state. Of this API, and without the state of that name. Throws what reading one throws. */
export async function ownersAround(
  folder: string,
  { name, api }: Owner,
  { siblings }: Pick<StateBackend, 'siblings'>,
): Promise<ReadonlyMap<Id, string>> {
  const [local, beside] = await Promise.all([
    Promise.all(foldersUp(folder).map((one) => statesIn(stateFolder(one)))),
    siblings?.list() ?? [],
  ]);
  const states: State[] = [...local.flat(), ...beside.map(({ state }) => state)];
  const owners = new Map<Id, string>();
  for (const state of states) {
    if (state.api !== api || state.movedTo !== undefined || state.name === name) continue;
    for (const id of ownedBatches(state)) owners.set(id, state.name);
  }
  return owners;
}
