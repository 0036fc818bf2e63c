/** How the loss of a lock that is kept elsewhere is told: in the same words, wherever that is. */
import { type HeldLock, lockLost } from '../../lock/lock.ts';
import { holderText, type LockHolder } from '../../model/lock-holder.ts';

/** Each goes on after the place: `database live on db.example.org:5432 is not locked any more`. */
export const GONE = 'is not locked any more';

export function nowOf(holder: LockHolder): string {
  return `now belongs to ${holderText(holder)}`;
}

/** A write with a lock that the backend has not given out, or has taken back: throws what has become of it. */
export async function refuseUnheld(lock: Pick<HeldLock, 'prove'>, location: string): Promise<never> {
  await lock.prove();
  throw lockLost(location, 'is not held by this process');
}
