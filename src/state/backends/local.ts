/**
 * The state in a file, `.fleetform/NAME.state.json`, next to the desired-state file, and its lock beside it.
 * Writes are atomic, and for this user alone; what is read is checked against the schema first.
 *
 * Invariant: only `lock` makes the folder. If it goes away under a lock, no write brings back an older state.
 */
import { existsSync, readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keptTarget, makePrivateFolder, narrow, refuseForeign } from '../../files/private-folder.ts';
import { readKept } from '../../files/read-file.ts';
import { RefusedFile } from '../../files/text.ts';
import { refuseTracked } from '../../files/tracked.ts';
import { replaceFile } from '../../files/write-file.ts';
import { describeHolder, type Env } from '../../lock/holder.ts';
import { acquireLockFile, inspectLockFile, removeLockFile } from '../../lock/lock-file.ts';
import type { LockOptions } from '../../lock/place.ts';
import { ownIdentity } from '../../lock/process-identity.ts';
import type { DesiredSettings } from '../../model/desired.ts';
import { FleetformError } from '../../model/errors.ts';
import type { State } from '../../model/state.ts';
import type { NamedLock, StateBackend } from '../backend.ts';
import { otherSerial } from '../errors.ts';
import { parseState, stateToJson } from '../state-json.ts';

/** Throws `state.elsewhere` where a state of that name lies beside a single one of several files. */
export function openLocal({ files, root, name }: LocalPlace, env: Env): StateBackend {
  const path = join(stateFolder(root), `${name}.state.json`);
  const elsewhere = [...new Set(files.map(dirname))]
    .filter((folder) => folder !== root)
    .map((folder) => join(stateFolder(folder), `${name}.state.json`))
    .find((other) => existsSync(other));
  if (elsewhere === undefined) return localBackend(stateFolder(root), name, { env });
  throw new FleetformError(
    'state.elsewhere',
    `${elsewhere} is a state of "${name}", and the state of these files together belongs in ${dirname(path)}`,
    { hint: 'If it belongs to them, move it there. If not, give one of the two another `name`.' },
  );
}

/** Of a state; the sandbox's own is none. */
const LOCK = /^(?!sandbox\.)([a-z0-9-]+)\.lock\.json$/;

export type LocalPlace = Pick<DesiredSettings, 'files' | 'root' | 'name'>;

/** `root`: the folder that holds all files of a desired state. */
export function stateFolder(root: string): string {
  return join(root, '.fleetform');
}

/** `folder` is `.fleetform`; it is made by the first lock, and keeps itself out of git. */
export function localBackend(
  folder: string,
  name: string,
  { env = {}, ...options }: Partial<LockOptions> & { readonly env?: Env } = {},
): StateBackend {
  const path = join(folder, `${name}.state.json`);
  const lockPath = join(folder, `${name}.lock.json`);
  /** The file as this process wrote it last: so long as it is that one, it need not be read to know its serial. */
  let written: { readonly stamp: string; readonly serial: number } | null = null;

  async function keptSerial(): Promise<number | null> {
    const stamp = await stampOf(path);
    if (stamp === null) return null;
    if (written?.stamp === stamp) return written.serial;
    return parseState(textOf(path), path).serial;
  }

  return {
    kind: 'local',
    location: path,
    async read() {
      refuseTracked(folder);
      refuseForeign(folder);
      await narrow(folder);
      try {
        return parseState(textOf(path), path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(state: State, { lock, expectedSerial }) {
      const text = stateToJson(state);
      await lock.prove();
      const target = await keptTarget(path, dirname(folder));
      if (target.found !== null && !target.found.isFile()) throw noFile(path);
      const serial = await keptSerial();
      if (serial !== expectedSerial) throw otherSerial(path, serial, expectedSerial);
      try {
        await replaceFile(target.path, target.found, text, { isPrivate: true });
      } catch (error) {
        // Without its folder it is no longer the place that was locked.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') await lock.prove();
        throw error;
      }
      const stamp = await stampOf(path);
      written = stamp === null ? null : { stamp, serial: state.serial };
    },
    async lock(operation, stop) {
      refuseTracked(folder);
      await makePrivateFolder(folder);
      const self = await ownIdentity();
      const holder = describeHolder(operation, env);
      return acquireLockFile(lockPath, holder, self, stop === undefined ? options : { ...options, stop });
    },
    async inspectLock() {
      refuseTracked(folder);
      return inspectLockFile(lockPath, options);
    },
    async forceUnlock(id, isForced) {
      refuseTracked(folder);
      return removeLockFile(lockPath, id, await ownIdentity(), isForced, options);
    },
    locks: {
      async list() {
        refuseTracked(folder);
        const names = existsSync(folder)
          ? readdirSync(folder).flatMap((file) => LOCK.exec(file)?.[1] ?? [])
          : [];
        const locks: NamedLock[] = [];
        for (const one of names) {
          const found = await inspectLockFile(join(folder, `${one}.lock.json`), options);
          if (found !== null) locks.push({ name: one, ...found });
        }
        return locks;
      },
    },
    async close() {},
  };
}

/** Throws `state.unreadable`, or Node's own error. */
function textOf(path: string): string {
  try {
    return readKept(path);
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    throw new FleetformError('state.unreadable', `${path} ${error.message}`, {
      hint: 'The state is a regular file that fleetform writes itself. Check what is there instead.',
    });
  }
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

function noFile(path: string): FleetformError {
  return new FleetformError('state.invalid', `${path} is not a regular file`, {
    hint: 'Nothing was written. Move it away, and restore the state from a backup.',
  });
}
