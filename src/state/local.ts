/**
 * The state in a file, `.fleetform/NAME.state.json`, next to the desired-state file, and its lock beside it.
 * Writes are atomic (a new file renamed over the old one); what is read is checked against the schema first.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { State } from '../model/state.ts';
import type { StateBackend } from './backend.ts';
import { acquireLockFile, inspectLockFile, removeLockFile } from './lock-file.ts';
import { ownIdentity } from './process-identity.ts';
import { parseState, stateToJson } from './state-json.ts';

/** `folder` is `.fleetform`; it is made by the first lock or write, and keeps itself out of git. */
export function localBackend(folder: string, name: string): StateBackend {
  const path = join(folder, `${name}.state.json`);
  const lockPath = join(folder, `${name}.lock.json`);
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
    async write(state: State) {
      await ensureFolder(folder);
      await writeFileAtomic(path, stateToJson(state));
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
      return acquireLockFile(lockPath, holder, self);
    },
    inspectLock: () => inspectLockFile(lockPath),
    forceUnlock: (id) => removeLockFile(lockPath, id),
  };
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
