/**
 * The state in a file, `.fleetform/NAME.state.json`, next to the desired-state file, and its lock beside it.
 * Writes are atomic, and for this user alone; what is read is checked against the schema first.
 *
 * Invariant: only `lock` makes the folder. If it goes away under a lock, no write brings back an older state.
 *
 * While an apply records, what it adds is in a journal beside the state (`journal-text.ts`), which the state names; each
 * whole write folds it in. An older fleetform, which does not know of it, refuses such a state. Only who began a
 * journal adds to it.
 */
import { existsSync, readdirSync, type Stats } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { appendFile } from '../../files/append-file.ts';
import { keptTarget, makePrivateFolder, narrow, refuseForeign } from '../../files/private-folder.ts';
import { lstatOrNull } from '../../files/target.ts';
import { refuseTracked } from '../../files/tracked.ts';
import { replaceFile } from '../../files/write-file.ts';
import { describeHolder, type Env } from '../../lock/holder.ts';
import { acquireLockFile, inspectLockFile, removeLockFile } from '../../lock/lock-file.ts';
import type { LockOptions } from '../../lock/place.ts';
import { ownIdentity } from '../../lock/process-identity.ts';
import type { DesiredSettings } from '../../model/desired.ts';
import { FleetformError } from '../../model/errors.ts';
import type { State } from '../../model/state.ts';
import type { NamedLock, StateBackend, WriteProof } from '../backend.ts';
import { otherSerial } from '../errors.ts';
import { stateToJson } from '../state-json.ts';
import type { Places } from './journal-beside.ts';
import { beginText, recordText } from './journal-text.ts';
import { endOf, isAsWritten, readTogether, stampOf, type Written } from './local-files.ts';

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

const PRIVATE = { isPrivate: true } as const;

/** Bytes: a journal that is smaller is not worth a whole write; a larger one is folded in once it outgrows its state. */
const SMALLEST_FOLD = 65_536;

const STATE = /^([a-z0-9-]+)\.state\.json$/;

/** Of a state; the sandbox's own is none. */
const LOCK = /^(?!sandbox\.)([a-z0-9-]+)\.lock\.json$/;

export type LocalPlace = Pick<DesiredSettings, 'files' | 'root' | 'name'>;

/** `root`: the folder that holds all files of a desired state. */
export function stateFolder(root: string): string {
  return join(root, '.fleetform');
}

/** Every state in it. Throws what reading one throws. */
export async function statesIn(folder: string): Promise<readonly State[]> {
  const names = (await readdir(folder).catch(() => [])).flatMap((file) => STATE.exec(file)?.[1] ?? []);
  const states = await Promise.all(names.map((name) => localBackend(folder, name).read()));
  return states.filter((state) => state !== null);
}

/** `folder` is `.fleetform`; it is made by the first lock, and keeps itself out of git. */
export function localBackend(
  folder: string,
  name: string,
  { env = {}, ...options }: Partial<LockOptions> & { readonly env?: Env } = {},
): StateBackend {
  const at: Places = { state: join(folder, `${name}.state.json`), journal: join(folder, `${name}.journal`) };
  const path = at.state;
  const lockPath = join(folder, `${name}.lock.json`);
  /** The files as this process wrote them last: so long as they are those, they need not be read to know their serial. */
  let written: Written | null = null;

  async function keptSerial(): Promise<number | null> {
    if (written !== null && (await isAsWritten(written, at))) return written.serial;
    return (await readTogether(at))?.serial ?? null;
  }

  /** Under a proven lock, and over the state that is expected. `isBegun`: what follows will be appended. */
  async function writeWhole(state: State, { lock, expectedSerial }: WriteProof, isBegun: boolean) {
    await lock.prove();
    const target = await keptTarget(path, dirname(folder));
    if (target.found !== null && !target.found.isFile()) throw noFile(path);
    const serial = await keptSerial();
    if (serial !== expectedSerial) throw otherSerial(path, serial, expectedSerial);
    written = null;
    const text = stateToJson(state, isBegun ? basename(at.journal) : null);
    const before = await lstatOrNull(at.journal);
    const begin = (found: Stats | null) => replaceFile(at.journal, found, beginText(state), PRIVATE);
    try {
      // A state names no journal that is not there; and one that holds more than the state stays until it is folded in.
      if (isBegun && before === null) await begin(null);
      await replaceFile(target.path, target.found, text, PRIVATE);
      if (isBegun && before !== null) await begin(before);
    } catch (error) {
      // Without its folder it is no longer the place that was locked.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') await lock.prove();
      throw error;
    }
    // What stays of it holds nothing more, and is passed over.
    if (!isBegun && before !== null) await rm(at.journal).catch(() => {});
    const stamp = await stampOf(path);
    const end = isBegun ? await endOf(at.journal) : null;
    const isKnown = stamp !== null && (!isBegun || end !== null);
    written = isKnown ? { stamp, serial: state.serial, end, bytes: Buffer.byteLength(text) } : null;
  }

  return {
    kind: 'local',
    location: path,
    async read() {
      refuseTracked(folder);
      refuseForeign(folder);
      await narrow(folder);
      return readTogether(at);
    },
    write: (state, proof) => writeWhole(state, proof, false),
    async append({ serial, edits, whole }, proof) {
      await proof.lock.prove();
      const before = written;
      if (before?.end != null && before.serial === proof.expectedSerial && (await isAsWritten(before, at))) {
        const text = recordText({ serial, after: before.serial, edits });
        const most = Math.max(before.bytes, SMALLEST_FOLD);
        const end =
          Number(before.end.size) + Buffer.byteLength(text) > most
            ? null
            : await appendFile(at.journal, before.end, text);
        if (end !== null) {
          written = { ...before, serial, end };
          return;
        }
      }
      await writeWhole(whole(), proof, true);
    },
    isAppendedTo: async () => (await lstatOrNull(at.journal)) !== null,
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

function noFile(path: string): FleetformError {
  return new FleetformError('state.invalid', `${path} is not a regular file`, {
    hint: 'Nothing was written. Move it away, and restore the state from a backup.',
  });
}
