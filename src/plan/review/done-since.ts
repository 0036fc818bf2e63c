/**
 * Of what in a reviewed plan nothing is left to do, as far as the state and a plan of now tell. A plan that is applied
 * a second time differs from now in all that it did: that is told as what it is.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Change, Plan } from '../../model/plan.ts';
import { entryOf } from '../../model/recorded.ts';
import type { State } from '../../model/state.ts';

/** The addresses of `reviewed` about which nothing is left to do. `today`: what a plan of now would still do. */
export function doneSince(
  reviewed: Plan,
  today: ReadonlyMap<string, Change>,
  { unmanaged }: Pick<Plan, 'unmanaged'>,
  state: State | null,
): ReadonlySet<string> {
  const alive = new Set(unmanaged.map(({ batchId }) => batchId));
  const done = new Set<string>();
  const undone = new Set<string>(today.keys());
  const tell = (address: string, isDone: boolean) => (isDone ? done : undone).add(address);
  for (const { from, to } of reviewed.moves)
    tell(to, !entryOf(state, from) && entryOf(state, to) !== undefined);
  for (const change of reviewed.changes) {
    if (change.action !== 'no-op' && change.action !== 'missed') {
      // Its record may have gone without it.
      const isAlive = change.batchIds.some((id) => alive.has(id));
      tell(change.address, !isAlive && isDone(change, state));
    }
  }
  return new Set([...done].filter((address) => !undone.has(address)));
}

function isDone(then: Change, state: State | null): boolean {
  const entry = entryOf(state, then.address);
  switch (then.action) {
    case 'create':
      return isBoundTo(entry, then) && !entry?.batchIds.some((id) => then.follows.includes(id));
    case 'replace':
      return isBoundTo(entry, then) && !entry?.batchIds.some((id) => then.batchIds.includes(id));
    case 'adopt':
      return isBoundTo(entry, then) && isDeepStrictEqual(entry?.batchIds, then.batchIds);
    case 'pause':
    case 'resume':
      return isDeepStrictEqual(entry?.batchIds, then.batchIds);
    case 'cancel':
    case 'forget':
      return entry === undefined;
    default:
      return false;
  }
}

function isBoundTo(entry: ReturnType<typeof entryOf>, { digest }: { readonly digest: string }): boolean {
  return entry !== undefined && entry.batchIds.length > 0 && entry.digest === digest;
}
