/** Which batches are bound by the states that lie in a folder or above it: those of this repository's other files. */
import { foldersUp } from '../desired/find.ts';
import type { Id } from '../model/ids.ts';
import { ownedBatches } from '../model/recorded.ts';
import { stateFolder, statesIn } from '../state/backends/local.ts';
import type { Owner } from '../state/belongs.ts';

/** By batch, the name of the state. Of this API, and without the state of that name. Throws what reading one throws. */
export async function ownersAround(folder: string, { name, api }: Owner): Promise<ReadonlyMap<Id, string>> {
  const states = await Promise.all(foldersUp(folder).map((one) => statesIn(stateFolder(one))));
  const others = states.flat().filter((state) => state.api === api && state.movedTo === undefined);
  const owners = new Map<Id, string>();
  for (const state of others)
    if (state.name !== name) for (const id of ownedBatches(state)) owners.set(id, state.name);
  return owners;
}
