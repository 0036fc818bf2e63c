/** Whose a file or folder is, and who else could have put it there. Where the system has no owners, all is ours. */
import type { Stats } from 'node:fs';

type Owned = Pick<Stats, 'uid' | 'mode'>;

const GROUP_AND_OTHERS_WRITE = 0o022;

/** Of this user alone. */
export function isOwn({ uid }: Pick<Owned, 'uid'>): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** This user's, or root's, who can do anything anyway. */
export function isTrusted(found: Pick<Owned, 'uid'>): boolean {
  return found.uid === 0 || isOwn(found);
}

/** Nobody but this user and root decides what lies in it. */
export function isClosed(folder: Owned): boolean {
  if (process.geteuid === undefined) return true;
  return isTrusted(folder) && (folder.mode & GROUP_AND_OTHERS_WRITE) === 0;
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
