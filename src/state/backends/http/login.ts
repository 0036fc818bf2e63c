/** A user name and a password: out of an address, and as the header that carries them. */

export interface Login {
  readonly username: string;
  readonly password: string;
}

export const GITLAB_HINT =
  'GitLab has the lock at ADDRESS/lock, with the lock method POST and the unlock method DELETE.';

/** `user:password@` is cut off the address, so that no text that shows it shows them. */
export function loginIn(address: string): { readonly bare: string; readonly login: Login | null } {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return { bare: address, login: null };
  }
  if (url.username === '' && url.password === '') return { bare: address, login: null };
  const login = { username: decoded(url.username), password: decoded(url.password) };
  url.username = '';
  url.password = '';
  return { bare: url.href, login };
}

export function authorizationFor({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Of a header that `authorizationFor` has made. */
export function passwordIn(authorization: string): string {
  const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
