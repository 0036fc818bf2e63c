/**
 * The record of a sandbox, kept in `sandbox.json`: shared by every process that uses the folder. Reads take no lock
 * (the file is only ever replaced whole). Changes wait in a queue; all that wait are made under one short exclusive
 * lock and with one write, so that thousands of them cost little more than hundreds.
 *
 * Invariant: between the read of the record and the write of the changed one nothing else of this process runs, and
 * no other process writes.
 */
import { join } from 'node:path';
import { replacePrivateSync } from '../files/write-file.ts';
import { ownIdentity, type ProcessIdentity } from '../lock/process-identity.ts';
import { lockFolder, unwritable } from './folder-lock.ts';
import { readRecord, stampOf } from './record-file.ts';
import { emptyRecord, type SandboxRecord } from './world.ts';

/** Gets the record as it is; a change is made in place and told by `hasChanged`. */
export type Change<T> = (record: SandboxRecord) => { readonly result: T; readonly hasChanged: boolean };

export interface SandboxStore {
  /** Throws `sandbox.invalid`. What it returns is not to be changed. */
  read(): SandboxRecord;
  /**
   * Resolves when the change is in the file. Aborted before its turn, it is never made and rejects with the
   * signal's reason. Rejects with `sandbox.invalid`, `sandbox.busy`, `sandbox.unwritable`.
   */
  change<T>(change: Change<T>, signal?: AbortSignal): Promise<T>;
  /** A new record in place of whatever is there, readable or not. */
  reset(): Promise<void>;
}

interface Turn {
  /** The record after it; null: as before. */
  readonly run: (current: () => SandboxRecord) => SandboxRecord | null;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

export function openStore(folder: string, seed?: number): SandboxStore {
  const path = join(folder, 'sandbox.json');
  const waiting: Turn[] = [];
  let cached: { readonly stamp: string; readonly record: SandboxRecord } | undefined;
  let isAtWork = false;
  let self: ProcessIdentity | undefined;

  function read(): SandboxRecord {
    const stamp = stampOf(path);
    if (stamp === null) return emptyRecord(seed);
    if (cached?.stamp !== stamp) cached = { stamp, record: readRecord(path) };
    return cached.record;
  }

  function write(record: SandboxRecord): void {
    const next = Object.assign(record, { generation: (record.generation ?? 0) + 1 });
    cached = undefined;
    try {
      // The generation is at the front, where `stampOf` looks.
      const { version, generation, ...rest } = next;
      replacePrivateSync(path, JSON.stringify({ version, generation, ...rest }));
    } catch (error) {
      throw unwritable(path, error);
    }
    cached = { stamp: stampOf(path) ?? '', record: next };
  }

  /** What it returns tells those who wait; not before the lock is free, or they would find it held. */
  function makeChanges(turns: readonly Turn[]): () => void {
    let record: SandboxRecord | undefined;
    let hasChanged = false;
    const settlements: (() => void)[] = [];
    const made: Turn[] = [];
    for (const turn of turns) {
      try {
        const next = turn.run(() => record ?? read());
        if (next !== null) {
          record = next;
          hasChanged = true;
        }
        made.push(turn);
      } catch (error) {
        settlements.push(() => turn.fail(error));
      }
    }
    try {
      if (hasChanged) write(record!);
      settlements.push(...made.map((turn) => turn.done));
    } catch (error) {
      settlements.push(...made.map((turn) => () => turn.fail(error)));
    }
    return () => {
      for (const settle of settlements) settle();
    };
  }

  async function work(): Promise<void> {
    if (isAtWork) return;
    isAtWork = true;
    while (waiting.length > 0) {
      try {
        self ??= await ownIdentity();
        const lock = await lockFolder(folder, self);
        const settle = makeChanges(waiting.splice(0));
        await lock.release().finally(settle);
      } catch (error) {
        for (const turn of waiting.splice(0)) turn.fail(error);
      }
    }
    isAtWork = false;
  }

  function enqueue<T>(
    run: (current: () => SandboxRecord) => { readonly result: T; readonly record: SandboxRecord | null },
    signal?: AbortSignal,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      let result: T;
      const settle = (how: () => void) => {
        signal?.removeEventListener('abort', leave);
        how();
      };
      const turn: Turn = {
        run(current) {
          const made = run(current);
          result = made.result;
          return made.record;
        },
        done: () => settle(() => resolve(result)),
        fail: (error) => settle(() => reject(error)),
      };
      const leave = () => {
        const place = waiting.indexOf(turn);
        if (place < 0) return;
        waiting.splice(place, 1);
        turn.fail(signal?.reason);
      };
      signal?.addEventListener('abort', leave);
      waiting.push(turn);
      void work();
    });
  }

  return {
    read,
    change: (change, signal) =>
      enqueue((current) => {
        const record = current();
        const { result, hasChanged } = change(record);
        return { result, record: hasChanged ? record : null };
      }, signal),
    reset: () => enqueue(() => ({ result: undefined, record: emptyRecord(seed) })),
  };
}
