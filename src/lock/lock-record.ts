/**
 * The text of a lock file → the record of its holder. Anyone who can write to the folder may have written it.
 *
 * Invariant: an id is a UUID, so that it can be part of a path; what is shown to people is safe to show.
 */
import { safeText } from '../model/safe-text.ts';
import type { LockHolder } from './lock.ts';
import type { ProcessIdentity } from './process-identity.ts';

export type LockRecord = LockHolder & ProcessIdentity;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** In characters: no name of a user, host or command is longer. */
const LONGEST = 300;
/** Linux: 2^22; the others less, but for Windows. */
const LARGEST_PID = 2 ** 32 - 1;

/** null: it is no record of a holder, or not a whole one yet. */
export function recordIn(text: string): LockRecord | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof found !== 'object' || found === null) return null;
  const { id, pid, host, ...rest } = found as Record<keyof LockRecord, unknown>;
  if (typeof id !== 'string' || !UUID.test(id) || !isPid(pid) || typeof host !== 'string') return null;
  const who = shown(rest.who);
  const since = shown(rest.since);
  const operation = shown(rest.operation);
  const job = shown(rest.job) ?? null;
  const commit = shown(rest.commit) ?? null;
  const bootId = orNull(rest.bootId);
  const pidNamespace = orNull(rest.pidNamespace);
  const startTicks = orNull(rest.startTicks);
  if (who === undefined || since === undefined || operation === undefined) return null;
  if (bootId === undefined || pidNamespace === undefined || startTicks === undefined) return null;
  return { id, who, host, pid, since, operation, job, commit, bootId, pidNamespace, startTicks };
}

function isPid(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= LARGEST_PID;
}

function shown(value: unknown): string | undefined {
  return typeof value === 'string' ? safeText(value, LONGEST) : undefined;
}

/** undefined: neither. */
function orNull(value: unknown): string | null | undefined {
  return value === null || value === undefined ? null : typeof value === 'string' ? value : undefined;
}
