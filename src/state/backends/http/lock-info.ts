/**
 * A holder ↔ the `LockInfo` of Terraform, which is what the protocol knows of a lock.
 *
 * A server tells who holds a lock in the answer to whoever asks for it. GitLab keeps the id, the user and the time
 * alone, and answers with the asker's own words for the rest. So the id begins with the operation, and what `Info` says
 * counts only where it is of that very lock. It ends with what tells this machine's own processes: after a crash, whoever
 * is on the same machine can see that the holder is gone.
 *
 * Invariant: what a server says is text of others: what is shown is safe and bounded.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { LockHolder } from '../../../lock/lock.ts';
import { type LockRecord, recordIn } from '../../../lock/lock-record.ts';
import type { ProcessIdentity } from '../../../lock/process-identity.ts';
import { unknownHolder } from '../../../model/lock-holder.ts';
import { safeText } from '../../../model/safe-text.ts';
import { version } from '../../../version.ts';

/** Named as they are on the wire. */
export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** As much of a `LockInfo` as others may have left of it. */
export type AskedLock = Partial<LockInfo> & Pick<LockInfo, 'ID'>;

export interface ToldHolder {
  /** As it is shown; the id, too. */
  readonly holder: LockHolder;
  /** As the server has it. */
  readonly id: string;
  /** What an unlock sends. */
  readonly info: AskedLock;
  /** Of a lock of fleetform, where the server keeps it; null: unknown. */
  readonly identity: ProcessIdentity | null;
}

/** Not an operation: a lock that is asked for only to hear who holds it. */
export const LOOK = 'look';

/** In characters; GitLab keeps no longer ones. */
const LONGEST_ID = 255;
const LONGEST = 300;
const LONGEST_BODY = 64 * 1024;

/** Operation, UUID; machine, process, start. */
const OWN_ID =
  /^([a-z][a-z.]{0,40})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-([0-9a-f]{12})-(\d{1,10})-(\d{1,20}))?$/;

export function newLockInfo(holder: Omit<LockHolder, 'id'>, self: ProcessIdentity, path: string): LockInfo {
  const id = randomUUID();
  const record: LockRecord = { id, ...holder, ...self };
  return {
    ID: `${holder.operation.toLowerCase().replace(/[^a-z]+/g, '.')}-${id}${processText(self)}`,
    Operation: holder.operation,
    Info: JSON.stringify(record),
    Who: holder.who,
    Version: version,
    Created: holder.since,
    Path: path,
  };
}

/** Nothing where a process cannot be told from a later one. */
function processText(self: ProcessIdentity): string {
  const machine = machineOf(self);
  return machine === null || self.startTicks === null ? '' : `-${machine}-${self.pid}-${self.startTicks}`;
}

/** Of the same one only if host, boot and process namespace are the same. null: they are not known. */
function machineOf({ host, bootId, pidNamespace }: ProcessIdentity): string | null {
  if (bootId === null || pidNamespace === null) return null;
  const text = JSON.stringify([host, bootId, pidNamespace]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** null: it is no process of this machine, or none is told. */
export function processIn(id: string, self: ProcessIdentity): ProcessIdentity | null {
  const [, , , machine, pid, startTicks] = OWN_ID.exec(id) ?? [];
  if (machine === undefined || machine !== machineOf(self)) return null;
  return { ...self, pid: Number(pid), startTicks: startTicks! };
}

export function isLook(id: string): boolean {
  return operationIn(id) === LOOK;
}

/** `asked`: the `Info` that this process has sent. null: nobody is named. */
export function holderIn(body: string, asked: string | undefined): ToldHolder | null {
  const found = objectIn(body);
  const id = found?.ID;
  if (found === null || typeof id !== 'string' || id.trim() === '' || id.length > LONGEST_ID) return null;
  const text = (key: keyof LockInfo) => (typeof found[key] === 'string' ? (found[key] as string) : '');
  const shown = (value: string, otherwise: string) => safeText(value.trim(), LONGEST) || otherwise;
  const record = recordIn(text('Info'));
  const isOwnRecord = record !== null && OWN_ID.exec(id)?.[2] === record.id;
  const common = { id: safeText(id, LONGEST_ID) };
  const info: AskedLock = { ...found, ID: id };
  if (isOwnRecord) {
    const { bootId, pidNamespace, startTicks, ...holder } = record;
    const identity = { host: record.host, pid: record.pid, bootId, pidNamespace, startTicks };
    return {
      id,
      info,
      identity,
      holder: { ...holder, ...common, who: shown(text('Who'), record.who) },
    };
  }
  const unknown = unknownHolder(common.id);
  const isEcho = text('Info') === asked;
  const operation = operationIn(id) ?? (isEcho ? '' : text('Operation'));
  return {
    id,
    info,
    identity: null,
    holder: {
      ...unknown,
      who: shown(text('Who'), unknown.who),
      since: shown(text('Created'), unknown.since),
      operation: shown(operation, unknown.operation),
    },
  };
}

function operationIn(id: string): string | null {
  return OWN_ID.exec(id)?.[1]?.replaceAll('.', ' ') ?? null;
}

function objectIn(body: string): Record<string, unknown> | null {
  if (body.length > LONGEST_BODY) return null;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
