/**
 * Text into what is not a regular file: a pipe, a device, a socket, or what this process has open. It is never
 * replaced. Nothing blocks a thread: a signal ends every wait.
 */
import { write } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import type { Target } from './target.ts';

const PAUSE_MS = 20;
/** Whoever has named a pipe is about to read it. */
const PATIENCE_MS = 60_000;

const writeSome = promisify(write);

/** Throws `files.unread`, and what the file system says. */
export async function writeInto(target: Target, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  if (target.descriptor !== null) return writeAll(target.descriptor, bytes, target.path);
  if (target.found?.isSocket() === true && !target.isOpenElsewhere) return send(target.path, bytes);
  const { O_WRONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOFOLLOW = 0, O_APPEND } = constants;
  const flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | (target.isOpenElsewhere ? O_APPEND : O_NOFOLLOW);
  const handle = await patiently(target.path, 'ENXIO', () => open(target.path, flags));
  try {
    await writeAll(handle.fd, bytes, target.path);
  } finally {
    await handle.close();
  }
}

async function writeAll(descriptor: number, bytes: Buffer, path: string): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await patiently(path, 'EAGAIN', () =>
      writeSome(descriptor, bytes, at, bytes.length - at, null),
    );
    at += bytesWritten;
  }
}

/** ENXIO: nobody has opened the pipe to read; EAGAIN: it is full. */
async function patiently<T>(path: string, notYet: string, attempt: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      return await attempt();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== notYet) throw error;
      if (waited >= PATIENCE_MS) throw unread(path);
      await delay(PAUSE_MS);
    }
  }
}

function send(path: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.end(bytes, () => resolve());
    socket.once('finish', () => socket.destroySoon());
  });
}

function unread(path: string): FleetformError {
  return new FleetformError(
    'files.unread',
    `${safeText(path)} is a pipe, and nothing has read it for ${PATIENCE_MS / 1000} s`,
    { hint: 'Start its reader, or name a regular file.' },
  );
}
