/**
 * The folder that fleetform keeps its own files in (`.fleetform`): for this user alone, and out of git.
 *
 * Invariant: records stay below the folder that they belong to. A link can come with a repository, so that its
 * owner says nothing: one that leads out is refused.
 */
import { existsSync, lstatSync, statSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { sweepLeftOver } from './fresh-file.ts';
import { isOwn, isRoot, isTrusted } from './owner.ts';
import { type Target, targetOf } from './target.ts';
import { placeFile } from './write-file.ts';

const GROUP_AND_OTHERS = 0o077;

/** Those that this process has seen to. */
const ready = new Set<string>();

/** Throws `files.outside`, `files.foreign`, and what the file system says. */
export async function makePrivateFolder(folder: string): Promise<void> {
  refuseForeign(folder);
  const { path } = await keptTarget(folder, dirname(folder));
  if (await makeFolder(folder)) await chmod(folder, 0o700).catch(() => {});
  else if (ready.has(folder)) return;
  await narrow(path);
  sweepLeftOver(path);
  // A file that is placed beside the folder has its draft there, too.
  sweepLeftOver(dirname(path));
  try {
    await placeFile(join(folder, '.gitignore'), '*\n', { isPrivate: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isFile()) await narrow(join(folder, entry.name));
  ready.add(folder);
}

/**
 * Whether it was missing. Step by step: Node's own recursion never ends where the system denies for ever that there is
 * what lies above (`/proc`), and holds a thread meanwhile that no signal reaches.
 */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return false;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder || existsSync(above)) throw error;
    await makeFolder(above);
    await mkdir(folder, { mode: 0o700 });
    return true;
  }
}

/**
 * What another user of the machine has put there could be changed by them at any time. Root may work in a user's
 * project, as in a container: then the folder is that user's, like the one that it lies in. Throws `files.foreign`.
 */
export function refuseForeign(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || isTrusted(found)) return;
  if (isRoot() && statSync(dirname(folder)).uid === found.uid) return;
  throw new FleetformError('files.foreign', `${safeText(folder)} belongs to another user of this machine`, {
    hint: 'Remove it, or work in a folder that nobody else can write to.',
  });
}

/**
 * Takes from others what an older fleetform, or an umask, gave them. What is another's, a link, or cannot be, stays.
 */
export async function narrow(path: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (!found.isSymbolicLink() && isOwn(found) && (found.mode & GROUP_AND_OTHERS) !== 0) {
      await chmod(path, found.mode & 0o7777 & ~GROUP_AND_OTHERS);
    }
  } catch {}
}

/**
 * What `path` stands for, which is inside `root`, whatever links there are. Throws `files.outside`, `files.foreign`.
 */
export async function keptTarget(path: string, root: string): Promise<Target> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isSymbolicLink()) {
    return { path, found, descriptor: null, isOpenElsewhere: false };
  }
  const realRoot = await realpath(root);
  const target = await targetOf(join(await realpath(dirname(path)), basename(path)));
  const way = relative(realRoot, target.path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside(path, root);
  return target;
}

function outside(path: string, root: string): FleetformError {
  return new FleetformError(
    'files.outside',
    `${safeText(path)} is a link that leads outside ${safeText(root)}`,
    {
      hint: 'Nothing was written. fleetform keeps its records next to its files: use a real folder or file there.',
    },
  );
}
