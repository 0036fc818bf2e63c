/**
 * An exclusive lock as a file that names its holder.
 *
 * Invariants: the file is never half written (it is linked into place whole); of all processes that see the same
 * dead holder one takes over; a live holder's lock is never removed by another.
 *
 * Taking over works by a chain. Whoever finds the lock's holder dead claims the place *behind* it, a file named by
 * the dead lock's id, exclusively. The holder of the lock is the end of that chain: so a taker that dies half-way is
 * itself found dead and claimed behind. The winner then moves its own file to the front and removes the claim.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { FleetformError } from '../model/errors.ts';
import type { LockHolder, StateLock } from './backend.ts';
import { LockedError } from './backend.ts';
import { isProcessGone, type ProcessIdentity } from './process-identity.ts';

/** How often a holder shows that it lives, in milliseconds. */
const HEARTBEAT_MS = 10_000;

type LockRecord = LockHolder & ProcessIdentity;

interface Place {
  readonly path: string;
  readonly record: LockRecord | null;
  /** The dead records before it, the front first. */
  readonly dead: readonly LockRecord[];
}

/** Throws a `LockedError` at once when a live process, or one that nobody here can judge, holds it. */
export async function acquireLockFile(
  path: string,
  holder: Omit<LockHolder, 'id'>,
  self: ProcessIdentity,
): Promise<StateLock> {
  const record: LockRecord = { id: randomUUID(), ...holder, ...self };
  const draft = `${path}.${record.id}.new`;
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`, { flag: 'wx', mode: 0o644 });
  try {
    for (;;) {
      const end = await endOfChain(path, self);
      if (end.record !== null) throw await lockedError(end.path, end.record);
      if (!(await linkExclusively(draft, end.path))) continue;
      if (end.path === path) return held(path, record, null);
      // The front may have moved on between the look and the claim: then the claim is behind nothing.
      const again = await endOfChain(path, self);
      if (again.record?.id !== record.id) {
        await rm(end.path, { force: true });
        continue;
      }
      await rename(draft, path);
      for (const dead of end.dead) await rm(claimPath(path, dead.id), { force: true });
      return held(path, record, end.dead.at(-1) ?? null);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

export async function inspectLockFile(
  path: string,
): Promise<{ holder: LockHolder; silentSeconds: number } | null> {
  const record = await readRecord(path);
  return record === null ? null : { holder: record, silentSeconds: await silentSeconds(path) };
}

/** Of the whole chain: whoever claims a place is named as the holder, too. */
export async function removeLockFile(path: string, id: string): Promise<LockHolder> {
  const front = await readRecord(path);
  for (let place = path, record = front; record !== null; ) {
    if (record.id === id) {
      await rm(place, { force: true });
      return record;
    }
    place = claimPath(path, record.id);
    record = await readRecord(place);
  }
  throw new FleetformError('state.no-such-lock', `no lock with the id ${id} exists`, {
    hint: front === null ? 'The state is not locked.' : `The lock that exists is ${front.id} (${front.who}).`,
  });
}

async function endOfChain(path: string, self: ProcessIdentity): Promise<Place> {
  const dead: LockRecord[] = [];
  for (let place = path; ; ) {
    const record = await readRecord(place);
    if (record === null || !(await isProcessGone(record, self))) return { path: place, record, dead };
    dead.push(record);
    place = claimPath(path, record.id);
  }
}

function claimPath(path: string, deadId: string): string {
  return `${path}.${deadId}.next`;
}

function held(path: string, record: LockRecord, takenOverFrom: LockHolder | null): StateLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    holder: record,
    takenOverFrom,
    async release() {
      clearInterval(heartbeat);
      if ((await readRecord(path))?.id === record.id) await rm(path, { force: true });
    },
  };
}

async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readRecord(path: string): Promise<LockRecord | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const record = JSON.parse(text) as LockRecord;
    if (typeof record.id === 'string' && typeof record.pid === 'number') return record;
  } catch {}
  throw new FleetformError('state.invalid-lock', `${path} is not a lock file of fleetform`, {
    hint: 'If no fleetform is running, delete it.',
  });
}

async function lockedError(path: string, record: LockRecord): Promise<LockedError> {
  return new LockedError(record, await silentSeconds(path), path);
}

async function silentSeconds(path: string): Promise<number> {
  try {
    return Math.max(0, Math.round((Date.now() - (await stat(path)).mtimeMs) / 1000));
  } catch {
    return 0;
  }
}
