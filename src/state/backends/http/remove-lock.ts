/** `force-unlock`: exactly the lock that is named, and not that of a process that is seen alive, or has just begun. */
import { type LockHolder, lockAlive, noSuchLock } from '../../../lock/lock.ts';
import { judgeProcess, ownIdentity, type ProcessIdentity } from '../../../lock/process-identity.ts';
import { safeText } from '../../../model/safe-text.ts';
import type { LockRequests } from './lock.ts';
import { NamelessLock, namelessLock } from './lock-errors.ts';
import { processIn, type ToldHolder } from './lock-info.ts';

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
  if (!isForced && (await isAlive(by, serverMs))) throw lockAlive(by.holder, null);
  if (!(await locks.unlock(by.info))) throw noSuchLock(id, null);
  return by.holder;
}

/** The protocol has no sign of life: only this machine's own processes can be seen. */
async function isAlive({ id, identity: told, holder }: ToldHolder, serverMs: number): Promise<boolean> {
  const self = await ownIdentity();
  const identity = told ?? processIn(id, self);
  if (identity !== null) {
    const verdict = await judgeProcess(identity, self);
    if (verdict === 'gone') return false;
    if (isVisible(identity, self) && verdict === 'unknown') return true;
  }
  // It was dated by its holder's clock or by the server's, and either may be behind this one.
  const now = Math.min(...[Date.now(), serverMs].filter(Number.isFinite));
  return !(now - Date.parse(holder.since) > YOUNG_MS);
}

function isVisible(holder: ProcessIdentity, self: ProcessIdentity): boolean {
  return (
    holder.host === self.host &&
    holder.bootId !== null &&
    holder.bootId === self.bootId &&
    holder.pidNamespace !== null &&
    holder.pidNamespace === self.pidNamespace
  );
}
