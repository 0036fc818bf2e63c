/**
 * Node 22.8 and up can keep compiled code between runs; Node 20 has no such thing.
 *
 * Invariant: what is kept there is executed. So it is kept where only this user and root can write: never in
 * the folder for temporary files, which is Node's own choice and everybody's. Where there is no such place, nothing
 * is kept. NODE_COMPILE_CACHE stays in force: Node has heeded it before this runs, and whoever sets the environment
 * of a process decides what it runs in any case.
 */
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isClosed } from '../files/owner.ts';

type Env = Readonly<Record<string, string | undefined>>;

const STICKY = 0o1000;

export function enableCompileCache(env: Env): void {
  const enable = (module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache;
  if (enable === undefined || env.NODE_COMPILE_CACHE) return;
  const folder = compileCacheFolder(env);
  if (folder !== null) enable(folder);
}

/** Makes it where it is missing. null: there is none that could be trusted. */
export function compileCacheFolder(env: Env): string | null {
  const user = process.geteuid?.();
  if (user === undefined) return null;
  try {
    const base = realpathSync(cacheHome(env));
    // Looked at before anything is made there.
    if (!isSafe(base, user)) return null;
    const folder = join(base, 'fleetform');
    make(folder);
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === user && isClosed(found) ? folder : null;
  } catch {
    return null;
  }
}

/** By the XDG base directory specification, a path that is not absolute counts for nothing. */
function cacheHome(env: Env): string {
  const named = env.XDG_CACHE_HOME;
  if (named !== undefined && isAbsolute(named)) return named;
  const folder = join(env.HOME || homedir(), '.cache');
  if (isAbsolute(folder) && isSafe(realpathSync(dirname(folder)), process.geteuid!())) make(folder);
  return folder;
}

/** Nobody else can put another folder in its place, or in that of one above it. */
function isSafe(folder: string, user: number): boolean {
  const found = lstatSync(folder);
  if (!found.isDirectory() || (found.uid !== user && found.uid !== 0)) return false;
  // In a sticky folder only the owners can move what lies there, and those of the rest of the way are looked at, too.
  if (!isClosed(found) && (found.mode & STICKY) === 0) return false;
  return dirname(folder) === folder || isSafe(dirname(folder), user);
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
