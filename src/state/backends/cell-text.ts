/**
 * What a cell holds: in its first line the lock (`null`: none), after it the state as everywhere (nothing: none yet).
 * Anyone who can write to the storage may have written it.
 */
import { type LockRecord, recordIn } from '../../lock/lock-record.ts';
import { FleetformError } from '../../model/errors.ts';

export interface CellLock {
  readonly record: LockRecord;
  /** Unix milliseconds: the last sign of life, by the holder's clock. */
  readonly beat: number;
}

export interface CellText {
  readonly lock: CellLock | null;
  /** Its JSON; null: none was written yet. */
  readonly state: string | null;
}

export function cellToText({ lock, state }: CellText): string {
  const first = lock === null ? 'null' : JSON.stringify({ ...lock.record, beat: lock.beat });
  return `${first}\n${state ?? ''}`;
}

/** Throws `state.invalid`. */
export function cellIn(text: string | null, location: string): CellText {
  if (text === null) return { lock: null, state: null };
  const end = text.indexOf('\n');
  const first = text.slice(0, Math.max(end, 0));
  const state = text.slice(end + 1);
  const lock = first === 'null' ? null : lockIn(first);
  if (end !== -1 && lock !== undefined) return { lock, state: state === '' ? null : state };
  throw new FleetformError('state.invalid', `${location} does not hold what fleetform keeps there`, {
    hint: 'Its first line is the lock, or `null`; the state is below it. Restore what was there, or give fleetform a place of its own.',
  });
}

/** undefined: it is none. */
function lockIn(line: string): CellLock | undefined {
  const record = recordIn(line);
  if (record === null) return undefined;
  const { beat } = JSON.parse(line) as { beat?: unknown };
  return typeof beat === 'number' && Number.isFinite(beat) ? { record, beat } : undefined;
}
