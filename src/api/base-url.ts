/**
 * Where the API is, from a flag, the environment or a file: checked before anything is sent there.
 *
 * Invariant: what is returned is https, or http to this very machine: the key never crosses a network in clear.
 */
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';

/** Throws `api.url` or `api.insecure`. `source` says where it comes from, for the message. A path is kept. */
export function parseBaseUrl(text: string, source: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrongUrl(source, 'is not a URL');
  }
  if (url.username !== '' || url.password !== '') throw wrongUrl(source, 'holds credentials');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw wrongUrl(source, `begins with "${safeText(url.protocol, 30)}"`);
  }
  if (/[?#]/.test(text)) throw wrongUrl(source, 'has a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new FleetformError(
      'api.insecure',
      `${source} is ${safeText(url.origin, 120)}: over http the key would cross the network in clear text`,
      { hint: 'Use https://. Plain http:// is for this machine only (localhost, 127.0.0.1, [::1]).' },
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** localhost, 127.0.0.0/8, ::1; the URL parser has brought every spelling of an address to one form. */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** `https://proxy.example/i3d`: without a slash at its end. */
export function baseUrlText(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function wrongUrl(source: string, what: string): FleetformError {
  return new FleetformError('api.url', `${source} ${what}`, {
    hint: 'Allowed: https://HOST[:PORT][/PATH], such as https://api.i3d.net.',
  });
}
