/**
 * What somebody may yet have to write (a pipe, a terminal, a socket) → its bytes, without standing still for it: a signal
 * ends the wait. Opening or reading such a thing at once would leave no code of ours to run, for as long as nobody writes.
 */
import { closeSync, constants, openSync, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty, ReadStream } from 'node:tty';
import { LARGEST, type ReadBounds, type ReadBytes, readBounded } from './read-file.ts';
import { RefusedFile, textIn } from './text.ts';

/** Like `readBounded`. Throws a `RefusedFile`, or Node's own error. */
export async function readPatiently(path: string, bounds: ReadBounds): Promise<ReadBytes> {
  if (bounds.isAnyKind !== true) return readBounded(path, bounds);
  const found = statSync(path);
  if (!mayKeepWaiting(found)) return readBounded(path, bounds);
  // Without waiting for a writer: from here on, the event loop knows when there is one.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  if (found.isFIFO()) return upTo(new Socket({ fd: file, readable: true, writable: false }), bounds.largest);
  if (isatty(file)) return upTo(new ReadStream(file), bounds.largest);
  closeSync(file);
  return readBounded(path, bounds);
}

/** The text of a file that a person has named, even a pipe. `refuse` throws, and is told why, as the end of a sentence. */
export async function readNamed(
  path: string,
  refuse: (why: string) => never,
  largest = LARGEST,
): Promise<string> {
  try {
    const { bytes, isCut } = await readPatiently(path, { largest, isAnyKind: true });
    if (!isCut) return textIn(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof RefusedFile) && code === undefined) throw error;
    refuse(error instanceof RefusedFile ? error.message : `cannot be read (${code})`);
  }
  return refuse(`is too large: more than ${Math.round(largest / 1024)} KB`);
}

function mayKeepWaiting(found: Stats): boolean {
  return found.isFIFO() || found.isCharacterDevice();
}

async function upTo(stream: Socket, largest: number): Promise<ReadBytes> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > largest) break;
  }
  const bytes = Buffer.concat(parts);
  return size > largest ? { bytes: bytes.subarray(0, largest), isCut: true } : { bytes, isCut: false };
}
