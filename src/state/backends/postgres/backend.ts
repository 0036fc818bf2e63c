/**
 * The state in a table of PostgreSQL, see `tables.ts`, with its lock in the same row.
 *
 * Invariant: one statement replaces the state, and only that of the holder that the row names and of the serial that
 * was expected, or of a write of its own whose answer never came: that may be done late, and what follows it holds all
 * of it. Sent again after a lost answer, it does nothing twice.
 */
import type { Env } from '../../../lock/holder.ts';
import type { DesiredSettings } from '../../../model/desired.ts';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import type { State } from '../../../model/state.ts';
import type { StateBackend } from '../../backend.ts';
import { otherSerial } from '../../errors.ts';
import { paceBy } from '../../pace.ts';
import { parseState, stateToJson } from '../../state-json.ts';
import { type KeptLock, type KeptLockOptions, keptLock } from '../kept-lock.ts';
import { refuseUnheld } from '../loss.ts';
import { stillLocked } from '../lost-answer.ts';
import { connectionTo, type Pace } from './connection.ts';
import { quoted } from './failures.ts';
import { historyOf } from './history.ts';
import { keeperOf, type LockRow, removeLock, seenLock, seenLocks, takeLock, whyNot } from './lock.ts';
import { serverText, settingsFrom } from './settings.ts';
import { unlessAbsent } from './tables.ts';

export interface PostgresPlace {
  readonly settings: Pick<DesiredSettings, 'name' | 'state'>;
  readonly env: Env;
  /** As in `StatePlace`. */
  readonly know: (credential: string | null | undefined) => void;
}

const LOCK: KeptLockOptions = {
  heartbeatMs: 10_000,
  silentMs: 65_000,
  freshMs: 500,
  monotonic: () => performance.now(),
};

interface Hold {
  readonly kept: KeptLock;
  /** Serials of writes that may still be done. */
  readonly late: Set<number>;
}

/** Versions of a name that are kept. */
const KEPT = 100;

/** Connects to nothing yet. Throws what is wrong with the environment. */
export function openPostgres(
  { settings: { name, state }, env, know }: PostgresPlace,
  options: Partial<KeptLockOptions> & { readonly pace?: Pace } = {},
): StateBackend {
  if (state.backend !== 'postgres') throw new TypeError(state.backend);
  const settings = settingsFrom(env, know);
  const location = `database ${safeText(settings.database, 100)} on ${serverText(settings)} (schema ${state.schema}, state ${name})`;
  const target = { settings, location, schema: quoted(state.schema) };
  const connection = connectionTo(target, options.pace);
  const row: LockRow = { ...target, connection, schemaName: state.schema, name };
  const timing = { ...LOCK, ...options };
  const held = new Map<string, Hold>();

  return {
    kind: 'postgres',
    location,
    pace: paceBy(timing.monotonic),
    async read() {
      const text = `SELECT serial::text, state FROM ${row.schema}.states WHERE name = $1`;
      const found = (await unlessAbsent(connection.ask(text, [name]), null))?.rows[0];
      if (found?.state == null) return null;
      const read = parseState(found.state, location);
      if (String(read.serial) !== found.serial)
        throw otherColumn(location, read.serial, found.serial ?? 'none');
      return read;
    },
    async write(next, { lock, expectedSerial }) {
      const mine = held.get(lock.holder.id);
      if (mine === undefined) return refuseUnheld(lock, location);
      mine.kept.lost.throwIfAborted();
      await replace(row, mine, next, expectedSerial, timing.monotonic);
    },
    async lock(operation, stop) {
      const holder = await takeLock(row, operation, env, stop);
      const lock = keptLock(keeperOf(row, holder.id), holder, location, timing);
      held.set(holder.id, { kept: lock, late: new Set() });
      return {
        ...lock,
        release() {
          held.delete(holder.id);
          return lock.release().catch((error) => {
            throw stillLocked(error, holder.id);
          });
        },
      };
    },
    inspectLock: () => seenLock(row),
    forceUnlock: (id, isForced) => removeLock(row, id, isForced, timing.silentMs),
    history: historyOf(row),
    locks: { list: () => seenLocks(row) },
    close: () => connection.close(),
  };
}

/**
 * One statement, so all of it or nothing: the state, a sign of life, the version, and the oldest one less. What one holder
 * writes is one version: an apply writes for each batch, and a large one would leave nothing of those before it.
 */
function writeText(schema: string): string {
  return `
    WITH kept AS (
      UPDATE ${schema}.states SET serial = $3::bigint, state = $4, written = now(), lock_beat = now()
      WHERE name = $1 AND lock_id = $2::uuid AND (serial IS NOT DISTINCT FROM $5::bigint OR serial = ANY($11::bigint[]))
      RETURNING name, serial, state, written
    ), added AS (
      INSERT INTO ${schema}.versions (name, serial, state, at, who, operation, job, commit, entries, lock_id)
      SELECT name, serial, state, written, $6, $7, $8, $9, $10::integer, $2::uuid FROM kept
      ON CONFLICT (name, lock_id) DO UPDATE
        SET serial = excluded.serial, state = excluded.state, at = excluded.at, entries = excluded.entries
    ), trimmed AS (
      DELETE FROM ${schema}.versions AS old USING kept
      WHERE old.name = kept.name AND old.id <= (
        SELECT id FROM ${schema}.versions WHERE name = $1 AND lock_id <> $2::uuid
        ORDER BY id DESC OFFSET ${KEPT - 1} LIMIT 1
      )
    )
    SELECT 1 AS one FROM kept`;
}

async function replace(
  row: LockRow,
  { kept: lock, late }: Hold,
  state: State,
  expectedSerial: number | null,
  monotonic: () => number,
): Promise<void> {
  const { connection, schema, name, location } = row;
  const { id, who, operation, job, commit } = lock.holder;
  const text = asciiJson(stateToJson(state));
  const entries = Object.keys(state.entries).length;
  const older = [...late].filter((serial) => serial < state.serial);
  const values = [name, id, state.serial, text, expectedSerial, who, operation, job, commit, entries, older];
  const since = monotonic();
  const { rows, isRepeat } = await connection.ask(writeText(schema), values).catch((error) => {
    late.add(state.serial);
    throw error;
  });
  if (rows.length > 0) return lock.confirm(since);
  const found = await connection.ask(
    `SELECT lock_id, lock_holder::text AS holder, NULL AS silent, serial::text, (state = $2)::text AS same
      FROM ${schema}.states WHERE name = $1`,
    [name, text],
  );
  const why = whyNot(found.rows[0], id);
  if (why !== null) throw lock.lose(why);
  const { serial, same } = found.rows[0]!;
  // The answer was lost, and what it was about had been done.
  if (isRepeat && serial === String(state.serial) && same === 'true') return lock.confirm(since);
  throw otherSerial(location, serial == null ? null : Number(serial), expectedSerial);
}

/** Says the same, in whatever encoding the database is. */
function asciiJson(json: string): string {
  return json.replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function otherColumn(location: string, inState: number, inColumn: string): FleetformError {
  return new FleetformError(
    'state.invalid',
    `${location} was changed by hand: the state has serial ${inState}, and its row says ${safeText(inColumn, 40)}`,
    { hint: 'Set the column `serial` to the serial that the state has.' },
  );
}
