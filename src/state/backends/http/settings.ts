/**
 * Environment and file → where the state and its lock are, with which methods, and who asks. `FLEETFORM_STATE_HTTP_*`
 * beats Terraform's `TF_HTTP_*`, and both beat the file.
 *
 * Invariants: credentials come from the environment alone, and go to no origin that only the file names. Addresses are
 * taken together: whoever names another state has named its lock, too, or none. No method that locks can write over the
 * state, or delete it.
 */
import type { Env } from '../../../lock/holder.ts';
import { judgeBaseUrl } from '../../../model/base-url.ts';
import type { HttpStateSettings } from '../../../model/desired.ts';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { badAddress, noAddress } from '../../errors.ts';
import { type Retries, retriesIn, type Tls, tlsIn } from './connection.ts';
import { authorizationFor, type Login, loginIn } from './login.ts';
import { refuseMixedUp } from './methods.ts';

export interface Endpoint {
  readonly url: URL;
  readonly method: string;
  /** null: it is asked without. */
  readonly authorization: string | null;
}

export interface HttpStatePlace {
  readonly state: Endpoint;
  readonly lock: Endpoint;
  readonly unlock: Endpoint;
  /** For people: of the state, without its query. */
  readonly location: string;
  readonly tls: Tls;
  readonly retries: Retries;
}

type Role = 'ADDRESS' | 'LOCK_ADDRESS' | 'UNLOCK_ADDRESS';

/** What one of them says, the strongest first. */
interface Layer {
  /** Before the names of its settings; null: the file. */
  readonly prefix: string | null;
  readonly text: (name: string) => string | undefined;
}

interface Address {
  readonly url: URL;
  readonly isFromFile: boolean;
  readonly login: Login | null;
  readonly role: Role;
  readonly source: string;
}

const FILE_KEYS: Readonly<Record<string, keyof HttpStateSettings>> = {
  ADDRESS: 'address',
  LOCK_ADDRESS: 'lockAddress',
  UNLOCK_ADDRESS: 'unlockAddress',
  UPDATE_METHOD: 'updateMethod',
  LOCK_METHOD: 'lockMethod',
  UNLOCK_METHOD: 'unlockMethod',
};

/** Throws `state.no-address`, `state.bad-address`, `state.insecure`, `state.untrusted-url`, `state.method` and `state.credentials`. */
export function readPlace(file: HttpStateSettings, env: Env): HttpStatePlace {
  const layers = layersOf(file, env);
  const state = firstAddress(layers, 'ADDRESS');
  if (state === null)
    throw noAddress(
      'the state is kept over HTTP, and no address is named',
      'Set FLEETFORM_STATE_HTTP_ADDRESS (or TF_HTTP_ADDRESS), or `state.address` in the file.',
    );
  const ofState = layers.filter((layer) => (stateUrlIn(layer) ?? state.url).href === state.url.href);
  const lock = firstAddress(ofState, 'LOCK_ADDRESS') ?? state;
  const unlock = firstAddress(ofState, 'UNLOCK_ADDRESS') ?? lock;
  const method = (name: string, fallback: string) => methodIn(layers, name) ?? fallback;
  const methods = {
    state: method('UPDATE_METHOD', 'POST'),
    lock: method('LOCK_METHOD', 'LOCK'),
    unlock: method('UNLOCK_METHOD', 'UNLOCK'),
  };
  refuseMixedUp({ state, lock, unlock }, methods);
  const login = loginFor(layers, state);
  const named = [state, lock, unlock].filter((one) => !one.isFromFile).map((one) => one.url.origin);
  const endpoint = (address: Address, name: string): Endpoint => {
    const used = login ?? address.login ?? state.login;
    if (used !== null && !named.includes(address.url.origin)) throw untrusted(address);
    return { url: address.url, method: name, authorization: used === null ? null : authorizationFor(used) };
  };
  return {
    state: endpoint(state, methods.state),
    lock: endpoint(lock, methods.lock),
    unlock: endpoint(unlock, methods.unlock),
    location: safeText(`${state.url.origin}${state.url.pathname}`, 500),
    tls: tlsIn(env),
    retries: retriesIn(env),
  };
}

