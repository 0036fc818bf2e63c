/** What killed processes left next to a lock: drafts, claims, and the files that gave the time. */
import { basename, dirname, join } from 'node:path';
import { recordIn } from './lock-record.ts';
import type { Place } from './place.ts';
import { judgeProcess, type ProcessIdentity } from './process-identity.ts';

/** Nobody works on such a file for longer than moments, wherever it lives. */
const DAY_MS = 86_400_000;

/** For the holder of the lock. Trouble with it is none of an apply. */
export async function sweep(place: Place, self: ProcessIdentity): Promise<void> {
  try {
    const folder = dirname(place.path);
    const left = (await place.files.list(folder)).filter((name) => isLeftOver(name, basename(place.path)));
    if (left.length === 0) return;
    const now = await place.now();
    for (const name of left) {
      await sweepOne(place, join(folder, name), now, self).catch(() => {});
    }
  } catch {}
}

async function sweepOne(place: Place, path: string, now: number, self: ProcessIdentity): Promise<void> {
  const age = await place.silentFor(path, async () => now);
  if (age <= place.options.silentMs) return;
  if (age > DAY_MS || (await isOwnerGone(place, path, self))) await place.files.remove(path);
}

function isLeftOver(name: string, lockName: string): boolean {
  return name.startsWith(`${lockName}.`) && /\.(new|next|now)$/.test(name);
}

async function isOwnerGone(place: Place, path: string, self: ProcessIdentity): Promise<boolean> {
  const record = recordIn(await place.files.read(path));
  return record === null || (await judgeProcess(record, self)) !== 'unknown';
}
