/**
 * The two tables of a schema: `states`, with the newest state and the lock of each name, and `versions`, with those
 * that were kept before: one for each holder of the lock, its last. They are made by the first lock, so that whoever only plans needs no rights but to read.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { safeText } from '../../../model/safe-text.ts';
import { denied } from '../../errors.ts';
import { type Connection, QueryError } from './connection.ts';
import { quoted, type Target } from './failures.ts';

/** No such table, no such schema. */
const ABSENT = new Set(['42P01', '3F000']);
/** Another made the same at the same moment: unique violation, what exists already, tuple concurrently updated. */
const AT_ONCE = new Set(['23505', '42P06', '42P07', '42710', 'XX000', '40P01']);
const TRIES = 8;

/** `none` where the tables have not been made yet. */
export async function unlessAbsent<T, N>(asked: Promise<T>, none: N): Promise<T | N> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return none;
    throw error;
  }
}

export function isAbsent(error: unknown): boolean {
  return error instanceof QueryError && ABSENT.has(error.sqlState ?? '');
}

/** Whoever does so at the same moment, both have them afterwards. Throws `state.denied` with what is missing. */
export async function makeTables(connection: Connection, target: Target, schemaName: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      // CREATE SCHEMA wants its right even where there is nothing to create.
      const found = await connection.ask('SELECT 1 AS one FROM pg_catalog.pg_namespace WHERE nspname = $1', [
        schemaName,
      ]);
      const schema = found.rows.length > 0 ? '' : `CREATE SCHEMA IF NOT EXISTS ${target.schema};`;
      await connection.ask(`${schema}${tablesIn(target.schema)}`);
      return;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      if (error.sqlState === '42501') throw mayNotCreate(error, target);
      if (!AT_ONCE.has(error.sqlState ?? '') || tried >= TRIES) throw error;
      await delay(tried * 50 * Math.random());
    }
  }
}

function tablesIn(schema: string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${schema}.states (
      name text PRIMARY KEY,
      serial bigint,
      state text,
      written timestamptz,
      lock_id uuid,
      lock_holder jsonb,
      lock_beat timestamptz
    );
    CREATE TABLE IF NOT EXISTS ${schema}.versions (
      id bigint GENERATED ALWAYS AS IDENTITY,
      name text NOT NULL,
      serial bigint NOT NULL,
      state text NOT NULL,
      at timestamptz NOT NULL,
      who text NOT NULL,
      operation text NOT NULL,
      job text,
      commit text,
      entries integer NOT NULL,
      lock_id uuid NOT NULL,
      PRIMARY KEY (name, id),
      UNIQUE (name, lock_id)
    );`;
}

function mayNotCreate(error: QueryError, { settings, location, schema }: Target) {
  const role = safeText(quoted(settings.user));
  return denied(
    location,
    `its tables do not exist yet, and ${role} may not make them: ${error.message.split(' refuses access: ').at(-1)}`,
    `Once, as an owner of the database: CREATE SCHEMA IF NOT EXISTS ${schema}; GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}; ` +
      'Or let a role that may create them run the first apply, and grant this one what the README lists.',
  );
}
