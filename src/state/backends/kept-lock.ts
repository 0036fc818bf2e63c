/**
 * A lock that is kept elsewhere, as its holder has it: proves that it is still held, shows that the holder lives, and
 * notices when it is the holder no more.
 *
 * Invariant: nobody takes such a lock over by themselves. After a long silence a person may remove it; so a holder that
 * has not reached the place for that long stops, as if it had lost it.
 */
import { type HeldLock, type LockHolder, lockLost, lockUnproven } from '../../lock/lock.ts';
import type { FleetformError } from '../../model/errors.ts';

export interface LockKeeper {
  /** null: it is still this holder's. Otherwise why it is not: `is not locked any more`, `now belongs to ann@ci`. */
  look(): Promise<string | null>;
  /** As `look`, and leaves a sign of life. */
  beat(): Promise<string | null>;
  /** Leaves alone what is not its own any more. */
  release(): Promise<void>;
}

export interface KeptLockOptions {
  /** Milliseconds, all three. */
  readonly heartbeatMs: number;
  readonly silentMs: number;
  /** For so long a proof holds: a request to the place for every request to the API would be as many again. */
  readonly freshMs: number;
  /** Milliseconds that only ever grow; they may stand still while the machine sleeps. */
  readonly monotonic: () => number;
  /** Milliseconds, by a clock that goes on then, and may be set; default: this machine's. */
  readonly wall?: () => number;
}

export interface KeptLock extends HeldLock {
  /** The place has accepted a write of this holder, which began at that time (`monotonic`): that is a proof, too. */
  confirm(since: number): void;
  /** The place has refused this holder. Returns the error to throw. */
  lose(why: string): FleetformError;
}

export function keptLock(
  keeper: LockKeeper,
  holder: LockHolder,
  location: string,
  { heartbeatMs, silentMs, freshMs, monotonic, wall = Date.now }: KeptLockOptions,
): KeptLock {
  const loss = new AbortController();
  let isReleased = false;
  /** Out of reach is not taken away: such a lock is still given back. */
  let isTaken = false;
  let proven = { at: monotonic(), wall: wall() };
  let looking: Promise<void> | null = null;
  let isBeating = false;

  const age = () => Math.max(monotonic() - proven.at, wall() - proven.wall);

  function end(why: string): FleetformError {
    if (!isReleased && !loss.signal.aborted) loss.abort(lockLost(location, why));
    clearInterval(heartbeat);
    return loss.signal.aborted ? loss.signal.reason : lockLost(location, why);
  }

  function lose(why: string): FleetformError {
    isTaken = true;
    return end(why);
  }

  function confirm(since: number): void {
    if (since < proven.at) return;
    proven = { at: since, wall: wall() - (monotonic() - since) };
  }

  async function ask(how: 'look' | 'beat'): Promise<void> {
    const since = monotonic();
    let why: string | null;
    try {
      why = await keeper[how]();
    } catch (error) {
      throw lockUnproven(location, error);
    }
    if (why !== null) throw lose(why);
    confirm(since);
  }

  /** One look serves all that wait for it. */
  function look(): Promise<void> {
    looking ??= ask('look').finally(() => {
      looking = null;
    });
    return looking;
  }

  /** One that does not end is not joined by others. */
  async function beat(): Promise<void> {
    if (!isBeating) {
      isBeating = true;
      await ask('beat').catch(() => {});
      isBeating = false;
    }
    if (age() > silentMs) end('can no longer be reached');
  }

  const heartbeat = setInterval(() => void beat(), heartbeatMs);
  heartbeat.unref();

  return {
    holder,
    takenOverFrom: null,
    lost: loss.signal,
    confirm,
    lose,
    async prove() {
      for (;;) {
        if (isReleased) throw lockLost(location, 'has been released');
        loss.signal.throwIfAborted();
        if (age() <= freshMs) {
          // Before it is too old: then nobody waits for the next one.
          if (age() > freshMs / 2) look().catch(() => {});
          return;
        }
        const before = proven.at;
        await look();
        // A place that takes longer to answer than a proof holds has still proven it just now.
        if (proven.at !== before && !loss.signal.aborted && !isReleased) return;
      }
    },
    async release() {
      if (isReleased) return;
      isReleased = true;
      clearInterval(heartbeat);
      if (!isTaken) await keeper.release();
    },
  };
}
