/**
 * What went wrong → the one `ApiError` that says it: for people in the message, for decisions in `code`, and above
 * all in `outcome`. Text from the server is untrusted: cleaned and cut. The key is out of it already (`send.ts`).
 */
import { isLosslessNumber, parse } from 'lossless-json';
import type { Redact } from '../model/redactor.ts';
import { safeText } from '../model/safe-text.ts';
import { describeBody } from './answer-text.ts';
import { excessOf, LARGEST_REFUSAL } from './bounds.ts';
import { ApiError, type PropertyError, type TransportError } from './errors.ts';
import type { ApiResponse, Method } from './port.ts';

/** The call that an error is about. */
export interface CallName {
  readonly method: Method;
  readonly path: string;
}

const LONGEST_TEXT = 300;
const MOST_PROPERTIES = 20;

/** `GET /v3/applicationInstance/task/17`: without the query. */
export function endpointOf(call: CallName): string {
  return `${call.method} ${call.path.split('?')[0]}`;
}

/** The API itself said it: the body is its error object, and not what something on the way there made up. */
export function isFromApi({ body }: ApiResponse): boolean {
  const object = errorObject(body);
  const isSaid = (value: unknown) => typeof value === 'string' || isLosslessNumber(value);
  return object !== null && (isSaid(object.errorCode) || isSaid(object.errorMessage));
}

