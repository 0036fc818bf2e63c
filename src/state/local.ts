/**
 * The state in a file, `.fleetform/NAME.state.json`, next to the desired-state file, and its lock beside it.
 * Writes are atomic (a new file renamed over the old one); what is read is checked against the schema first.
 *
 * Invariant: only `lock` makes the folder. If it goes away under a lock, no write brings back an older state.
 */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { acquireLockFile, inspectLockFile, removeLockFile } from '../lock/lock-file.ts';
import type { LockOptions } from '../lock/place.ts';
import { ownIdentity } from '../lock/process-identity.ts';
import { FleetformError } from '../model/errors.ts';
import type { State } from '../model/state.ts';
import type { StateBackend } from './backend.ts';
import { parseState, stateToJson } from './state-json.ts';

/** `folder` is `.fleetform`; it is made by the first lock, and keeps itself out of git. */
export function localBackend(folder: string, name: string, options: Partial<LockOptions> = {}): StateBackend {
  const path = join(folder, `${name}.state.json`);
  const lockPath = join(folder, `${name}.lock.json`);
  /** The file as this process wrote it last: so long as it is that one, it need not be read to know its serial. */
  let written: { readonly stamp: string; readonly serial: number } | null = null;

  async function keptSerial(): Promise<number | null> {
    const stamp = await stampOf(path);
    if (stamp === null) return null;
    if (written?.stamp === stamp) return written.serial;
    return parseState(await readFile(path, 'utf8'), path).serial;
  }

  return {
    location: path,
    async read() {
      try {
        return parseState(await readFile(path, 'utf8'), path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(state: State, { lock, expectedSerial }) {
      const text = stateToJson(state);
      await lock.prove();
      const serial = await keptSerial();
      if (serial !== expectedSerial) throw otherSerial(path, serial, expectedSerial);
      try {
        await writeFileAtomic(path, text);
      } catch (error) {
        // Without its folder it is no longer the place that was locked.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') await lock.prove();
        throw error;
      }
      const stamp = await stampOf(path);
      written = stamp === null ? null : { stamp, serial: state.serial };
    },
    async lock(operation) {
      await ensureFolder(folder);
      const self = await ownIdentity();
      const holder = {
        who: `${userName()}@${hostname()}`,
        host: self.host,
        pid: self.pid,
        since: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        operation,
      };
      return acquireLockFile(lockPath, holder, self, options);
    },
    inspectLock: () => inspectLockFile(lockPath, options),
    forceUnlock: async (id, isForced) => removeLockFile(lockPath, id, await ownIdentity(), isForced, options),
  };
}

/** Another one with each write, because a write makes a new file. null: there is none. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function otherSerial(path: string, serial: number | null, expected: number | null): FleetformError {
  const told = (one: number | null) => (one === null ? 'none' : `serial ${one}`);
  return new FleetformError(
    'state.serial',
    `${path} was changed by something else meanwhile: ${told(serial)} is kept, ${told(expected)} was expected`,
    { hint: 'Nothing of it was overwritten. Run this again: it looks first, and sends nothing twice.' },
  );
}

export async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'unknown';
  }
}
