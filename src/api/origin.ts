/**
 * Flag, environment and file → where the requests go; and where the key comes from.
 *
 * Invariant: anyone who can write the desired-state file must not be able to redirect the key. It
 * goes to the provider's own origin, or to one that a flag or the environment names.
 */
import { readNamed } from '../files/read-stream.ts';
import { baseUrlText, parseBaseUrl } from '../model/base-url.ts';
import type { Desired } from '../model/desired.ts';
import type { Env } from '../model/env.ts';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';

export const DEFAULT_ORIGIN = 'https://api.i3d.net';
const SANDBOX = 'sandbox';
/** Bytes. */
const LARGEST_KEY = 64 * 1024;

export type { Env };

export interface ApiPlace {
  /** `sandbox`, or the API's URL without a slash at its end; a path in front of the API is part of it. */
  readonly origin: string;
  readonly kind: 'sandbox' | 'http';
}

/**
 * A flag beats FLEETFORM_API_URL, that beats the file; `sandbox` in either means the embedded one. Throws `api.url`,
 * `api.insecure`, and `api.untrusted-url` for a place that only the file names, as long as there is a key.
 */
export function resolveOrigin(from: {
  readonly flag?: string | undefined;
  readonly env: Env;
  readonly file: Desired['api'];
  readonly hasToken: boolean;
}): ApiPlace {
  const named = given(from.flag, '--api-url') ?? given(from.env.FLEETFORM_API_URL, 'FLEETFORM_API_URL');
  if (named !== undefined) return withoutVersion(place(named.text, named.source), named.source);
  if (from.file.kind === 'sandbox') return place(SANDBOX, '');
  const { url } = from.file;
  if (url === undefined) return place(DEFAULT_ORIGIN, '');
  const parsed = parseBaseUrl(url, 'api.url in the file', 'origin');
  if (from.hasToken && parsed.origin !== DEFAULT_ORIGIN) throw untrusted(baseUrlText(parsed));
  return { kind: 'http', origin: baseUrlText(parsed) };
}

/** The same form as an origin has. Throws `api.url` and `api.insecure`. */
export function parseApiUrl(text: string): string {
  return place(text, 'the old URL').origin;
}

/**
 * The key: FLEETFORM_TOKEN, or what is in the file that FLEETFORM_TOKEN_FILE names. null: neither is set.
 * Throws `api.token`; no message holds any part of it.
 */
export async function readToken(env: Env): Promise<string | null> {
  // CI systems set a secret that a job may not see to nothing: that is as good as not set.
  const token = env.FLEETFORM_TOKEN || undefined;
  const file = env.FLEETFORM_TOKEN_FILE || undefined;
  if (token !== undefined && file !== undefined) {
    throw tokenError('FLEETFORM_TOKEN and FLEETFORM_TOKEN_FILE are both set', 'Set one of them.');
  }
  if (token !== undefined) return checkedToken(token.replace(/[\r\n]+$/, ''), 'FLEETFORM_TOKEN');
  if (file === undefined) return null;
  return checkedToken((await tokenFile(file)).trim(), 'the file that FLEETFORM_TOKEN_FILE names');
}

function given(text: string | undefined, source: string): { text: string; source: string } | undefined {
  return text === undefined || text === '' ? undefined : { text, source };
}

function place(text: string, source: string): ApiPlace {
  if (text === SANDBOX) return { kind: 'sandbox', origin: SANDBOX };
  return { kind: 'http', origin: baseUrlText(parseBaseUrl(text, source)) };
}

/** Every request brings it: all of them would ask for what is nowhere. */
function withoutVersion(found: ApiPlace, source: string): ApiPlace {
  const { origin, kind } = found;
  if (kind === 'sandbox' || !/\/v\d+$/.test(origin)) return found;
  const meant = origin.replace(/(?:\/v\d+)+$/, '');
  throw new FleetformError(
    'api.url',
    `${source} ends in ${origin.slice(origin.lastIndexOf('/'))}, which is a part of every request`,
    {
      hint: `Leave it out: ${safeText(meant, 200)}`,
    },
  );
}

function untrusted(url: string): FleetformError {
  return new FleetformError(
    'api.untrusted-url',
    `api.url in the file is ${safeText(url, 200)}: the key is not sent to a URL that only the file names`,
    { hint: `If that is where it should go, set FLEETFORM_API_URL=${safeText(url, 200)} as well.` },
  );
}

/** A pipe, too: `FLEETFORM_TOKEN_FILE=<(…)`. */
function tokenFile(path: string): Promise<string> {
  return readNamed(
    path,
    (why) => {
      const message = `FLEETFORM_TOKEN_FILE names a file that ${why}: ${safeText(path, 200)}`;
      throw tokenError(message, 'Name a file that holds the API key and nothing else.');
    },
    LARGEST_KEY,
  );
}

function checkedToken(token: string, source: string): string {
  if (token === '') throw tokenError(`${source} is empty`, 'Put the API key there, or unset it.');
  // What an HTTP header can carry as one word; Node would refuse the rest with the value in its message.
  if (!/^[\x21-\x7e\xa1-\xff]+$/.test(token)) {
    throw tokenError(
      `${source} holds whitespace, control characters or characters outside Latin-1`,
      'The API key is one word; check for quotes, line breaks or a whole file pasted by mistake.',
    );
  }
  return token;
}

function tokenError(message: string, hint: string): FleetformError {
  return new FleetformError('api.token', message, { hint });
}
