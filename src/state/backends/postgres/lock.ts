/**
 * The lock of a state, in its row of `states`: taken, shown and given back by one statement each. All times are the
 * server's.
 *
 * Invariant: every statement names the lock that it is about, so whatever comes late finds it gone and does nothing.
 */
import { randomUUID } from 'node:crypto';
import { describeHolder, type Env } from '../../../lock/holder.ts';
import {
  LockedError,
  type LockHolder,
  type LockInspection,
  lockAlive,
  noSuchLock,
} from '../../../lock/lock.ts';
import { type LockRecord, recordIn } from '../../../lock/lock-record.ts';
import { refuseAlive } from '../../../lock/may-remove.ts';
import { ownIdentity } from '../../../lock/process-identity.ts';
import { unknownHolder } from '../../../model/lock-holder.ts';
import { safeText } from '../../../model/safe-text.ts';
import type { NamedLock } from '../../backend.ts';
import type { LockKeeper } from '../kept-lock.ts';
import { GONE, nowOf } from '../loss.ts';
import { givenBack, stillLocked } from '../lost-answer.ts';
import { type Connection, QueryError, type Row } from './connection.ts';
import type { Target } from './failures.ts';
import { isAbsent, makeTables, unlessAbsent } from './tables.ts';

export interface LockRow extends Target {
  readonly connection: Connection;
  readonly schemaName: string;
  readonly name: string;
}

const SEEN = `lock_id, lock_holder::text AS holder, extract(epoch FROM now() - lock_beat)::text AS silent`;
/** So often two may take turns before it is told as held. */
const ROUNDS = 10;

/** Throws a `LockedError`, or the reason of `stop`. */
export async function takeLock(
  row: LockRow,
  operation: string,
  env: Env,
  stop?: AbortSignal,
): Promise<LockRecord> {
  const record = { id: randomUUID(), ...describeHolder(operation, env), ...(await ownIdentity()) };
  for (let round = 1; ; round += 1) {
    stop?.throwIfAborted();
    try {
      if (await tryLock(row, record, stop)) break;
    } catch (error) {
      // It may have been taken, and nobody would give it back.
      const isInDoubt = stop?.aborted === true || (error instanceof QueryError && error.mayBeDone);
      throw isInDoubt ? await givenBack(error, record.id, () => release(row, record.id, 1)) : error;
    }
    const other = await seenLock(row);
    if (other !== null) throw new LockedError(other.holder, other.silentSeconds, row.location);
    if (round >= ROUNDS)
      throw new LockedError(unknownHolder('00000000-0000-0000-0000-000000000000'), null, row.location);
  }
  if (stop?.aborted) {
    await release(row, record.id).catch((error) => {
      throw stillLocked(error, record.id);
    });
    stop.throwIfAborted();
  }
  return record;
}

/**
 * Sent again after a lost answer, it finds the lock its own. What had to wait for the row takes nothing any more once
 * its answer is not waited for: nobody would give it back.
 */
async function tryLock(row: LockRow, record: LockRecord, stop: AbortSignal | undefined): Promise<boolean> {
  const text = `
    INSERT INTO ${row.schema}.states AS kept (name, lock_id, lock_holder, lock_beat)
    VALUES ($1, $2::uuid, $3::jsonb, now())
    ON CONFLICT (name) DO UPDATE
      SET lock_id = EXCLUDED.lock_id, lock_holder = EXCLUDED.lock_holder, lock_beat = EXCLUDED.lock_beat
      WHERE (kept.lock_id IS NULL OR kept.lock_id = EXCLUDED.lock_id)
        AND clock_timestamp() - statement_timestamp() < $4::double precision * interval '1 millisecond'
    RETURNING 1 AS one`;
  const ask = () =>
    row.connection.ask(text, [row.name, record.id, JSON.stringify(record), row.connection.answerMs], {
      stop,
    });
  try {
    return (await ask()).rows.length > 0;
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await makeTables(row.connection, row, row.schemaName);
    return (await ask()).rows.length > 0;
  }
}

