/**
 * Whether a folder is under version control. What fleetform records must not be: whoever opens a pull request could
 * write it, and a cache that was lost would put it in the place of the record.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FleetformError } from '../model/errors.ts';
import { repositoriesAround } from './repository.ts';

const run = promisify(execFile);
const known = new Map<string, Promise<void>>();

/** Asks once for each folder. Throws `state.tracked`. */
export function refuseTracked(folder: string): Promise<void> {
  const path = resolve(folder);
  const before = known.get(path);
  if (before !== undefined) return before;
  const answer = check(path);
  known.set(path, answer);
  // Whoever waits for it hears of it.
  answer.catch(() => {});
  return answer;
}

async function check(folder: string): Promise<void> {
  if (!existsSync(dirname(folder)) || !(await isTracked(folder))) return;
  throw new FleetformError(
    'state.tracked',
    `${folder} is under version control: whoever can open a pull request could write what fleetform takes for its own record`,
    {
      hint: `Take it out: \`git rm -r --cached ${basename(folder)}\`, and keep the state elsewhere (README, *State*).`,
    },
  );
}

export async function isTracked(folder: string): Promise<boolean> {
  const [root] = repositoriesAround(dirname(folder));
  if (root === undefined) return false;
  try {
    // Nothing of the repository's settings is run, and whose it is does not matter: only its index is read.
    const settings = ['-c', 'core.fsmonitor=false', '-c', 'safe.directory=*'];
    const { stdout } = await run('git', [...settings, 'ls-files', '-z', '--', basename(folder)], {
      cwd: dirname(folder),
      timeout: 10_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout !== '';
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isAbsent ? isNamedInIndex(root, relative(root, folder)) : false;
  }
}

/** Where git itself is not installed: its index holds the names of all files as they are, or their ends. */
function isNamedInIndex(root: string, name: string): boolean {
  const git = join(root, '.git');
  const place = statSync(git).isDirectory()
    ? git
    : resolve(
        root,
        readFileSync(git, 'utf8')
          .replace(/^gitdir: /, '')
          .trim(),
      );
  try {
    return readFileSync(join(place, 'index')).includes(name.split('\\').join('/'));
  } catch {
    return false;
  }
}
