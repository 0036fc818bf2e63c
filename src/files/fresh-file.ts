/**
 * The new file beside the one that it is about to replace: its name, and what becomes of it when its process ends
 * first.
 *
 * Invariant: the name shows the owner, so that leftovers of a killed process are not mistaken for a file that another
 * is writing. At an orderly end nothing stays; what a kill leaves, the next write into that folder takes away.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownPlace } from './own-place.ts';
import { isOwn, isRoot } from './owner.ts';
import { processExists } from './process-exists.ts';

/**
 * Whether a process of another machine or container is alive cannot be judged from here; nothing is written for that
 * long.
 */
const DAY_MS = 86_400_000;
const NAME = /^\.fleetform-(?:([0-9a-f]{8})-(\d{1,10})-)?[0-9a-f]{24}\.tmp$/;

/** With an unguessable name. It is gone at the end of the process, unless `endWriting` says before that it is to stay, or has been moved. */
export function freshPath(path: string): string {
  const folder = dirname(path);
  sweepLeftOver(folder);
  const fresh = join(
    folder,
    `.fleetform-${ownPlace()}-${process.pid}-${randomBytes(12).toString('hex')}.tmp`,
  );
  beginWriting(fresh);
  return fresh;
}

/** That file is not whole yet: at the end of the process it goes. */
export function beginWriting(path: string): void {
  underWay.add(path);
}

export function endWriting(path: string): void {
  underWay.delete(path);
}

/** A second signal ends the process at once. */
const underWay = new Set<string>();
process.on('exit', () => {
  for (const path of underWay) unlessImpossible(() => rmSync(path, { force: true }));
});

/** Those that this process has looked through. */
const swept = new Set<string>();

/** Trouble with it is none of a write's. */
export function sweepLeftOver(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  unlessImpossible(() => {
    for (const name of readdirSync(folder)) {
      const match = NAME.exec(name);
      if (match === null) continue;
      const pid = match[1] === ownPlace() ? Number(match[2]) : null;
      unlessImpossible(() => sweepOne(join(folder, name), pid));
    }
  });
}

/** `pid`: of a process here; null: of one elsewhere. */
function sweepOne(path: string, pid: number | null): void {
  const found = lstatSync(path);
  if (!found.isFile() || !(isOwn(found) || isRoot())) return;
  const isLeft = pid !== null && !processExists(pid);
  if (isLeft || Date.now() - found.mtimeMs > DAY_MS) rmSync(path, { force: true });
}

export function unlessImpossible(attempt: () => void): void {
  try {
    attempt();
  } catch {}
}
