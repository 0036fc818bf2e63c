/**
 * Which process holds a lock, precisely enough to say that it is gone: host, process id, and, where Linux tells,
 * the boot, the process namespace and the process's start (a process id alone is used again).
 */
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  /** In clock ticks since boot. */
  readonly startTicks: string | null;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    host: hostname(),
    pid: process.pid,
    bootId: await orNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: await orNull(readlink('/proc/self/ns/pid')),
    startTicks: (await processStat(process.pid))?.startTicks ?? null,
  };
}

/** Only true when it is certain: same host, same namespace, and no such process (any more). */
export async function isProcessGone(holder: ProcessIdentity, self: ProcessIdentity): Promise<boolean> {
  if (holder.host !== self.host) return false;
  if (holder.bootId !== null && self.bootId !== null && holder.bootId !== self.bootId) return true;
  if (holder.pidNamespace !== self.pidNamespace) return false;
  if (!processExists(holder.pid)) return true;
  const found = await processStat(holder.pid);
  if (found === null) return false;
  return found.isDead || (holder.startTicks !== null && found.startTicks !== holder.startTicks);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Fields 3 (state) and 22 (start) of /proc/PID/stat, see proc(5); the name in field 2 may hold spaces and brackets.
 * A zombie does nothing any more, it only waits to be reaped.
 */
async function processStat(pid: number): Promise<{ isDead: boolean; startTicks: string | null } | null> {
  const text = await orNull(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { isDead: fields[0] === 'Z' || fields[0] === 'X', startTicks: fields[19] ?? null };
}

async function orNull(text: Promise<string>): Promise<string | null> {
  try {
    return (await text).trim();
  } catch {
    return null;
  }
}
