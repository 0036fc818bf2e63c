/** The lock as the ref holds it: who has it, and when the holder last showed that it lives, by the holder's clock. */
import type { LockHolder } from '../../../lock/lock.ts';
import { type LockRecord, recordIn } from '../../../lock/lock-record.ts';
import type { ProcessIdentity } from '../../../lock/process-identity.ts';
import { FleetformError } from '../../../model/errors.ts';

export interface LockText {
  readonly record: LockRecord;
  /** Unix milliseconds; null: it says none. */
  readonly beat: number | null;
}

export function lockToText(holder: LockHolder, self: ProcessIdentity, beat: number): string {
  return `${JSON.stringify({ ...self, ...holder, beat: new Date(beat).toISOString() }, null, 2)}\n`;
}

/** Throws `state.invalid-lock`. */
export function lockIn(text: string, location: string): LockText {
  const record = recordIn(text);
  if (record === null) {
    throw new FleetformError('state.invalid-lock', `the lock in ${location} is none of fleetform's`, {
      hint: 'If no fleetform is running, remove lock.json from that ref, or restore the ref to its parent commit.',
    });
  }
  const { beat } = JSON.parse(text) as { beat?: unknown };
  const at = typeof beat === 'string' ? Date.parse(beat) : Number.NaN;
  return { record, beat: Number.isNaN(at) ? null : at };
}
