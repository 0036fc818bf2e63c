/** What all parts of the backend work with, and what is read through it. */
import type { LockInspection } from '../../../lock/lock.ts';
import type { KeptLockOptions } from '../kept-lock.ts';
import { type LockText, lockIn } from './lock-text.ts';
import type { RemoteRef } from './remote-ref.ts';
import type { Scratch } from './scratch.ts';
import { type Tip, textOf, tipAt } from './tip.ts';

export interface GitStore {
  readonly scratch: Scratch;
  readonly remote: RemoteRef;
  readonly location: string;
  readonly options: KeptLockOptions;
}

/** null: the ref does not exist. */
export async function tipNow(
  { scratch, remote }: GitStore,
  depth: number,
  stop?: AbortSignal,
): Promise<Tip | null> {
  if ((await remote.look(stop)) === null) return null;
  const commit = await remote.fetch(depth, stop);
  return commit === null ? null : tipAt(scratch, commit);
}

export async function lockOf({ scratch, location }: GitStore, tip: Tip | null): Promise<LockText | null> {
  if (tip === null || tip.lockBlob === null) return null;
  return lockIn(await textOf(scratch, tip.lockBlob), location);
}

export function inspectionOf(found: LockText | null): LockInspection | null {
  return found === null ? null : { holder: found.record, silentSeconds: silence(found) };
}

/** Seconds. The holder's clock may be ahead of this one. */
export function silence({ beat }: LockText): number | null {
  return beat === null ? null : Math.max(0, Math.round((Date.now() - beat) / 1000));
}
