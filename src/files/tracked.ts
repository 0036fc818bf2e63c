/**
 * Whether a folder is under version control. fleetform's records must not be: anyone who can open a pull request could
 * write it, and a cache that was lost would put it in the place of the record. If that cannot be determined, it is
 * refused.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { namesInIndex, UnreadableIndex } from './git-index.ts';
import { repositoriesAround } from './repository.ts';

const known = new Set<string>();

/** Looks once at each folder. Throws `state.tracked` and `state.untold`. */
export function refuseTracked(folder: string): void {
  const path = resolve(folder);
  if (known.has(path)) return;
  if (isTracked(path)) {
    throw new FleetformError(
      'state.tracked',
      `${safeText(path)} is under version control: anyone who can open a pull request could write what fleetform trusts as its own record`,
      {
        hint: `Remove it: \`git rm -r --cached ${basename(path)}\`, commit that, and keep the folder out of git.`,
      },
    );
  }
  known.add(path);
}

/** Throws `state.untold`. */
export function isTracked(folder: string): boolean {
  const [root] = repositoriesAround(dirname(folder));
  if (root === undefined) return false;
  const name = relative(root, folder).split(sep).join('/').toLowerCase();
  try {
    for (const one of namesInIndex(root)) {
      const other = one.toLowerCase();
      const isIn = other === name || other.startsWith(`${name}/`);
      if (isIn || (other.endsWith('/') && name.startsWith(other))) return true;
    }
    return false;
  } catch (error) {
    if (!(error instanceof UnreadableIndex)) throw error;
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
    throw new FleetformError(
      'state.untold',
      `cannot tell whether ${safeText(folder)} is under version control: ${safeText(error.message)}`,
      { hint: `Repair the repository (\`git status\` in ${safeText(root)} shows what is wrong).` },
    );
  }
}
