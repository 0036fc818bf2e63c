/**
 * Work that may fail before it has recorded anything leaves no folder for records behind, where there was none before:
 * to take the lock makes it. What somebody else has put into it meanwhile keeps it.
 */
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../files/private-folder.ts';
import { stateFolder } from '../state/backends/local.ts';

/** `root`: the folder that holds the files. */
export async function withoutTraces<T>(root: string, work: () => Promise<T>): Promise<T> {
  const folder = stateFolder(root);
  if (existsSync(folder)) return work();
  try {
    return await work();
  } catch (error) {
    await removeEmpty(folder).catch(() => {});
    throw error;
  }
}

async function removeEmpty(folder: string): Promise<void> {
  const [only, ...others] = await readdir(folder);
  if (others.length > 0 || (only !== undefined && only !== '.gitignore')) return;
  if (only !== undefined) await rm(join(folder, only));
  try {
    await rmdir(folder);
  } catch (error) {
    // Somebody has come in between: without its .gitignore, what they keep there could be committed.
    await makePrivateFolder(folder);
    throw error;
  }
}
