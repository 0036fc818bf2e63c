/** An answer that is none of those the protocol has for success → the error that says what to change. */
import type { TransportError } from '../../../api/errors.ts';
import type { ApiResponse } from '../../../api/port.ts';
import type { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { denied, refused, unreachable } from '../../errors.ts';
import { GITLAB_HINT } from './login.ts';
import type { Endpoint, HttpStatePlace } from './settings.ts';

export function noAnswer({ location }: HttpStatePlace, error: TransportError): FleetformError {
  if (error.kind === 'too-large') {
    return refused(
      `what ${location} answers is too large to be a state of fleetform`,
      'Check the address: is it that of one state?',
    );
  }
  if (error.kind !== 'tls') return unreachable(location, safeText(error.message, 300));
  return unreachable(
    location,
    safeText(error.message, 300),
    'If its certificate is of an authority of your own, name that in NODE_EXTRA_CA_CERTS (a file) or ' +
      'TF_HTTP_CLIENT_CA_CERTIFICATE_PEM (its text).',
  );
}

/** A 5xx, or a 429, to the end. */
export function serverTrouble(
  { location }: HttpStatePlace,
  endpoint: Endpoint,
  { status }: ApiResponse,
): FleetformError {
  return unreachable(
    location,
    `${asked(endpoint)} is answered with ${status}`,
    status === 429 ? 'The server is asked too often. Run this again later.' : undefined,
  );
}

/** Of any other status that is no success. `endpoint`: with the method that was asked. */
export function refusal(
  place: HttpStatePlace,
  endpoint: Endpoint,
  { status, headers }: ApiResponse,
): FleetformError {
  const { location } = place;
  const what = `${asked(endpoint)} is answered with ${status}`;
  const isOfLock = endpoint === place.lock || endpoint === place.unlock;
  if (status === 401 || status === 407 || (status === 403 && endpoint.authorization === null)) {
    return denied(
      location,
      what,
      endpoint.authorization === null
        ? 'Set FLEETFORM_STATE_HTTP_USERNAME and FLEETFORM_STATE_HTTP_PASSWORD (or TF_HTTP_USERNAME and ' +
            'TF_HTTP_PASSWORD). In GitLab CI: gitlab-ci-token and $CI_JOB_TOKEN.'
        : 'Check FLEETFORM_STATE_HTTP_USERNAME and FLEETFORM_STATE_HTTP_PASSWORD (or TF_HTTP_USERNAME and ' +
            'TF_HTTP_PASSWORD): is the token still valid, and for this place?',
    );
  }
  if (status === 403) {
    return denied(
      location,
      what,
      'This user may not do that there. In GitLab: reading wants the role Developer, locking and writing Maintainer.',
    );
  }
  if (status >= 300 && status < 400) {
    const to = targetOf(headers.location, endpoint.url);
    return unreachable(
      location,
      `${asked(endpoint)} is redirected${to === null ? '' : ` to ${to}`}, and redirects are not followed`,
      'Name the address that it leads to, if that is the place meant.',
    );
  }
  if (status === 413) {
    return refused(
      `${location} refuses the state as too large (413)`,
      'Nothing was overwritten. Raise the limit of the server, or of the proxy in front of it (GitLab: the maximum size of Terraform states).',
    );
  }
  if (isOfLock && [400, 404, 405, 501].includes(status)) {
    return unreachable(
      location,
      what,
      `Check the addresses and methods of the lock (LOCK_ADDRESS, UNLOCK_ADDRESS, LOCK_METHOD, UNLOCK_METHOD). ${GITLAB_HINT}`,
    );
  }
  return refused(
    `${location} refuses: ${what}`,
    status === 405 || status === 501
      ? 'Check the update method: POST (the default) or PUT.'
      : 'Nothing was overwritten. Check the address and what the server logs, then run this again: it checks first and sends nothing twice.',
  );
}

/** `LOCK https://host/path`: no query, which may hold a secret. */
function asked({ method, url }: Endpoint): string {
  return safeText(`${method} ${url.origin}${url.pathname}`, 500);
}

function targetOf(header: string | undefined, from: URL): string | null {
  try {
    const url = new URL(header ?? '', from);
    return header === undefined ? null : safeText(`${url.origin}${url.pathname}`, 300);
  } catch {
    return null;
  }
}
