/**
 * The two files of a local state as they are now: what they hold together, and whether they are still those that this
 * process wrote. A reader has no lock: while one looks, a holder may fold the journal in.
 */
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileEnd } from '../../files/append-file.ts';
import { LARGEST, readBounded, readKept } from '../../files/read-file.ts';
import { RefusedFile } from '../../files/text.ts';
import { FleetformError } from '../../model/errors.ts';
import type { State } from '../../model/state.ts';
import { parseKept } from '../state-json.ts';
import { type Places, together } from './journal-beside.ts';
import { parseJournal } from './journal-text.ts';

export interface Written {
  /** Of the state's file. */
  readonly stamp: string;
  /** Its bytes. */
  readonly bytes: number;
  /** Of what both hold together. */
  readonly serial: number;
  /** Of the journal; null: none was begun. */
  readonly end: FileEnd | null;
}

/** More often than that no holder writes the whole while one looks. */
const TRIES = 20;

/** Throws `state.unreadable`, what is wrong with either, or Node's own error. */
export async function readTogether(at: Places, read: Reads = READS): Promise<State | null> {
  for (let tries = 1; ; tries += 1) {
    const stamp = await stampOf(at.state);
    // Both before either is looked into, which takes long where much is recorded.
    const text = orNull(() => read.text(at.state));
    const bytes = orNull(() => read.bytes(at.journal));
    const isTorn = (await stampOf(at.state)) !== stamp;
    if (isTorn && tries < TRIES) continue;
    const kept = text === null ? null : parseKept(text, at.state);
    return together(kept, bytes === null ? null : parseJournal(bytes, at.journal), at);
  }
}

interface Reads {
  readonly text: (path: string) => string;
  readonly bytes: (path: string) => Buffer;
}

const READS: Reads = { text: textOf, bytes: bytesOf };

export async function isAsWritten({ stamp, end }: Written, at: Places): Promise<boolean> {
  if ((await stampOf(at.state)) !== stamp) return false;
  if (end === null) return true;
  const found = await endOf(at.journal);
  return found?.ino === end.ino && found.size === end.size;
}

/** Another one with each write, because a write makes a new file. null: there is none. */
export async function stampOf(path: string): Promise<string | null> {
  const found = await unlessMissing(() => stat(path, { bigint: true }));
  return found === null ? null : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** null: there is none. */
export async function endOf(path: string): Promise<FileEnd | null> {
  const found = await unlessMissing(() => lstat(path, { bigint: true }));
  return found === null ? null : { ino: found.ino, size: found.size };
}

function textOf(path: string): string {
  return readable(path, () => readKept(path));
}

function bytesOf(path: string): Buffer {
  return readable(path, () => {
    const { bytes, isCut } = readBounded(path, { largest: LARGEST, within: dirname(path) });
    if (isCut) throw new RefusedFile('has more than 256 MB');
    return bytes;
  });
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    throw new FleetformError('state.unreadable', `${path} ${error.message}`, {
      hint: 'The state is a regular file that fleetform writes itself. Check what is there instead.',
    });
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function unlessMissing<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
