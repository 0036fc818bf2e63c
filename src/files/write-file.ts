/**
 * The one way in which files are written: whole or not at all, a new file renamed over the old one.
 *
 * Invariants: the new file is created exclusively, with an unguessable name. What is private is so from its first
 * byte, whatever the umask and the file before it. What is not a regular file is written into, never replaced.
 */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beginWriting, endWriting, freshPath, unlessImpossible } from './fresh-file.ts';
import { isClosed, isOwn, isRoot } from './owner.ts';
import { sync } from './sync.ts';
import { lstatOrNull, targetOf } from './target.ts';
import { writeInto } from './write-into.ts';

export interface WriteOptions {
  /** For this user alone; otherwise as the file before it, or the umask, has it. */
  readonly isPrivate?: boolean;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const PRIVATE_MODE = 0o600;
const USUAL_MODE = 0o666;

/** Links are followed, but for foreign ones. Throws `files.foreign`, `files.unread`, and what the file system says. */
export async function writeFile(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  const target = await targetOf(path);
  if (target.descriptor === null && target.found?.isDirectory() === true) {
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  }
  const isRegular = target.found === null || (target.found.isFile() && !target.isOpenElsewhere);
  if (target.descriptor !== null || !isRegular) return writeInto(target, text);
  await replaceFile(target.path, target.found, text, options);
}

/** `path`: without links, `found`: what is there. */
export async function replaceFile(
  path: string,
  found: Stats | null,
  text: string,
  { isPrivate = false }: WriteOptions = {},
): Promise<void> {
  const folder = await stat(dirname(path));
  const before = found !== null && isKept(found, folder) ? found : null;
  const mode = isPrivate ? PRIVATE_MODE : before === null ? null : before.mode & 0o777;
  const fresh = freshPath(path);
  try {
    const handle = await open(fresh, 'wx', mode === null ? USUAL_MODE : PRIVATE_MODE);
    try {
      await give(handle, before ?? (isPrivate ? heir(folder) : null), mode);
      await handle.writeFile(text);
      await sync(handle);
    } finally {
      await handle.close();
    }
    await rename(fresh, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw about(path, error);
  } finally {
    endWriting(fresh);
  }
}

/** So that a power cut does not bring the old name back. Where a folder cannot be synced, the system has its own ways. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  if (folder === null) return;
  await sync(folder)
    .catch(() => {})
    .finally(() => folder.close());
}

/** Rejects with EEXIST where there is something already, even a link to nowhere. A reader may see it half written. */
export async function createFile(
  path: string,
  text: string,
  { isPrivate = false }: WriteOptions = {},
): Promise<void> {
  const handle = await open(path, 'wx', isPrivate ? PRIVATE_MODE : USUAL_MODE);
  beginWriting(path);
  try {
    if (isPrivate) await give(handle, isRoot() ? heir(await stat(dirname(path))) : null, PRIVATE_MODE);
    await handle.writeFile(text);
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw about(path, error);
  } finally {
    endWriting(path);
    await handle.close();
  }
}

/** The same, and nobody ever sees it half written, not even after a kill; where the volume knows hard links. */
export async function placeFile(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  if ((await lstatOrNull(path)) !== null) throw taken(path);
  const fresh = freshPath(path);
  try {
    await createFile(fresh, text, options);
    beginWriting(fresh);
    await link(fresh, path).catch(async (error) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      await createFile(path, text, options);
    });
  } catch (error) {
    throw about(path, error);
  } finally {
    await rm(fresh, { force: true }).catch(() => {});
    endWriting(fresh);
  }
}

/** A name that nobody can guess tells a reader nothing, and some errors bear none. */
function about(path: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error;
}

function taken(path: string): Error {
  return Object.assign(new Error(`${path} already exists`), { code: 'EEXIST' });
}

/** Private, and without waiting. A link is replaced, not followed. */
export function replacePrivateSync(path: string, text: string): void {
  const fresh = freshPath(path);
  try {
    const file = openSync(fresh, 'wx', PRIVATE_MODE);
    try {
      const owner = isRoot() ? heir(statSync(dirname(path))) : null;
      if (owner !== null) unlessImpossible(() => fchownSync(file, owner.uid, owner.gid));
      unlessImpossible(() => fchmodSync(file, PRIVATE_MODE));
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    unlessImpossible(() => rmSync(fresh, { force: true }));
    throw about(path, error);
  } finally {
    endWriting(fresh);
  }
}

/** Some volumes (FAT) have neither modes nor owners. */
async function give(handle: FileHandle, owner: Owner | null, mode: number | null): Promise<void> {
  if (owner !== null) await handle.chown(owner.uid, owner.gid).catch(() => {});
  if (mode !== null) await handle.chmod(mode).catch(() => {});
}

/** A file that another user has put into a folder for all has no say in the mode and owner of what replaces it. */
function isKept(found: Stats, folder: Stats): boolean {
  return isOwn(found) || isClosed(folder) || found.uid === folder.uid;
}

/** What root keeps private in a user's folder that user could not read any more. */
function heir(folder: Stats): Owner | null {
  return isRoot() && folder.uid !== 0 ? folder : null;
}
