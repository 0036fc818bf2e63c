/** Parameters of a connection → where to connect to and as whom, with what libpq takes where nothing is said. */
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Env } from '../../../lock/holder.ts';
import type { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { badAddress } from '../../errors.ts';
import { type Parameters, parametersFrom } from './parameters.ts';
import { passwordIn } from './passfile.ts';
import { type Tls, tlsFrom } from './tls.ts';

export interface PostgresSettings {
  /** A name or address, or the folder of a socket; what a certificate has to be of. */
  readonly host: string;
  /** What is connected to: the host, unless its address is given, too. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** null: none is known. */
  readonly password: string | null;
  readonly database: string;
  readonly tls: Tls;
  readonly bindsChannel: boolean;
  readonly isDirectTls: boolean;
  readonly options: string | null;
  readonly connectMs: number;
}

const DEFAULT_CONNECT_S = 10;

/** Throws `state.no-address`, `state.bad-address` and what is wrong with the files that are named. */
export function settingsFrom(
  env: Env,
  know: (credential: string | null | undefined) => void,
): PostgresSettings {
  const parameters = parametersFrom(env, know);
  const home = env.HOME ?? homedir();
  const host = parameters.host ?? parameters.hostaddr ?? socketFolder();
  const port = portFrom(parameters.port ?? '5432');
  const user = parameters.user ?? systemUser();
  const database = parameters.dbname ?? user;
  refuseSeveral(parameters);
  const password =
    parameters.password ??
    passwordIn(parameters.passfile ?? join(home, '.pgpass'), {
      host: isAbsolute(host) ? 'localhost' : host,
      port: String(port),
      database,
      user,
    });
  know(password);
  const tls: Tls = isAbsolute(host) ? { use: 'never' } : tlsFrom(parameters, host, home);
  const binding = oneOf('channel_binding', parameters.channel_binding ?? 'prefer', [
    'disable',
    'prefer',
    'require',
  ]);
  const negotiation = oneOf('sslnegotiation', parameters.sslnegotiation ?? 'postgres', [
    'postgres',
    'direct',
  ]);
  if (tls.use !== 'always' && !isAbsolute(host) && (binding === 'require' || negotiation === 'direct'))
    throw wrong(
      'channel_binding=require or sslnegotiation=direct',
      'needs sslmode=require or a stricter one',
    );
  return {
    host,
    address: parameters.hostaddr ?? host,
    port,
    user,
    password,
    database,
    tls,
    bindsChannel: binding === 'require' && !isAbsolute(host),
    isDirectTls: negotiation === 'direct' && !isAbsolute(host),
    options: parameters.options ?? null,
    connectMs: timeoutFrom(parameters.connect_timeout),
  };
}

/** For people: `db.example.org:5432`, `/run/postgresql/.s.PGSQL.5432`. */
export function serverText({ host, port }: Pick<PostgresSettings, 'host' | 'port'>): string {
  const server = isAbsolute(host) ? `${host}/.s.PGSQL` : host.includes(':') ? `[${host}]` : host;
  return safeText(`${server}${isAbsolute(host) ? '.' : ':'}${port}`, 300);
}

function socketFolder(): string {
  return existsSync('/var/run/postgresql') ? '/var/run/postgresql' : '/tmp';
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw wrong('user', 'is not set');
  }
}

function refuseSeveral({ host, hostaddr, port }: Parameters): void {
  if ([host, hostaddr, port].some((one) => one?.includes(',')))
    throw wrong('host', 'names several servers: name one');
}

function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw wrong('port', 'is not a port from 1 to 65535');
  return port;
}

/** As libpq has it: seconds; 0 or less is no limit there, and the default here; 1 counts as 2. */
function timeoutFrom(text: string | undefined): number {
  const seconds = Number(text ?? DEFAULT_CONNECT_S);
  if (!Number.isInteger(seconds)) throw wrong('connect_timeout', 'is not a number of seconds');
  return 1000 * (seconds <= 0 ? DEFAULT_CONNECT_S : Math.min(Math.max(seconds, 2), 60));
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw wrong(name, `is "${safeText(value, 40)}", not one of ${allowed.join(', ')}`);
  return found;
}

function wrong(name: string, why: string): FleetformError {
  return badAddress(
    `the address of the state's database: ${name} ${why}`,
    'It comes from FLEETFORM_STATE_POSTGRES_URL, or from the PG variable of that name.',
  );
}
