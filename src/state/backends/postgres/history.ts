/** The states that were kept before, in `versions`; see `writeText` of the backend for how they get there. */
import { safeText } from '../../../model/safe-text.ts';
import type { StateHistory } from '../../backend.ts';
import { parseState } from '../../state-json.ts';
import type { LockRow } from './lock.ts';
import { unlessAbsent } from './tables.ts';

export function historyOf({ connection, schema, name, location }: LockRow): StateHistory {
  return {
    async versions(limit) {
      const text = `
        SELECT serial::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, who, operation, job,
          commit, entries::text
        FROM ${schema}.versions WHERE name = $1 ORDER BY id DESC LIMIT $2::bigint`;
      const found = await unlessAbsent(connection.ask(text, [name, limit]), null);
      const shown = (value: string | null | undefined) => (value == null ? null : safeText(value, 300));
      return (found?.rows ?? []).map(({ serial, at, who, operation, job, commit, entries }) => ({
        serial: Number(serial),
        at: shown(at) ?? '',
        who: shown(who) ?? '',
        operation: shown(operation) ?? '',
        job: shown(job),
        commit: shown(commit),
        entries: Number(entries),
      }));
    },
    async at(serial) {
      if (!Number.isSafeInteger(serial)) return null;
      const text = `SELECT state FROM ${schema}.versions WHERE name = $1 AND serial = $2::bigint ORDER BY id DESC LIMIT 1`;
      const found = await unlessAbsent(connection.ask(text, [name, serial]), null);
      const state = found?.rows[0]?.state;
      return state == null ? null : parseState(state, `serial ${serial} of ${location}`);
    },
  };
}
