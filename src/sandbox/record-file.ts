/** The text of `sandbox.json` → a record that the sandbox can work on, or an error that says how to start over. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { readKept } from '../files/read-file.ts';
import { FleetformError } from '../model/errors.ts';
import type { SandboxBatch, SandboxRecord, SandboxTask } from './world.ts';

/** Holds `{"version":1,"generation":…`, whatever the number. */
const HEAD_BYTES = 48;

/**
 * Tells two contents of the file apart without reading it whole; null: there is none. The generation is part of it,
 * because a quick rewrite may leave the same inode number, size and time.
 */
export function stampOf(path: string): string | null {
  let file: number;
  try {
    // Opening a pipe to which nobody writes would wait for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, error);
  }
  try {
    const { ino, size, mtimeNs } = fstatSync(file, { bigint: true });
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(file, head, 0, HEAD_BYTES, 0);
    return `${ino}/${size}/${mtimeNs}/${head.toString('latin1', 0, length)}`;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

/** Throws `sandbox.invalid`. */
export function readRecord(path: string): SandboxRecord {
  return parseRecord(textOf(path), path);
}

function textOf(path: string): string {
  try {
    return readKept(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parseRecord(text: string, path: string): SandboxRecord {
  try {
    const record: unknown = JSON.parse(text);
    if (isRecord(record)) return record;
  } catch {}
  throw new FleetformError('sandbox.invalid', `${path} is not the data of a sandbox`, {
    hint: 'Start over with `fleetform sandbox reset`.',
  });
}

function isRecord(value: unknown): value is SandboxRecord {
  const record = value as SandboxRecord | null;
  return (
    record?.version === 1 &&
    [record.seed, record.clockOffset, record.nextTask, record.nextBatch].every(Number.isSafeInteger) &&
    isObject(record.tasks) &&
    Object.values(record.tasks).every(isTask) &&
    Array.isArray(record.batches) &&
    record.batches.every((batch) => isBatch(batch, record.tasks))
  );
}

function isBatch(batch: SandboxBatch | null, tasks: SandboxRecord['tasks']): boolean {
  return (
    typeof batch?.id === 'string' &&
    [batch.createdAt, batch.executeAt, batch.templateId].every(Number.isSafeInteger) &&
    Array.isArray(batch.taskIds) &&
    batch.taskIds.every((id) => Object.hasOwn(tasks, id))
  );
}

function isTask(task: SandboxTask | null): boolean {
  return (
    task !== null &&
    [task.id, task.batchId, task.entityId].every((id) => typeof id === 'string' && /^\d+$/.test(id)) &&
    [task.templateId, task.startsAt, task.pausedFor].every(Number.isSafeInteger) &&
    [task.pausedAt, task.cancelledAt].every((time) => time === null || Number.isSafeInteger(time))
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(path: string, error: unknown): FleetformError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new FleetformError('sandbox.invalid', `${path} cannot be read (${code ?? message})`, {
    hint: 'It must be a file that you can read. Start over with `fleetform sandbox reset`.',
  });
}
