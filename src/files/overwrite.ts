/**
 * What cannot be replaced → other content in the same file: for a record that must not stay as it is. Whatever happens
 * on the way, nothing of the old content is left in it.
 *
 * Invariant: only a regular file with one name: of another name of it nobody has said that it may go.
 */
import { constants, open } from 'node:fs/promises';
import { sync } from './sync.ts';
import { targetOf } from './target.ts';

/** false: it is as it was. A disk without room for `text` leaves it empty. */
export async function overwrite(path: string, text: string): Promise<boolean> {
  try {
    const target = await targetOf(path);
    if (target.descriptor !== null || target.isOpenElsewhere || target.found?.isFile() !== true) return false;
    const handle = await open(target.path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { dev, ino, nlink } = await handle.stat();
      if (dev !== target.found.dev || ino !== target.found.ino || nlink !== 1) return false;
      await handle.truncate(0);
      await handle.write(text, 0).catch(() => handle.truncate(0));
      await sync(handle).catch(() => {});
      return true;
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}
