/**
 * The record of a sandbox, kept in `sandbox.json`: shared by every process that uses the folder. Reads take no lock
 * (the file is only ever replaced whole); a change holds a short exclusive one from its read to its write.
 */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { FleetformError } from '../model/errors.ts';
import { LockedError } from '../state/backend.ts';
import { acquireLockFile } from '../state/lock-file.ts';
import { ownIdentity } from '../state/process-identity.ts';
import { emptyRecord, type SandboxRecord } from './world.ts';

export interface SandboxStore {
  read(): SandboxRecord;
  /** `change` says whether it changed anything; only then is the record written. */
  change<T>(
    change: (record: SandboxRecord) => { readonly result: T; readonly hasChanged: boolean },
  ): Promise<T>;
}

const PAUSE_MS = 5;
/** No change takes anything like it: whoever waits longer tells of the holder. */
const PATIENCE_MS = 30_000;

export function openStore(folder: string): SandboxStore {
  const path = join(folder, 'sandbox.json');
  let cached: { stamp: string; record: SandboxRecord } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function read(): SandboxRecord {
    const stamp = stampOf(path);
    if (stamp === undefined) return emptyRecord();
    if (cached?.stamp !== stamp) cached = { stamp, record: parse(readFileSync(path, 'utf8'), path) };
    return cached.record;
  }

  async function locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(folder, { recursive: true });
    const self = await ownIdentity();
    const since = new Date().toISOString();
    const holder = {
      who: `sandbox@${hostname()}`,
      host: self.host,
      pid: self.pid,
      since,
      operation: 'sandbox',
    };
    for (let waited = 0; ; waited += PAUSE_MS) {
      try {
        const lock = await acquireLockFile(join(folder, 'sandbox.lock.json'), holder, self);
        try {
          return await work();
        } finally {
          await lock.release();
        }
      } catch (error) {
        if (!(error instanceof LockedError) || waited >= PATIENCE_MS) throw error;
        await delay(PAUSE_MS);
      }
    }
  }

  return {
    read,
    change(change) {
      const turn = queue.then(() =>
        locked(async () => {
          const record = read();
          const { result, hasChanged } = change(record);
          if (!hasChanged) return result;
          cached = undefined;
          await writeFileAtomic(path, JSON.stringify(record), { fsync: false });
          cached = { stamp: stampOf(path) ?? '', record };
          return result;
        }),
      );
      queue = turn.catch(() => {});
      return turn;
    },
  };
}

export function removeStore(folder: string): void {
  rmSync(join(folder, 'sandbox.json'), { force: true });
  mkdirSync(folder, { recursive: true });
}

/** Another file, or another content: both have another stamp. */
function stampOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? undefined : `${stats.ino}/${stats.size}/${stats.mtimeNs}`;
}

function parse(text: string, path: string): SandboxRecord {
  try {
    const record = JSON.parse(text) as SandboxRecord;
    if (record.version === 1 && Array.isArray(record.batches) && typeof record.tasks === 'object')
      return record;
  } catch {}
  throw new FleetformError('sandbox.invalid', `${path} is not the record of a sandbox`, {
    hint: 'Start over with `fleetform sandbox reset`.',
  });
}
