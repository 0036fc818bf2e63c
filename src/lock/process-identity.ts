/**
 * Which process holds a lock, precisely enough to say that it is gone: host, process id, and, where Linux reports it,
 * the boot, the process namespace and the process's start (a process id alone is used again).
 */
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { processExists } from '../files/process-exists.ts';

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  /** In clock ticks since boot. */
  readonly startTicks: string | null;
}

/**
 * `gone`: certainly. `gone-if-silent`: a reboot, or a host's name given twice; only a holder that shows no sign of
 * life has gone with its boot. `unknown`: it lives, or cannot be judged from here.
 */
export type Verdict = 'gone' | 'gone-if-silent' | 'unknown';

export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    host: hostname(),
    pid: process.pid,
    bootId: await orNull(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: await orNull(readlink('/proc/self/ns/pid')),
    startTicks: (await processStat(process.pid))?.startTicks ?? null,
  };
}

/** The table of processes is certain only about the boot and the namespace that it is of. */
export async function judgeProcess(holder: ProcessIdentity, self: ProcessIdentity): Promise<Verdict> {
  if (holder.host !== self.host) return 'unknown';
  // Where one side has no boot to name, it is another system.
  if ((holder.bootId === null) !== (self.bootId === null)) return 'unknown';
  if (holder.bootId !== self.bootId) return 'gone-if-silent';
  if (holder.pidNamespace !== self.pidNamespace) return 'unknown';
  if (!(await isMissing(holder))) return 'unknown';
  return self.bootId === null || self.pidNamespace === null ? 'gone-if-silent' : 'gone';
}

/** Whether that process can be seen from here, if it lives. */
export function isVisible(holder: ProcessIdentity, self: ProcessIdentity): boolean {
  return (
    holder.host === self.host &&
    holder.bootId !== null &&
    holder.bootId === self.bootId &&
    holder.pidNamespace !== null &&
    holder.pidNamespace === self.pidNamespace
  );
}

async function isMissing(holder: ProcessIdentity): Promise<boolean> {
  if (!processExists(holder.pid)) return true;
  const found = await processStat(holder.pid);
  if (found === null) return false;
  return found.isDead || (holder.startTicks !== null && found.startTicks !== holder.startTicks);
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
