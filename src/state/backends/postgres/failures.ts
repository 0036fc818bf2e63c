/** What the driver, the network or the server says went wrong → words, and whether another try may help. */
import { isAbsolute } from 'node:path';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { denied, refused, unreachable } from '../../errors.ts';
import { type PostgresSettings, serverText } from './settings.ts';

export interface Failure {
  /** null: it is not the server that says so. */
  readonly sqlState: string | null;
  readonly isTransient: boolean;
  /** `tries`: how often it was tried. */
  told(tries: number): FleetformError;
}

export interface Target {
  readonly settings: PostgresSettings;
  readonly location: string;
  /** Quoted. */
  readonly schema: string;
}

/** PgBouncer refuses a login with the code of a broken protocol. */
const POOLER_REFUSES = '28000';

/** Lost or refused connections, a server that starts or stops, no connection left, transactions in each other's way. */
const TRANSIENT = /^(?:08...|57P0[1-3]|53300|40001|40P01)$/;

/** `isLogin`: it never came to a statement. */
export function failureOf(error: unknown, target: Target, isLogin: boolean): Failure {
  if (error instanceof FleetformError) return { sqlState: null, isTransient: false, told: () => error };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object))
    return ofServer(
      isLogin && code === '08P01' ? POOLER_REFUSES : code,
      `${safeText(message, 300)} (${code})`,
      target,
    );
  return ofNetwork(code ?? '', safeText(message, 300), target);
}

function ofServer(sqlState: string, said: string, target: Target): Failure {
  const isTransient = TRANSIENT.test(sqlState);
  return { sqlState, isTransient, told: (tries) => serverError(sqlState, said, target, tries) };
}

function serverError(sqlState: string, said: string, target: Target, tries: number): FleetformError {
  const { location, settings } = target;
  const user = safeText(settings.user, 100);
  if (sqlState === '53300')
    return unreachable(
      location,
      `${said}, ${triedText(tries)}`,
      'Wait until others are done, or raise max_connections.',
    );
  if (TRANSIENT.test(sqlState)) return unreachable(location, `${said}, ${triedText(tries)}`);
  if (sqlState.startsWith('28'))
    return denied(
      location,
      said,
      `Check the user (${user}), its password, and pg_hba.conf or the settings of the pooler.${passwordHint(settings)}`,
    );
  if (sqlState === '3D000') return denied(location, said, 'Check the name of the database, or create it.');
  if (sqlState === '42501') return denied(location, said, grants(target));
  if (sqlState === '25006')
    return denied(
      location,
      `it is read-only: ${said}`,
      'It may be a standby: name the primary, which can be written to.',
    );
  if (sqlState === '53100' || sqlState === '53200')
    return new FleetformError('state.no-space', `${location} has no room left: ${said}`, {
      hint: 'Free some space on the server and run this again: what was recorded is kept.',
    });
  if (sqlState === '42P01' || sqlState === '42703' || sqlState === '3F000')
    return new FleetformError('state.invalid', `${location} lacks what fleetform made there: ${said}`, {
      hint: 'Restore the tables from a backup, or name another schema. Without a state, a plan still finds what exists by evidence.',
    });
  return refused(
    `${location} refuses the request: ${said}`,
    'Run this again: it checks first and sends nothing twice. If it stays, the log of the server tells more.',
  );
}

function passwordHint({ password }: PostgresSettings): string {
  return password === null ? ' No password is known here: set PGPASSWORD.' : '';
}

/** What a role needs, for an owner to run. */
export function grants({ settings, schema }: Target): string {
  const role = quoted(settings.user);
  return safeText(
    `To plan: GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ${schema}.states, ${schema}.versions TO ${role}; ` +
      `To apply, also: GRANT INSERT, UPDATE ON ${schema}.states TO ${role}; GRANT INSERT, UPDATE, DELETE ON ${schema}.versions TO ${role};`,
  );
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

const UNTRUSTED = /CERT|^UNABLE_TO|^ERR_TLS|SIGNATURE|^INVALID_CA|^ERR_SSL|^EPROTO$/;
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  EACCES: 'the system does not permit it',
};
/** A socket that is not there may belong to a server that starts just now. */
const LASTING = new Set(['EACCES', 'EPERM']);
/** The driver has no code for it. */
export const NO_TLS = 'The server does not support SSL connections';

function ofNetwork(code: string, message: string, { location, settings }: Target): Failure {
  const server = serverText(settings);
  if (UNTRUSTED.test(code)) {
    const why = `the TLS with ${server} failed: ${message} (${code})`;
    return lasting(
      unreachable(
        location,
        why,
        'PGSSLROOTCERT names the certificate that signs the one of the server; the host has to be spelled as in it.',
      ),
    );
  }
  if (message === NO_TLS)
    return lasting(
      unreachable(
        location,
        `${server} offers no TLS`,
        'Switch it on there. Only where the network is trusted: sslmode=disable.',
      ),
    );
  const why = WORDS[code] ?? (code === '' ? message : `${message} (${code})`);
  return {
    sqlState: null,
    isTransient: !LASTING.has(code),
    told: (tries) =>
      unreachable(
        location,
        `${server}: ${why}, ${triedText(tries)}`,
        `Check ${isAbsolute(settings.host) ? 'that the server runs, and the folder of its socket' : 'the network, the host and the port'}, ` +
          'then run this again: it checks first and sends nothing twice.',
      ),
  };
}

function lasting(error: FleetformError): Failure {
  return { sqlState: null, isTransient: false, told: () => error };
}

function triedText(tries: number): string {
  return tries === 1 ? 'tried once' : `tried ${tries} times`;
}
