/** What locks ask of a file system. Volumes differ, so that tests bring their own. */
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { constants, type FileHandle, link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { createFile } from '../files/write-file.ts';

/** A record has some 400. */
const MOST_BYTES = 64 * 1024;
const TOO_LARGE = `larger than ${MOST_BYTES / 1024} KiB`;

/** What a lock asks of a file system. */
export interface LockFiles {
  /** Rejects with EEXIST where there is one already. A reader may see it half written. */
  create(path: string, text: string): Promise<void>;
  /** A second name of the same file; rejects with EEXIST where there is one already. */
  link(from: string, to: string): Promise<void>;
  /** Replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  /** All of it, as text. */
  read(path: string): Promise<string>;
  /** The same, while everything else of this process stands still. */
  readNow(path: string): string;
  /** Reads it, and if it `isOwn` gives this very file the time of now, by the clock of the place. */
  touch(path: string, isOwn: (text: string) => boolean): Promise<void>;
  /** What can be told without reading it. */
  stat(path: string): Promise<{ readonly mtimeMs: number }>;
  /** Also where there is none. */
  remove(path: string): Promise<void>;
  /** The names in it. */
  list(folder: string): Promise<string[]>;
}

/** What lies there is no file that a lock could be. The message says what it is. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
}

export const realFiles: LockFiles = {
  create: (path, text) => createFile(path, text, { isPrivate: true }),
  link,
  rename,
  read: (path) => withFile(path, constants.O_RDONLY, async (_handle, bytes) => bytes.toString('utf8')),
  readNow,
  /**
   * Not by utimes, which would bring the clock of this machine: the last byte is written again. What is at the
   * path may be another file by then; it is not touched.
   */
  async touch(path, isOwn) {
    try {
      await withFile(path, constants.O_RDWR, async (handle, bytes) => {
        if (!isOwn(bytes.toString('utf8')) || bytes.length === 0) return;
        await handle.write(bytes, bytes.length - 1, 1, bytes.length - 1);
      });
    } catch (error) {
      if (!(error instanceof NotAFileError)) throw error;
      isOwn('');
    }
  },
  stat: (path) => lstat(path),
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
};

const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const SAFELY = O_NOFOLLOW | O_NONBLOCK;

function readNow(path: string): string {
  checkFile(lstatSync(path));
  const file = openSync(path, constants.O_RDONLY | SAFELY);
  try {
    const found = fstatSync(file);
    checkFile(found);
    if (found.size > MOST_BYTES) throw new NotAFileError(TOO_LARGE);
    const bytes = Buffer.allocUnsafe(found.size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, found.size, 0));
  } finally {
    closeSync(file);
  }
}

/** Opens no link, and waits for nobody: a pipe has no end. Throws a `NotAFileError`. */
async function withFile<T>(
  path: string,
  access: number,
  work: (handle: FileHandle, bytes: Buffer) => Promise<T>,
): Promise<T> {
  // Before it is opened: to open a device may already do something.
  checkFile(await lstat(path));
  const handle = await open(path, access | SAFELY);
  try {
    const found = await handle.stat();
    checkFile(found);
    const bytes = Buffer.allocUnsafe(MOST_BYTES + 1);
    let length = 0;
    // An apply does this for its requests: no call is made only to be told that nothing follows.
    for (
      let more = 1;
      more > 0 && length < bytes.length && (length === 0 || length < found.size);
      length += more
    ) {
      ({ bytesRead: more } = await handle.read(bytes, length, bytes.length - length, length));
    }
    if (length > MOST_BYTES) throw new NotAFileError(TOO_LARGE);
    return await work(handle, bytes.subarray(0, length));
  } finally {
    await handle.close();
  }
}

function checkFile(found: Stats): void {
  if (found.isSymbolicLink()) throw new NotAFileError('a link');
  if (found.isDirectory()) throw new NotAFileError('a folder');
  if (!found.isFile()) throw new NotAFileError('not a regular file');
}
