/**
 * The one way in which a file grows: a whole text at its end, or nothing of it.
 *
 * Invariants: only the very file that was written last grows, and only from where that write ended. It is on the disk
 * before `appendFile` resolves, with the same promise as a file that is replaced.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncContent } from './sync.ts';

/** Which file it is, and how far it goes. Another file in its place, or one that somebody has written to, is no such. */
export interface FileEnd {
  readonly ino: bigint;
  /** Bytes. */
  readonly size: bigint;
}

const { O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const FLAGS = O_RDWR | O_NOFOLLOW | O_NONBLOCK;

/** null: nothing was written, as it ends elsewhere, or is none. Throws what the file system says. */
export async function appendFile(path: string, end: FileEnd, text: string): Promise<FileEnd | null> {
  const handle = await open(path, FLAGS).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const found = await handle.stat({ bigint: true });
    if (!found.isFile() || found.ino !== end.ino || found.size !== end.size) return null;
    const bytes = Buffer.from(text);
    const at = Number(end.size);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
      await syncContent(handle);
    } catch (error) {
      // Whoever reads it takes no half of a text for a whole; this only spares them the look.
      await handle.truncate(at).catch(() => {});
      throw Object.assign(error as Error, { path });
    }
    return { ino: end.ino, size: end.size + BigInt(bytes.length) };
  } finally {
    await handle.close();
  }
}