/** For any answer that is not 2xx. `origin`: where it was sent to, to tell where a redirect leads. */
export function refusal(call: CallName, response: ApiResponse, origin: string): ApiError {
  const { status } = response;
  const endpoint = endpointOf(call);
  if (status >= 300 && status < 400) {
    return new ApiError({
      code: 'api.redirect',
      message: `${endpoint} was redirected (${status}) to ${redirectTarget(response, origin)}`,
      endpoint,
      status,
      outcome: doubtOf(call),
      hint: 'Redirects are not followed: the key would be sent along. Set FLEETFORM_API_URL to the real address of the API.',
    });
  }
  const { text, errors } = reasonIn(response.body);
  const { code, verb, hint, isDoubtful } = meaningOf(status, isFromApi(response));
  return new ApiError({
    code,
    message: `${endpoint} ${verb} (${status}): ${text}`,
    endpoint,
    status,
    outcome: isDoubtful ? doubtOf(call) : 'none',
    errors,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A whole answer, or more than that: `status` is null where it was too large to be read to its end. */
export function unreadable(call: CallName, status: number | null, found: string): ApiError {
  const endpoint = endpointOf(call);
  const named = status === null ? '' : ` (${status})`;
  return new ApiError({
    code: 'api.unreadable',
    message: `${endpoint} returned an answer${named} that cannot be used: ${found}`,
    endpoint,
    status,
    outcome: doubtOf(call),
    hint: `Is it the API itself that answers there, and no proxy or login page? ${CHECK_URL}`,
  });
}

export function noAnswer(call: CallName, error: TransportError, redact: Redact): ApiError {
  const endpoint = endpointOf(call);
  const hint = TRANSPORT_HINTS[error.kind];
  return new ApiError({
    code: 'api.transport',
    message: `${endpoint} got no answer: ${safeText(redact(error.message), LONGEST_TEXT)}`,
    endpoint,
    status: null,
    outcome: error.mayHaveBeenSent ? doubtOf(call) : 'none',
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Given up before it was sent. `last`: what it failed with before; it may be sent again only where that did nothing. */
export function notSent(call: CallName, last?: ApiError): ApiError {
  if (last === undefined) return interrupted(call, 'was not sent: interrupted');
  return interrupted(call, `was not sent again: interrupted; its last attempt failed: ${last.message}`);
}

/** A read that is under way: whatever it would still answer. */
export function abandoned(call: CallName): ApiError {
  return interrupted(call, 'was abandoned: interrupted before it was answered');
}

function interrupted(call: CallName, what: string): ApiError {
  const endpoint = endpointOf(call);
  const message = `${endpoint} ${what}`;
  return new ApiError({ code: 'api.interrupted', message, endpoint, status: null, outcome: 'none' });
}

/** All reads of one look share its end. `error`: what this one failed with before. */
export function lookIsOver(call: CallName, ms: number, error?: ApiError): ApiError {
  const endpoint = endpointOf(call);
  const why = error === undefined ? '' : `; its last attempt failed: ${error.message}`;
  return new ApiError({
    code: 'api.deadline',
    message: `${endpoint} was abandoned: all reads together have used their ${ms / 60_000} minutes${why}`,
    endpoint,
    status: null,
    outcome: 'none',
    hint: 'The API is slow, or its answers never end. A higher --parallelism sends more requests at the same time.',
  });
}

const CONNECTION_HINT = 'Check the network, HTTPS_PROXY and NO_PROXY, and FLEETFORM_API_URL if you set it.';

const TRANSPORT_HINTS: Readonly<Partial<Record<TransportError['kind'], string>>> = {
  refused: CONNECTION_HINT,
  unresolved: CONNECTION_HINT,
  timeout: CONNECTION_HINT,
  tls: 'A certificate authority of your own is trusted through NODE_EXTRA_CA_CERTS.',
};

/** A read changes nothing, whatever became of it. */
function doubtOf(call: CallName): 'none' | 'unclear' {
  return call.method === 'GET' ? 'none' : 'unclear';
}

const CHECK_URL =
  "Check FLEETFORM_API_URL: it is the API's origin, such as https://api.i3d.net, without /v3.";

const NOT_ITSELF = `This did not come from the API itself, but from something in between. ${CHECK_URL}`;

interface Meaning {
  readonly code: string;
  readonly verb: string;
  readonly hint?: string;
  readonly isDoubtful: boolean;
}

/** A gateway may refuse what it has handed on before: only the API knows that nothing was done. */
function meaningOf(status: number, isApis: boolean): Meaning {
  const refused = { verb: 'was refused', isDoubtful: !isApis };
  if (status === 401 || status === 403) {
    const hint = 'Set FLEETFORM_TOKEN (or FLEETFORM_TOKEN_FILE) to a key that has permission for this.';
    return { ...refused, code: 'api.unauthorized', hint };
  }
  if (status === 404 && !isApis) {
    return { code: 'api.gateway', verb: 'did not reach the API', hint: NOT_ITSELF, isDoubtful: true };
  }
  if (status === 404) {
    const hint = `If it should be there: is the key of the right account? ${CHECK_URL}`;
    return { ...refused, code: 'api.not-found', hint };
  }
  if (status === 409) return { ...refused, code: 'api.conflict' };
  if (status === 429) {
    const hint = 'The API limits the request rate: wait a while, or lower --parallelism.';
    // Whoever counts requests, counts them before they are done.
    return { ...refused, code: 'api.rate-limited', hint, isDoubtful: false };
  }
  if (status >= 400 && status < 500) {
    const hint = isApis ? {} : { hint: NOT_ITSELF };
    return { ...refused, ...hint, code: 'api.invalid', isDoubtful: !isApis || status === 408 };
  }
  if (status >= 500) {
    const hint = isApis
      ? 'The API is in trouble: try again later.'
      : `The API, or something in front of it, is in trouble: try again later. If it stays so: ${CHECK_URL}`;
    return { code: 'api.server', verb: 'failed', hint, isDoubtful: true };
  }
  return { code: 'api.unreadable', verb: 'got a meaningless answer', hint: NOT_ITSELF, isDoubtful: true };
}

/** The error object's words, or a summary of whatever came instead of it. */
function reasonIn(body: string): { text: string; errors: readonly PropertyError[] } {
  const clean = (value: unknown) =>
    typeof value === 'string' || isLosslessNumber(value)
      ? safeText(value.toString().trim(), LONGEST_TEXT)
      : '';
  const object = errorObject(body);
  if (object === null) return { text: describeBody(body), errors: [] };
  const errors = (Array.isArray(object.errors) ? object.errors : [])
    .slice(0, MOST_PROPERTIES)
    .map((error: Partial<PropertyError> | null) => ({
      property: clean(error?.property),
      message: clean(error?.message),
    }))
    .filter((error) => error.property !== '' || error.message !== '');
  const listed = errors.map(({ property, message }) => [property, message].filter(Boolean).join(': '));
  const general = clean(object.errorMessage);
  const parts = [listed.join('; '), listed.length > 0 && general !== '' ? `(${general})` : general].filter(
    (part) => part !== '',
  );
  return { text: safeText(parts.join(' ') || 'no reason given', LONGEST_TEXT), errors };
}

/** Any one object, alone or in an array of one: the API may wrap it, as it does with everything else. */
function errorObject(body: string): Record<string, unknown> | null {
  if (body.length > LARGEST_REFUSAL || excessOf(body) !== null) return null;
  try {
    const parsed = parse(body);
    const object: unknown = Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed;
    if (typeof object !== 'object' || object === null) return null;
    if (Array.isArray(object) || isLosslessNumber(object)) return null;
    return object as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Its origin only: path and query of the target may hold anything. */
function redirectTarget(response: ApiResponse, origin: string): string {
  const location = response.headers.location;
  if (location === undefined || location === '') return 'an unnamed location';
  try {
    const base = URL.canParse(origin) ? origin : 'http://sandbox';
    const target = new URL(location, base);
    if (target.origin === new URL(base).origin) return 'another path on the same server';
    return safeText(target.origin === 'null' ? `a ${target.protocol} address` : target.origin, 120);
  } catch {
    return 'an address that cannot be read';
  }
}