function layersOf(file: HttpStateSettings, env: Env): Layer[] {
  const named = (prefix: string): Layer => ({ prefix, text: (name) => env[`${prefix}${name}`] || undefined });
  const inFile = (name: string) => (FILE_KEYS[name] === undefined ? undefined : file[FILE_KEYS[name]]);
  return [named('FLEETFORM_STATE_HTTP_'), named('TF_HTTP_'), { prefix: null, text: inFile }];
}

function firstAddress(layers: readonly Layer[], role: Role): Address | null {
  for (const layer of layers) {
    const found = addressIn(layer, role);
    if (found !== null) return found;
  }
  return null;
}

function addressIn({ prefix, text }: Layer, role: Role): Address | null {
  const given = text(role)?.trim();
  if (given === undefined) return null;
  const source = prefix === null ? `state.${FILE_KEYS[role]} in the file` : `${prefix}${role}`;
  const { bare, login } = prefix === null ? { bare: given, login: null } : loginIn(given);
  const judged = judgeBaseUrl(bare, 'request');
  if (judged instanceof URL) return { url: judged, isFromFile: prefix === null, login, role, source };
  const what = `${source} ${judged.why}`;
  if (judged.code !== 'api.insecure')
    throw badAddress(what, 'Expected is the URL of one state, such as https://state.example.org/live-ops.');
  throw new FleetformError('state.insecure', what, {
    hint: 'Use https://. Plain http:// is for this machine only (localhost, 127.0.0.1, [::1]).',
  });
}

/** Not judged: it may be that of another state, which is not asked. null: it names none. */
function stateUrlIn({ text }: Layer): URL | null {
  const given = text('ADDRESS')?.trim();
  if (given === undefined) return null;
  const { bare } = loginIn(given);
  return URL.canParse(bare) ? new URL(bare) : new URL('about:blank');
}

function methodIn(layers: readonly Layer[], name: string): string | undefined {
  for (const { prefix, text } of layers) {
    const given = text(name)?.trim();
    if (given === undefined) continue;
    if (/^[A-Za-z]{1,20}$/.test(given)) return given.toUpperCase();
    throw new FleetformError('state.method', `${prefix ?? 'the file: '}${name} is no HTTP method`, {
      hint: 'Allowed are letters alone, such as POST, PUT, LOCK or DELETE.',
    });
  }
  return undefined;
}

/** What Terraform's variables say of another server is no login of this one. */
function loginFor(layers: readonly Layer[], state: Address): Login | null {
  for (const layer of layers) {
    if (layer.prefix === null) continue;
    if ((stateUrlIn(layer) ?? state.url).origin !== state.url.origin) continue;
    const [username, password] = [layer.text('USERNAME'), layer.text('PASSWORD')];
    if (username !== undefined) return { username, password: password?.replace(/[\r\n]+$/, '') ?? '' };
    if (password === undefined) continue;
    throw new FleetformError(
      'state.credentials',
      `${layer.prefix}PASSWORD is set, and ${layer.prefix}USERNAME is not`,
      { hint: `Set ${layer.prefix}USERNAME as well (GitLab: gitlab-ci-token with $CI_JOB_TOKEN).` },
    );
  }
  return null;
}

function untrusted({ url, role, source }: Address): FleetformError {
  const shown = safeText(`${url.origin}${url.pathname}`, 200);
  return new FleetformError(
    'state.untrusted-url',
    `${source} is ${shown}: the credentials of the state are not sent to a server that only the file names`,
    { hint: `If that is where they should go, set FLEETFORM_STATE_HTTP_${role}=${shown} as well.` },
  );
}
