/**
 * A repository of our own, bare and in a temporary folder, from which we talk to the remote of the user's checkout.
 *
 * Invariants: nothing in the user's repository changes, neither objects, refs, index nor settings, and it need not be
 * writable; none of its hooks run. What it takes to reach the remote is the checkout's own: its settings go along, as
 * variables of the environment, and are written nowhere.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processExists } from '../../../files/process-exists.ts';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { didYouMean, listed } from '../../../model/suggest.ts';
import { type Env, type GitResult, reasonOf, runGit } from './run.ts';

/** Milliseconds, for what does not leave this machine, and for what does. */
const LOCAL_MS = 30_000;
export const REMOTE_MS = 120_000;

export interface Scratch {
  /** The remote's address without credentials, safe to show. */
  readonly shownUrl: string;
  /** The user's own e-mail address, of the checkout's settings; null: there is none. */
  readonly email: string | null;
  /** The commit that the checkout is at; null: it has none yet. */
  readonly head: string | null;
  git(args: readonly string[], options?: { input?: string | Buffer; env?: Env }): Promise<GitResult>;
  /** What does not leave this machine and must not fail. Throws `state.git`. */
  local(args: readonly string[], options?: { input?: string | Buffer; env?: Env }): Promise<Buffer>;
  close(): Promise<void>;
}

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
];

export interface Checkout {
  /** A folder in it. */
  readonly folder: string;
  /** By name: never an address, which a file could have named. */
  readonly remote: string;
  readonly env: Env;
  readonly know: (credential: string | null | undefined) => void;
}

/** Throws `state.no-git`, `state.no-repository`, `state.no-remote`, `state.git`. */
export async function openScratch({ folder, remote, env, know }: Checkout): Promise<Scratch> {
  const plain: Record<string, string | undefined> = {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_OPTIONAL_LOCKS: '0',
  };
  for (const name of MISLEADING) delete plain[name];
  const ask = (args: readonly string[]) => runGit(args, { cwd: folder, env: plain, timeoutMs: LOCAL_MS });
  const top = await ask(['rev-parse', '--path-format=absolute', '--show-object-format', '--show-toplevel']);
  if (top.code !== 0) throw noRepository(folder, top);
  const [format = 'sha1', root = folder] = text(top.stdout).split('\n');
  const settings = settingsIn((await ask(['config', '--list', '-z'])).stdout);
  const urls = valuesOf(settings, `remote.${remote}.url`);
  const [url] = urls;
  if (url === undefined) throw noRemote(remote, settings);
  for (const value of credentialsIn(settings)) know(value);
  const head = await ask(['rev-parse', '--verify', '--quiet', 'HEAD']);

  sweep();
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.on('exit', remove);
  const carried = settings.filter(
    ([key]) => CARRIED.test(key) || (key.startsWith(`remote.${remote}.`) && !OF_THE_CHECKOUT.test(key)),
  );
  const ssh = env.GIT_SSH_COMMAND ?? env.GIT_SSH ?? valuesOf(settings, 'core.sshcommand')[0];
  const own: Env = {
    ...plain,
    ...asVariables(carried),
    GIT_DIR: path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...(ssh === undefined ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=20' } : {}),
  };
  const run = (
    args: readonly string[],
    timeoutMs: number,
    options: { input?: string | Buffer; env?: Env } = {},
  ) =>
    runGit(args, {
      cwd: root,
      env: { ...own, ...options.env },
      timeoutMs,
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  const local: Scratch['local'] = async (args, options) => {
    const result = await run(args, LOCAL_MS, options);
    if (result.code !== 0) throw broken(args, result);
    return result.stdout;
  };
  try {
    await local(['init', '--quiet', '--bare', `--object-format=${format}`, '--template=', path]);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    shownUrl: withoutCredentials(url),
    email: valuesOf(settings, 'user.email')[0] ?? null,
    head: head.code === 0 ? text(head.stdout) : null,
    git: (args, options) => run(args, REMOTE_MS, options),
    local,
    async close() {
      process.off('exit', remove);
      remove();
    },
  };
}

const PREFIX = 'fleetform-git-';
const DAY_MS = 86_400_000;

/** What processes that were killed have left. Trouble with it is none of ours. */
function sweep(): void {
  try {
    for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
      const path = join(tmpdir(), name);
      const pid = Number(name.slice(PREFIX.length).split('-')[0]);
      const { uid, mtimeMs } = lstatSync(path);
      if (uid !== process.getuid?.() || Date.now() - mtimeMs < DAY_MS || processExists(pid)) continue;
      rmSync(path, { recursive: true, force: true });
    }
  } catch {}
}

type Setting = readonly [key: string, value: string];

/** `key LF value NUL`, see git-config(1). */
function settingsIn(listed: Buffer): Setting[] {
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

function valuesOf(settings: readonly Setting[], key: string): string[] {
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

/** Passwords in addresses, and what is sent along with requests: `AUTHORIZATION: basic …`. */
function credentialsIn(settings: readonly Setting[]): string[] {
  return settings.flatMap(([key, value]) => {
    if (/^http\.(?:.*\.)?extraheader$/.test(key)) return [value.replace(/^[^:]*:\s*(?:\w+\s+)?/, '')];
    if (!/\.(?:url|pushurl|proxy|insteadof|pushinsteadof)$/.test(key)) return [];
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@]*?:([^/@]+)@/i.exec(value)?.[1];
    const user = /^[a-z][a-z0-9+.-]*:\/\/([^/@:]+)@/i.exec(value)?.[1];
    // A token may stand in the place of the user.
    return [password, user !== undefined && user.length > 15 ? user : undefined].filter(
      (one) => one !== undefined,
    );
  });
}

export function withoutCredentials(url: string): string {
  return safeText(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1'), 200);
}

function text(bytes: Buffer): string {
  return bytes.toString('utf8').trim();
}

function noRepository(folder: string, result: GitResult): FleetformError {
  return new FleetformError(
    'state.no-repository',
    `the state is kept in git, and ${safeText(folder)} is in no git checkout: ${reasonOf(result, LOCAL_MS)}`,
    {
      hint:
        'Run this in a checkout of the repository (git 2.31 or newer). ' +
        "If git finds the folder's owner dubious, as in containers: `git config --global --add safe.directory FOLDER`.",
    },
  );
}

function noRemote(remote: string, settings: readonly Setting[]): FleetformError {
  const names = settings
    .map(([key]) => /^remote\.(.+)\.url$/.exec(key)?.[1])
    .filter((name) => name !== undefined);
  return new FleetformError(
    'state.no-remote',
    `the state is kept in git, and the checkout has no remote "${remote}"${didYouMean(remote, names)}`,
    {
      hint:
        names.length === 0
          ? 'It has no remote at all: add one with `git remote add`.'
          : `It has: ${listed(names)}. Set \`state.remote\` in the file.`,
    },
  );
}

function broken(args: readonly string[], result: GitResult): FleetformError {
  return new FleetformError('state.git', `git ${args[0]} failed: ${reasonOf(result, LOCAL_MS)}`, {
    hint: 'The backend git needs git 2.31 or newer, and some space in the folder for temporary files (TMPDIR).',
  });
}
