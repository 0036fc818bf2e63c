/**
 * An exclusive lock as a file that names its holder.
 *
 * Invariants: of all processes that see the same dead holder one takes over; a lock is taken only from a holder that
 * is certainly gone, or that has been silent for long where its boot speaks against it.
 *
 * The file is linked into place whole; on a volume without hard links it is created exclusively, and a reader
 * half written waits.
 *
 * Taking over works by a chain. A process that finds the lock's holder dead claims the place *behind* it, a file named
 * by the dead lock's id, exclusively. The holder of the lock is the end of that chain: so a taker that dies half-way
 * is itself found dead and claimed behind. The winner then moves its own file to the front and removes the claim.
 */
import { randomUUID } from 'node:crypto';
import { chainOf, endOfChain } from './chain.ts';
import { heldFile } from './held-file.ts';
import { type HeldLock, LockedError, type LockHolder, type LockInspection, noSuchLock } from './lock.ts';
import type { LockRecord } from './lock-record.ts';
import { refuseAlive } from './may-remove.ts';
import { codeOf, type LockOptions, Place } from './place.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { sweep } from './sweep.ts';

/**
 * Throws a `LockedError` at once when a live process, or one that cannot be judged from here, holds it;
 * `state.invalid-lock` where what is there is no lock; the reason of `stop` when it is aborted.
 */
export async function acquireLockFile(
  path: string,
  holder: Omit<LockHolder, 'id'>,
  self: ProcessIdentity,
  options: Partial<LockOptions> = {},
): Promise<HeldLock> {
  const place = new Place(path, options);
  const record: LockRecord = { id: randomUUID(), ...holder, ...self };
  const draft = place.draftPath(record.id);
  await place.files.create(draft, textOf(record));
  let lock: HeldLock;
  try {
    lock = await acquire(place, record, self);
  } finally {
    await place.files.remove(draft).catch(() => {});
  }
  await sweep(place, self);
  return lock;
}

async function acquire(place: Place, record: LockRecord, self: ProcessIdentity): Promise<HeldLock> {
  const { path, files } = place;
  for (;;) {
    const end = await endOfChain(place, self);
    if (end.record !== null) {
      throw new LockedError(end.record, seconds(await place.silentFor(end.path)), end.path);
    }
    if (!(await placed(place, record, end.path))) continue;
    if (end.path === path) return heldFile(place, record, null);
    // The front may have moved on between the look and the claim: then the claim is behind nothing.
    const again = await endOfChain(place, self).catch(async (error) => {
      await files.remove(end.path);
      throw error;
    });
    if (again.record?.id !== record.id) {
      await files.remove(end.path);
      continue;
    }
    await moveToFront(place, record, end.path);
    for (const dead of end.dead) await files.remove(place.claimPath(dead.id)).catch(() => {});
    return heldFile(place, record, end.dead.at(-1) ?? null);
  }
}

/** Of the front: whoever claims a place behind it is about to be there. */
export async function inspectLockFile(
  path: string,
  options: Partial<LockOptions> = {},
): Promise<LockInspection | null> {
  const place = new Place(path, options);
  const record = await place.read(path);
  return record === null ? null : { holder: record, silentSeconds: seconds(await place.silentFor(path)) };
}

/** Throws `state.no-such-lock`, and unless it `isForced` `state.lock-alive`. Its holder stops at its next proof. */
export async function removeLockFile(
  path: string,
  id: string,
  self: ProcessIdentity,
  isForced: boolean,
  options: Partial<LockOptions> = {},
): Promise<LockHolder> {
  const place = new Place(path, options);
  let front: LockRecord | null = null;
  for await (const { path: at, record } of chainOf(place)) {
    front ??= record;
    if (record.id !== id) continue;
    if (!isForced) {
      const silentMs = await place.silentFor(at);
      const limitMs = place.options.silentMs;
      await refuseAlive({ holder: record, identity: record, silentMs, limitMs, showsLife: true }, self);
    }
    await place.files.remove(at);
    return record;
  }
  throw noSuchLock(id, front);
}

/** A claim that leads nowhere would be in everyone's way as long as this process lives. */
async function moveToFront(place: Place, record: LockRecord, claim: string): Promise<void> {
  try {
    await place.files.rename(place.draftPath(record.id), place.path);
  } catch (error) {
    if ((await place.read(place.path).catch(() => null))?.id === record.id) return;
    await place.files.remove(claim);
    throw error;
  }
}

/** FAT, exFAT, shared folders of virtual machines, some network shares. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Whether the place at that path is its own now. False: another was first. */
async function placed(place: Place, record: LockRecord, path: string): Promise<boolean> {
  const { files } = place;
  try {
    try {
      await files.link(place.draftPath(record.id), path);
    } catch (error) {
      if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
      await files.create(path, textOf(record));
    }
    return true;
  } catch (error) {
    // NFS sends a request again whose answer was lost, and then says of what was made that it exists.
    if ((await place.read(path))?.id === record.id) return true;
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function textOf(record: LockRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
