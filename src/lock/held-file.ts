/**
 * A lock file as its holder has it: shows that the holder lives, and notices when it is the holder no more.
 *
 * Invariant: a proof rests on a look that began after it was asked for. One look serves all that asked before it.
 */
import type { FleetformError } from '../model/errors.ts';
import { type HeldLock, type LockHolder, lockLost, lockUnproven } from './lock.ts';
import { type LockRecord, recordIn } from './lock-record.ts';
import { codeOf, type Place } from './place.ts';
import { sharedLook } from './shared-look.ts';

/** What the file system says of a file, or a folder, that is not there any more. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);

export function heldFile(place: Place, record: LockRecord, takenOverFrom: LockHolder | null): HeldLock {
  const { path, files } = place;
  const { heartbeatMs, silentMs, monotonic } = place.options;
  const loss = new AbortController();
  let isReleased = false;
  let shownAt = monotonic();

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

  // Thousands of requests ask, and a look is five calls of the system; a sign of life waits for none of them.
  const prove = sharedLook(look);
  const heartbeat = setInterval(() => {
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
      await prove();
    },
    async release() {
      isReleased = true;
      clearInterval(heartbeat);
      const found = await files.read(path).then(recordIn, () => null);
      if (found?.id === record.id) await files.remove(path);
    },
  };
}
