/** The files that locks are made of, read, judged and dated by the clock of the place that keeps them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
import { type LockFiles, NotAFileError, realFiles } from './lock-files.ts';
import { type LockRecord, recordIn } from './lock-record.ts';
import { judgeProcess, type ProcessIdentity } from './process-identity.ts';

/** The file system, the clocks and the periods that a lock file is kept by. */
export interface LockOptions {
  readonly files: LockFiles;
  /** How often a holder shows that it lives, in milliseconds. */
  readonly heartbeatMs: number;
  /** A holder that has been silent for longer may be gone, in milliseconds: six heartbeats missed. */
  readonly silentMs: number;
  /** So long a lock file that says nothing yet is being written, in milliseconds. */
  readonly youngMs: number;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** Ends every wait for the lock. */
  readonly stop?: AbortSignal;
}

const DEFAULTS: LockOptions = {
  files: realFiles,
  heartbeatMs: 10_000,
  silentMs: 65_000,
  youngMs: 3_000,
  monotonic: () => performance.now(),
};

const PAUSE_MS = 50;

export class Place {
  readonly path: string;
  readonly options: LockOptions;
  readonly files: LockFiles;

  constructor(path: string, options: Partial<LockOptions> = {}) {
    this.path = path;
    this.options = { ...DEFAULTS, ...options };
    this.files = this.options.files;
  }

  /** Where whoever takes over from that dead holder claims the place behind it. */
  claimPath(deadId: string): string {
    return `${this.path}.${deadId}.next`;
  }

  draftPath(id: string): string {
    return `${this.path}.${id}.new`;
  }

  /** null: there is none. One that is just being written is waited for. Throws `state.invalid-lock`. */
  async read(path: string): Promise<LockRecord | null> {
    const { youngMs, stop } = this.options;
    for (let waited = 0; ; waited += PAUSE_MS) {
      const text = await this.#text(path);
      if (text === null) return null;
      const record = recordIn(text);
      if (record !== null) return record;
      // Its own time may lie in the future.
      if (waited > youngMs || (await this.silentFor(path)) > youngMs) throw notALock(path);
      await pause(stop);
    }
  }

  /** Milliseconds since it last changed. 0 where it is gone. */
  async silentFor(path: string, now: () => Promise<number> = () => this.now()): Promise<number> {
    try {
      const { mtimeMs } = await this.files.stat(path);
      return Math.max(0, (await now()) - mtimeMs);
    } catch {
      return 0;
    }
  }

  /** By the clock of the place: that of a file that is made there now. Of this machine where none can be made. */
  async now(): Promise<number> {
    const path = `${this.path}.${randomUUID()}.now`;
    try {
      await this.files.create(path, '\n');
      return (await this.files.stat(path)).mtimeMs;
    } catch {
      return Date.now();
    } finally {
      await this.files.remove(path).catch(() => {});
    }
  }

  async isDead(path: string, record: LockRecord, self: ProcessIdentity): Promise<boolean> {
    const verdict = await judgeProcess(record, self);
    if (verdict !== 'gone-if-silent') return verdict === 'gone';
    return (await this.silentFor(path)) > this.options.silentMs;
  }

  async #text(path: string): Promise<string | null> {
    try {
      return await this.files.read(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      if (error instanceof NotAFileError) throw notALock(path, error.message);
      throw error;
    }
  }
}

async function pause(stop: AbortSignal | undefined): Promise<void> {
  try {
    await delay(PAUSE_MS, undefined, stop === undefined ? {} : { signal: stop });
  } catch (error) {
    stop?.throwIfAborted();
    throw error;
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function notALock(path: string, what?: string): FleetformError {
  const shown = safeText(path);
  const found = what === undefined ? '' : `: it is ${what}`;
  return new FleetformError('state.invalid-lock', `${shown} is not a lock file of fleetform${found}`, {
    hint: `If no fleetform is running, delete it: ${shown}`,
  });
}
