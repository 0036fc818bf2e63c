/** `force-unlock`: exactly the lock that is named, and not that of a process that is seen alive, or has just begun. */
import { type LockHolder, noSuchLock } from '../../../lock/lock.ts';
import { refuseAlive } from '../../../lock/may-remove.ts';
import { ownIdentity } from '../../../lock/process-identity.ts';
import { safeText } from '../../../model/safe-text.ts';
import type { LockRequests } from './lock.ts';
import { NamelessLock, namelessLock } from './lock-errors.ts';
import { processIn } from './lock-info.ts';

/** Milliseconds: as long as the holder of a lock elsewhere may be silent. */
const YOUNG_MS = 65_000;

/** Throws `state.no-such-lock`, and unless it `isForced` `state.lock-alive`. */
export async function removeLock(
  locks: LockRequests,
  id: string,
  isForced: boolean,
  location: string,
): Promise<LockHolder> {
  const found = await locks.look();
  if (found === null) throw noSuchLock(id, null);
  if (found.is === 'nameless') {
    if (!isForced) throw namelessLock(safeText(id, 255), location);
    if (!(await locks.unlock({ ID: id }))) throw noSuchLock(id, null);
    return { ...new NamelessLock(location, null).holder, id: safeText(id, 255) };
  }
  const { by, serverMs } = found;
  if (by.id !== id && by.holder.id !== id) throw noSuchLock(id, by.holder);
  if (!isForced) {
    const { holder } = by;
    const self = await ownIdentity();
    const identity = by.identity ?? processIn(by.id, self);
    const silentMs = ageOf(holder, serverMs);
    await refuseAlive({ holder, identity, silentMs, limitMs: YOUNG_MS, showsLife: false }, self);
  }
  if (!(await locks.unlock(by.info))) throw noSuchLock(id, null);
  return by.holder;
}

/** It was dated by its holder's clock or by the server's, and either may be behind this one. null: it has no date. */
function ageOf({ since }: LockHolder, serverMs: number): number | null {
  const now = Math.min(...[Date.now(), serverMs].filter(Number.isFinite));
  const age = now - Date.parse(since);
  return Number.isNaN(age) ? null : age;
}
