/**
 * A lock file as its holder has it: shows that the holder lives, and notices when it is the holder no more.
 *
 * Invariant: a proof rests on a look that began after it was asked for. One look serves all that asked before it, or it
 * takes no time at all: on a disk of this machine it is a few microseconds, and to be told of it would take longer.
 */
import type { FleetformError } from '../model/errors.ts';
import { type HeldLock, type LockHolder, lockLost, lockUnproven } from './lock.ts';
import { type LockRecord, recordIn } from './lock-record.ts';
import { codeOf, type Place } from './place.ts';
import { sharedLook } from './shared-look.ts';

/** What the file system says of a file, or a folder, that is not there any more. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);

/** Milliseconds: a place that takes longer is far away, and nothing stands still for it. */
const AT_ONCE = 2;

export function heldFile(place: Place, record: LockRecord, takenOverFrom: LockHolder | null): HeldLock {
  const { path, files } = place;
  const { heartbeatMs, silentMs, monotonic } = place.options;
  const loss = new AbortController();
  let isReleased = false;
  let shownAt = monotonic();
  /** As it was read last, and was its own. */
  let ownText: string | null = null;
  let isNear = true;

  function lose(why: string): FleetformError {
    if (!isReleased && !loss.signal.aborted) loss.abort(lockLost(path, why));
    clearInterval(heartbeat);
    return loss.signal.aborted ? loss.signal.reason : lockLost(path, why);
  }

  /** What is not there any more does not come back: once lost is lost. */
  async function look(): Promise<void> {
    if (loss.signal.aborted) throw loss.signal.reason;
    const before = monotonic();
    let isOwn: boolean | undefined;
    try {
      await files.touch(path, (text) => {
        isOwn = recordIn(text)?.id === record.id;
        ownText = isOwn ? text : null;
        return isOwn;
      });
    } catch (error) {
      if (GONE.has(codeOf(error) ?? '')) throw lose('is gone');
      if (isOwn === undefined) throw lockUnproven(path, error);
      // It was read; that no sign of life can be shown, the heartbeat deals with.
      if (isOwn) return;
    }
    if (isOwn !== true) throw lose('now belongs to another process');
    shownAt = before;
  }

  /** False says nothing: a whole look has the words for it. */
  function isOwnNow(): boolean {
    if (!isNear || ownText === null || loss.signal.aborted) return false;
    const before = monotonic();
    try {
      return files.readNow(path) === ownText;
    } catch {
      return false;
    } finally {
      isNear = monotonic() - before <= AT_ONCE;
    }
  }

  // Thousands of requests ask, and a look is six calls of the system; a sign of life waits for none of them.
  const prove = sharedLook(look);
  const heartbeat = setInterval(() => {
    // A busy moment is no distance.
    isNear = true;
    look()
      .catch(() => {})
      .finally(() => {
        // Others may take it for dead by now.
        if (monotonic() - shownAt > silentMs) lose('can no longer be reached');
      });
  }, heartbeatMs);
  heartbeat.unref();

  return {
    holder: record,
    takenOverFrom,
    lost: loss.signal,
    async prove() {
      if (isReleased) throw lockLost(path, 'has been released');
      if (!isOwnNow()) await prove();
    },
    async release() {
      isReleased = true;
      clearInterval(heartbeat);
      const found = await files.read(path).then(recordIn, () => null);
      if (found?.id === record.id) await files.remove(path);
    },
  };
}
