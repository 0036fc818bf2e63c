/**
 * The short exclusive lock of a sandbox's folder: held for one write, taken over from a process that is gone. Unlike
 * the lock of a state it is waited for, because whoever holds it is through in milliseconds.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makePrivateFolder } from '../files/private-folder.ts';
import { type HeldLock, LockedError } from '../lock/lock.ts';
import { acquireLockFile } from '../lock/lock-file.ts';
import type { ProcessIdentity } from '../lock/process-identity.ts';
import { FleetformError } from '../model/errors.ts';
import { holderText } from '../model/lock-holder.ts';

const PAUSE_MS = 5;
/** No change takes anything like it: whoever waits longer tells of the holder. */
const PATIENCE_MS = 30_000;
/** Nor is it held for long enough to show a second sign of life. */
const SILENT_MS = 15_000;

/**
 * Makes the folder where it is missing. Rejects with `sandbox.busy`, `sandbox.unwritable` and what `makePrivateFolder`
 * throws.
 */
export async function lockFolder(folder: string, self: ProcessIdentity): Promise<HeldLock> {
  const path = join(folder, 'sandbox.lock.json');
  const { host, pid } = self;
  const since = new Date();
  const holder = {
    who: `sandbox@${hostname()}`,
    host,
    pid,
    since: since.toISOString(),
    operation: 'sandbox',
    job: null,
    commit: null,
  };
  try {
    await makePrivateFolder(folder);
    for (;;) {
      try {
        return await acquireLockFile(path, holder, self, { silentMs: SILENT_MS });
      } catch (error) {
        if (!(error instanceof LockedError)) throw error;
        if (Date.now() - since.getTime() >= PATIENCE_MS) throw busy(path, error);
        await delay(PAUSE_MS);
      }
    }
  } catch (error) {
    throw error instanceof FleetformError ? error : unwritable(folder, error);
  }
}

function busy(path: string, { holder }: LockedError): FleetformError {
  return new FleetformError(
    'sandbox.busy',
    `the sandbox has been in use by ${holderText(holder)} for ${PATIENCE_MS / 1000} s`,
    { hint: `If that process is definitely gone, delete ${path}.` },
  );
}

/** `error`: what the file system said. */
export function unwritable(path: string, error: unknown): FleetformError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new FleetformError(
    'sandbox.unwritable',
    `the sandbox cannot be kept in ${path} (${code ?? message})`,
    {
      hint: 'The embedded sandbox needs a writable folder and free disk space.',
    },
  );
}
