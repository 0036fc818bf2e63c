/**
 * The environment → the parameters of a connection, by the names that libpq has for them: those of
 * FLEETFORM_STATE_POSTGRES_URL, and what it leaves open from PGHOST and its like. The file has no say.
 *
 * Invariant: no error shows the URL, which may hold a password; nor a part of it that is one where a password was not
 * percent-encoded, and the rest of it was taken for a path or a parameter.
 */
import type { Env } from '../../../lock/holder.ts';
import type { FleetformError } from '../../../model/errors.ts';
import { badAddress, noAddress } from '../../errors.ts';

export const URL_VARIABLE = 'FLEETFORM_STATE_POSTGRES_URL';

const VARIABLES = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
  channel_binding: 'PGCHANNELBINDING',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
} as const;

export type Parameter = keyof typeof VARIABLES;
export type Parameters = Readonly<Partial<Record<Parameter, string>>>;

/** Nothing that could make a connection less safe than asked for is among these. */
const WITHOUT_EFFECT = new Set([
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'target_session_attrs',
]);

const URL_PARTS = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** Throws `state.no-address` and `state.bad-address`. `know`: as in `StatePlace`. */
export function parametersFrom(env: Env, know: (credential: string | null | undefined) => void): Parameters {
  know(env.PGPASSWORD);
  const url = env[URL_VARIABLE];
  const told = Object.entries(VARIABLES).flatMap(([name, variable]) =>
    env[variable] ? [[name, env[variable]] as const] : [],
  );
  for (const [name, text] of told) refuseWhole(VARIABLES[name as Parameter], name, text, know);
  if (!url && !told.some(([name]) => ['host', 'hostaddr', 'dbname', 'user'].includes(name)))
    throw noAddress(
      'the environment does not say which database keeps the state',
      `Set ${URL_VARIABLE}=postgresql://USER:PASSWORD@HOST:5432/DATABASE, or PGHOST, PGUSER, PGPASSWORD and PGDATABASE` +
        `${env.PGSERVICE ? ' (PGSERVICE is not read)' : ''}. The file never names it, nor holds a password.`,
    );
  return { ...Object.fromEntries(told), ...(url ? inUrl(url, know) : {}) };
}

/** A whole address in a variable for a part of one would be shown as that part. */
function refuseWhole(variable: string, name: string, text: string, know: (credential: string) => void): void {
  if (!['host', 'hostaddr', 'port', 'user', 'dbname'].includes(name)) return;
  if (!/:\/\/|\bpassword\s*=/i.test(text)) return;
  know(/:\/\/[^:]*:(.*)@/s.exec(text)?.[1] ?? text);
  throw wrongUrl('is where a whole address belongs', variable);
}

function inUrl(url: string, know: (credential: string) => void): Parameters {
  // Up to the last @, whatever is in between: so it is known also where the URL is none.
  const secret = /:\/\/[^:]*:(.*)@/s.exec(url)?.[1];
  if (secret !== undefined) know(secret);
  const [whole, userInfo = '', authority = '', path = '', query = ''] = URL_PARTS.exec(url) ?? [];
  if (whole === undefined) throw wrongUrl('is not a URL of PostgreSQL');
  if (/@/.test(`${path}${query}`))
    throw wrongUrl('holds an @ after its host: a password is not percent-encoded');
  const [user, ...rest] = userInfo.split(':');
  if (rest.length > 0) know(rest.join(':'));
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? [];
  if (`${host}${port === '' ? '' : `:${port}`}` !== authority.replace(/:$/, ''))
    throw wrongUrl('names its host and port in a way that cannot be read');
  const found: Partial<Record<Parameter, string>> = {};
  const set = (name: Parameter, text: string) => {
    if (name === 'password') know(text);
    const value = decoded(text);
    if (name === 'password') know(value);
    if (value !== '') found[name] = value;
  };
  set('user', user ?? '');
  set('password', rest.join(':'));
  set('host', host.replace(/^\[(.*)\]$/, '$1'));
  set('port', port);
  set('dbname', path);
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const [name = '', ...value] = pair.split('=');
    const isTrue = name === 'ssl' && value.join('=') === 'true';
    if (isTrue) set('sslmode', 'require');
    else if (Object.hasOwn(VARIABLES, name)) set(name as Parameter, value.join('='));
    else if (!WITHOUT_EFFECT.has(name))
      throw wrongUrl(`has a parameter${shownName(name, query)} that is not known`);
  }
  return found;
}

/** After a password in the query, it may be the rest of that, behind a raw &. */
function shownName(name: string, query: string): string {
  return /^[a-z_]{1,40}$/.test(name) && !/password/i.test(query) ? ` "${name}"` : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl('holds a % that is not followed by two hexadecimal digits');
  }
}

/** `why`: the end of a sentence about the URL. `instead`: the variable that was set in its place. */
function wrongUrl(why: string, instead?: string): FleetformError {
  const what =
    instead === undefined
      ? `${URL_VARIABLE} ${why}`
      : `${instead} holds a whole address: ${URL_VARIABLE} ${why}`;
  return badAddress(
    what,
    'It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full, with : / @ ? # and % in a user or ' +
      'password written as %3A %2F %40 %3F %23 and %25. It may name: ' +
      `${Object.keys(VARIABLES).join(', ')}.`,
  );
}
