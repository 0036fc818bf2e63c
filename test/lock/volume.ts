/** Locks in temporary folders, and volumes that are not what one is used to. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type LockFiles, realFiles } from '../../src/lock/lock-files.ts';
import { ownIdentity, type ProcessIdentity } from '../../src/lock/process-identity.ts';

export const HOLDER = {
  who: 'ada@here',
  host: hostname(),
  pid: 1,
  since: '2026-11-23T12:00:00Z',
  operation: 'apply',
  job: null,
  commit: null,
};

/** The id of a lock, the same each time. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

export function refused(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

export function withFiles(changes: Partial<LockFiles>): { files: LockFiles } {
  return { files: { ...realFiles, ...changes } };
}

/** As if it had been changed so many seconds ago. */
export async function age(path: string, seconds: number): Promise<void> {
  const then = Date.now() / 1000 - seconds;
  await utimes(path, then, then);
}

/** A process that was, and is not any more. */
export async function deadIdentity(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('close', resolve));
  return { ...(await ownIdentity()), pid: child.pid!, startTicks: '1' };
}

export function codeOfError(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (error) => error.code,
  );
}

export async function until(isSo: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it never came to be');
}
