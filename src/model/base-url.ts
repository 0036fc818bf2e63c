/**
 * Where the API is, from a flag, the environment or a file: the one judge of such a text, for `validate` and for the
 * client.
 *
 * Invariant: what is accepted is https, or http to this very machine: the key never crosses a network in clear text.
 */
import { FleetformError } from './errors.ts';
import { safeText } from './safe-text.ts';

export interface WrongUrl {
  readonly code: 'api.url' | 'api.insecure';
  /** The end of a sentence: `has a path`. */
  readonly why: string;
}

/**
 * `origin`: no path, for what a file says; `base`: a path in front of the API is part of it; `request`: the address of a
 * request, so that a query is part of it, too.
 */
export type UrlForm = 'origin' | 'base' | 'request';

/** The URL, its path without a slash at the end; or what is wrong with the text. */
export function judgeBaseUrl(text: string, form: UrlForm): URL | WrongUrl {
  // The parser would drop line breaks and tabs without a word.
  const url = /[\t\n\r]/.test(text.trim()) ? null : urlIn(text);
  if (url === null) return wrong('is not a URL');
  if (url.username !== '' || url.password !== '') return wrong('contains a user name or a password');
  // A password with a raw / or ? in it ends up there: it would be shown, and what is before it asked.
  if (`${url.pathname}${url.search}`.includes('@')) {
    return wrong(
      'holds an @ after its host: there, and in a password, @ / ? and # are written %40 %2F %3F and %23',
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return wrong(`begins with "${safeText(url.protocol, 30)}", not with "https:"`);
  }
  if ((form === 'request' ? /#/ : /[?#]/).test(text)) {
    return wrong(form === 'request' ? 'has a fragment' : 'has a query or a fragment');
  }
  if (form === 'origin' && url.pathname !== '/') return wrong('has a path');
  if (url.protocol === 'http:' && !isLoopback(url)) {
    return wrong('uses plain http: what is sent would cross the network in clear text', 'api.insecure');
  }
  if (form === 'request') return url;
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** Throws `api.url` or `api.insecure`. `source` says where it comes from, for the message. */
export function parseBaseUrl(text: string, source: string, form: UrlForm = 'base'): URL {
  const judged = judgeBaseUrl(text, form);
  if (judged instanceof URL) return judged;
  const { code, why } = judged;
  const hint =
    code === 'api.insecure'
      ? 'Use https://. Plain http:// is for this machine only (localhost, 127.0.0.1, [::1]).'
      : `Allowed: https://HOST[:PORT]${form === 'base' ? '[/PATH]' : ''}, such as https://api.i3d.net.`;
  throw new FleetformError(code, `${source} ${why}`, { hint });
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

function urlIn(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function wrong(why: string, code: WrongUrl['code'] = 'api.url'): WrongUrl {
  return { code, why };
}
