/**
 * The settings of the user's checkout: which of them go along to reach its remote, and which credentials they hold.
 *
 * Invariant: git and what it runs (ssh, credential helpers) see none of our own secrets.
 */
import type { Env } from './run.ts';

export type Setting = readonly [key: string, value: string];

/** Of all the settings, those that it takes to reach a remote, and to sign a push. */
const CARRIED =
  /^(?:http|credential|url|ssh|protocol|gpg|user|push\.gpgsign|core\.(?:sshcommand|askpass|gitproxy))(?:\.|$)/;

/** What is about the checkout's own refs and objects, of the settings of a remote. */
const OF_THE_CHECKOUT = /\.(?:fetch|push|mirror|prune|prunetags|tagopt|promisor|partialclonefilter)$/;

/** Where this process would otherwise be led to another repository than the one that the file is in. */
const MISLEADING = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_SHALLOW_FILE',
  'GIT_QUARANTINE_PATH',
  // Our commits are of now.
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_DATE',
];

/** Ours: the key of the API, and what other backends need. */
const OWN_SECRETS = /^(?:FLEETFORM_|TF_HTTP_|PG[A-Z]+$)/;

/** What git runs with in the checkout itself. */
export function plainEnv(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !OWN_SECRETS.test(name) && !MISLEADING.includes(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

/** What git runs with in a repository of our own, to reach that remote as the checkout does. */
export function carriedEnv(plain: Env, settings: readonly Setting[], remote: string): Env {
  const carried = settings.filter(
    ([key]) => CARRIED.test(key) || (key.startsWith(`remote.${remote}.`) && !OF_THE_CHECKOUT.test(key)),
  );
  const ssh = plain.GIT_SSH_COMMAND ?? plain.GIT_SSH ?? valuesOf(settings, 'core.sshcommand')[0];
  const { GIT_CONFIG_PARAMETERS: _, ...rest } = plain;
  return {
    ...rest,
    ...asVariables(carried),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...(ssh === undefined ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=20' } : {}),
  };
}

/** `key LF value NUL`, see git-config(1). */
export function settingsIn(listed: Buffer): Setting[] {
  return listed
    .toString('utf8')
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => {
      const at = one.indexOf('\n');
      // Without a value: true.
      return at === -1 ? [one, 'true'] : [one.slice(0, at), one.slice(at + 1)];
    });
}

export function valuesOf(settings: readonly Setting[], key: string): string[] {
  return settings.filter(([name]) => name === key).map(([, value]) => value);
}

/** See GIT_CONFIG_COUNT in git-config(1); git 2.31 is the first that reads it. */
function asVariables(settings: readonly Setting[]): Env {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [at, [key, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${at}`] = key;
    variables[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  return variables;
}

/** Passwords and tokens in addresses, and what is sent along with requests: `AUTHORIZATION: basic …`. */
export function credentialsIn(settings: readonly Setting[]): string[] {
  return settings.flatMap(([key, value]) => {
    if (/^http\.(?:.*\.)?extraheader$/.test(key)) return [value.replace(/^[^:]*:\s*(?:\w+\s+)?/, '')];
    // Of `url.BASE.insteadOf` the address is a part of the key.
    return [key, value].flatMap(userinfoIn);
  });
}

/** As it is written, and as git shows it. */
function userinfoIn(text: string): string[] {
  return [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/([^/@\s]+)@/gi)].flatMap(([, userinfo = '']) => {
    const [user = '', ...password] = userinfo.split(':');
    // A token may stand in the place of the user.
    const secrets = [password.join(':'), user.length > 15 ? user : ''].filter((one) => one !== '');
    return secrets.flatMap((secret) => [secret, decoded(secret)]);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
