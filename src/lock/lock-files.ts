/** What locks ask of a file system. Volumes differ, so that tests bring their own. */
import { link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';

export interface LockFiles {
  /** Rejects with EEXIST where there is one already. A reader may see it half written. */
  create(path: string, text: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Reads it, and if it `isOwn` gives this very file the time of now, by the clock of the place. */
  touch(path: string, isOwn: (text: string) => boolean): Promise<void>;
  stat(path: string): Promise<{ readonly mtimeMs: number }>;
  /** Also where there is none. */
  remove(path: string): Promise<void>;
  /** The names in it. */
  list(folder: string): Promise<string[]>;
}

export const realFiles: LockFiles = {
  async create(path, text) {
    const handle = await open(path, 'wx', 0o644);
    try {
      await handle.writeFile(text);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  },
  link,
  rename,
  read: (path) => readFile(path, 'utf8'),
  /**
   * Not by utimes, which would bring the clock of this machine: the last byte is written again. What stands at the
   * path may be another file by then; it is not touched.
   */
  async touch(path, isOwn) {
    const handle = await open(path, 'r+');
    try {
      const bytes = await handle.readFile();
      if (!isOwn(bytes.toString('utf8')) || bytes.length === 0) return;
      await handle.write(bytes, bytes.length - 1, 1, bytes.length - 1);
    } finally {
      await handle.close();
    }
  },
  stat: (path) => stat(path),
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
};
