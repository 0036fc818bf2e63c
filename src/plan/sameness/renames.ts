/**
 * A block that got another name still asks for the batch that its old name made. Running it again would be the
 * very thing that must not happen, and cancelling it to make the same anew helps nobody: the new address takes it
 * over. One without a time has nothing but its address to be told by: there it is a question (`decideRenamed`).
 */
import type { DesiredBatch } from '../../model/desired.ts';
import { groupBy } from '../../model/group.ts';
import type { State, StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import { entryOf } from './settle.ts';

export interface Rename {
  /** The address that the state still knows it by. */
  readonly address: string;
  readonly entry: StateEntry;
}

/** New address → where its batch is bound now. */
export function findRenames(
  resolved: readonly ResolvedBatch[],
  wanted: readonly DesiredBatch[],
  state: State | null,
): Map<string, Rename> {
  const renames = new Map<string, Rename>();
  if (state === null) return renames;
  const named = new Set(wanted.map((batch) => batch.address));
  const leftover = Object.entries(state.entries)
    .filter(([address]) => !named.has(address))
    .map(([address, entry]) => ({ address, entry }));
  const byDigest = groupBy(leftover, ({ entry }) => entry.digest);
  const fresh = resolved.filter((batch) => entryOf(state, batch.desired.address) === undefined);
  for (const [digest, batches] of groupBy(fresh, (batch) => batch.digest)) {
    const sources = byDigest.get(digest) ?? [];
    const [batch] = batches;
    const [source] = sources;
    if (batch !== undefined && source !== undefined && batches.length === 1 && sources.length === 1) {
      renames.set(batch.desired.address, source);
    }
  }
  return renames;
}
