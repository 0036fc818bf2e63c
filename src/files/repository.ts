/**
 * What a pull request brings cannot leave its repository: a link in it may lead to the key's file, to another user's
 * settings, to a device. What a person names by hand, outside any repository, may be anything.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside, type ReadBounds } from './read-file.ts';
import { RefusedFile } from './text.ts';

/**
 * How to read a file, by the path that leads to it, links not followed. `isNamed`: by hand, and not found in a folder.
 * Throws a `RefusedFile` where a link leads out of one repository into another, or Node's own error.
 */
export function boundsFor(path: string, isNamed: boolean): Omit<ReadBounds, 'largest'> {
  const folder = dirname(path);
  const [root, ...outer] = repositoriesAround(folder);
  if (root === undefined) return isNamed ? { isAnyKind: true } : { within: folder };
  // A submodule lies within; a link to another checkout does not.
  const real = realpathSync(root);
  for (const one of outer) {
    if (!isInside(real, realpathSync(one))) throw new RefusedFile(`is a link to something outside ${one}`);
  }
  return { within: root };
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The roots of all repositories that a folder is in, the nearest first; links are not followed. */
export function repositoriesAround(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (exists(join(at, '.git'))) roots.push(at);
    if (dirname(at) === at) return roots;
  }
}
