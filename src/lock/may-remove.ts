/**
 * Whether a person may remove a lock without force: its process is certainly gone, or nothing has been heard of it for
 * long.
 */
import { type LockHolder, lockAlive } from './lock.ts';
import { isVisible, judgeProcess, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import type { UnlockWords } from './unlock-words.ts';

export interface Suspect {
  readonly holder: LockHolder;
  /** null: the place does not tell it. */
  readonly identity: ProcessIdentity | null;
  /** Milliseconds since its last sign of life, or, without heartbeats, since it began; null: not known. */
  readonly silentMs: number | null;
  /** Whoever is silent for longer may be gone, in milliseconds. */
  readonly limitMs: number;
  /** false: the place keeps no signs of life, so that a process that is seen here counts however old its lock is. */
  readonly showsLife: boolean;
  /** Default: by command. */
  readonly unlock?: UnlockWords;
}

/** Throws `state.lock-alive`. */
export async function refuseAlive(
  { holder, identity, silentMs, limitMs, showsLife, unlock }: Suspect,
  self?: ProcessIdentity,
): Promise<'gone' | 'silent'> {
  const own = self ?? (await ownIdentity());
  const verdict = identity === null ? 'unknown' : await judgeProcess(identity, own);
  if (verdict === 'gone') return 'gone';
  const isSeen = !showsLife && identity !== null && verdict === 'unknown' && isVisible(identity, own);
  if (!isSeen && silentMs !== null && silentMs > limitMs) return 'silent';
  const isTold = showsLife && silentMs !== null && Number.isFinite(silentMs);
  throw lockAlive(holder, isTold ? Math.round(silentMs / 1000) : null, unlock);
}