export function keeperOf({ connection, schema, name }: LockRow, id: string): LockKeeper {
  const mine = [name, id];
  /** Who has it instead. */
  const holder = async () => {
    const { rows } = await connection.ask(`SELECT ${SEEN} FROM ${schema}.states WHERE name = $1`, [name]);
    return whyNot(rows[0], id);
  };
  return {
    look: holder,
    async beat() {
      const text = `UPDATE ${schema}.states SET lock_beat = now() WHERE name = $1 AND lock_id = $2::uuid RETURNING 1 AS one`;
      const { rows } = await connection.ask(text, mine, { tries: 2 });
      return rows.length > 0 ? null : holder();
    },
    release: () => release({ connection, schema, name }, id),
  };
}

async function release(
  { connection, schema, name }: Pick<LockRow, 'connection' | 'schema' | 'name'>,
  id: string,
  tries?: number,
): Promise<void> {
  const text = `UPDATE ${schema}.states SET lock_id = NULL, lock_holder = NULL, lock_beat = NULL
    WHERE name = $1 AND lock_id = $2::uuid`;
  await unlessAbsent(connection.ask(text, [name, id], tries === undefined ? {} : { tries }), null);
}

/** null: that lock is held. */
export function whyNot(row: Row | undefined, id: string): string | null {
  const found = row === undefined ? null : inspectionIn(row);
  if (found === null) return GONE;
  return found.holder.id === id ? null : nowOf(found.holder);
}

export async function seenLock({ connection, schema, name }: LockRow): Promise<LockInspection | null> {
  const asked = connection.ask(`SELECT ${SEEN} FROM ${schema}.states WHERE name = $1`, [name]);
  const found = await unlessAbsent(asked, null);
  return found?.rows[0] === undefined ? null : inspectionIn(found.rows[0]);
}

export async function seenLocks({ connection, schema }: LockRow): Promise<readonly NamedLock[]> {
  const text = `SELECT name, ${SEEN} FROM ${schema}.states WHERE lock_id IS NOT NULL ORDER BY name`;
  const found = await unlessAbsent(connection.ask(text), null);
  return (found?.rows ?? []).map((row) => ({ name: safeText(row.name ?? '', 200), ...inspectionIn(row)! }));
}

/** Throws `state.no-such-lock`, and unless it `isForced` `state.lock-alive`. */
export async function removeLock(
  row: LockRow,
  id: string,
  isForced: boolean,
  silentMs: number,
): Promise<LockHolder> {
  const { connection, schema, name } = row;
  for (let round = 1; ; round += 1) {
    const found = await seenLock(row);
    if (found?.holder.id !== id) throw noSuchLock(id, found?.holder ?? null);
    const isGone = isForced || (await refuseLiving(found, silentMs)) === 'gone';
    // Its holder may show a sign of life between the two.
    const text = `UPDATE ${schema}.states SET lock_id = NULL, lock_holder = NULL, lock_beat = NULL
      WHERE name = $1 AND lock_id = $2::uuid
        AND ($3::boolean OR lock_beat IS NULL OR lock_beat < now() - $4::double precision * interval '1 millisecond')
      RETURNING 1 AS one`;
    const { rows, isRepeat } = await connection.ask(text, [name, id, isGone, silentMs]);
    if (rows.length > 0) return found.holder;
    const left = isRepeat ? await seenLock(row) : found;
    if (left?.holder.id !== id) return found.holder;
    if (round >= ROUNDS) throw lockAlive(found.holder, found.silentSeconds);
  }
}

/** Without any sign of life, it was no fleetform that wrote it. */
function refuseLiving(
  { holder, silentSeconds }: LockInspection,
  limitMs: number,
): Promise<'gone' | 'silent'> {
  const identity = 'bootId' in holder ? (holder as LockRecord) : null;
  const silentMs = silentSeconds === null ? Number.POSITIVE_INFINITY : silentSeconds * 1000;
  return refuseAlive({ holder, identity, silentMs, limitMs, showsLife: true });
}

function inspectionIn({ lock_id: id, holder, silent }: Row): LockInspection | null {
  if (id === null || id === undefined) return null;
  const record = recordIn(holder ?? '');
  const seconds = silent === null || silent === undefined ? null : Math.max(0, Math.round(Number(silent)));
  return { holder: record === null ? unknownHolder(id) : { ...record, id }, silentSeconds: seconds };
}
