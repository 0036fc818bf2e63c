/**
 * A repository of our own, bare and in a temporary folder, from which we talk to the remote of the user's checkout.
 *
 * Invariants: nothing in the user's repository changes, neither objects, refs, index nor settings, and it need not be
 * writable; none of its hooks run. What it takes to reach the remote is the checkout's own: its settings go along, as
 * variables of the environment, and are written nowhere.
 */

import { setMaxListeners } from 'node:events';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPlace } from '../../../files/own-place.ts';
import { processExists } from '../../../files/process-exists.ts';
import { FleetformError } from '../../../model/errors.ts';
import { safeText } from '../../../model/safe-text.ts';
import { didYouMean, listed } from '../../../model/suggest.ts';
import { type Env, type GitResult, reasonOf, runGit } from './run.ts';
import { carriedEnv, credentialsIn, plainEnv, type Setting, settingsIn, valuesOf } from './settings.ts';

/** Milliseconds, for what does not leave this machine, and for what does. */
const LOCAL_MS = 30_000;
export const REMOTE_MS = 60_000;

export interface Scratch {
  /** The user's own e-mail address, of the checkout's settings; null: there is none. */
  readonly email: string | null;
  /** The commit that the checkout is at; null: it has none yet. */
  readonly head: string | null;
  /** What talks to the remote. */
  git(args: readonly string[], options?: RunOptions): Promise<GitResult>;
  /** What does not leave this machine and must not fail. Throws `state.git`. */
  local(args: readonly string[], options?: RunOptions): Promise<Buffer>;
  /** Ends what still runs. */
  close(): Promise<void>;
}

interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Env;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

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
  const plain = plainEnv(env);
  const ask = (args: readonly string[]) => runGit(args, { cwd: folder, env: plain, timeoutMs: LOCAL_MS });
  const top = await ask(['rev-parse', '--path-format=absolute', '--show-object-format', '--show-toplevel']);
  if (top.code !== 0) throw noRepository(folder, top);
  const [format = 'sha1', root = folder] = text(top.stdout).split('\n');
  const settings = settingsIn((await ask(['config', '--list', '-z'])).stdout);
  if (valuesOf(settings, `remote.${remote}.url`).length === 0) throw noRemote(remote, settings);
  for (const value of credentialsIn(settings)) know(value);
  const head = await ask(['rev-parse', '--verify', '--quiet', 'HEAD']);

  sweep();
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${ownPlace()}-${process.pid}-`));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.on('exit', remove);
  const own: Env = { ...carriedEnv(plain, settings, remote), GIT_DIR: path };
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const run = (args: readonly string[], timeoutMs: number, { input, env: more, signal }: RunOptions = {}) =>
    runGit(args, {
      cwd: root,
      env: { ...own, ...more },
      timeoutMs,
      signals: [closing.signal, ...(signal === undefined ? [] : [signal])],
      ...(input === undefined ? {} : { input }),
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
    email: valuesOf(settings, 'user.email')[0] ?? null,
    head: head.code === 0 ? text(head.stdout) : null,
    git: (args, options) => run(args, REMOTE_MS, options),
    local,
    async close() {
      closing.abort();
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
      const [place, pid] = name.slice(PREFIX.length).split('-');
      const { uid, mtimeMs } = lstatSync(path);
      if (uid !== process.getuid?.()) continue;
      const isLeft = place === ownPlace() && !processExists(Number(pid));
      if (isLeft || Date.now() - mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
    }
  } catch {}
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
