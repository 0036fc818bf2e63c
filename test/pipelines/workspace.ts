/** What the examples of pipelines run in: a git repository with a remote, a PATH of our own, an API to talk to. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { CLI, environment, folder } from '../support/cli.ts';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Of each script that runs: it and all that it has started, gone at once, as when a runner's machine is lost. */
const running = new Set<() => void>();

/** Of each script that runs: its own process. */
const scripts = new Set<number>();

/** What a runner sends when its job is cancelled: to the script's own process, or to its group. */
export function signalScripts(name: NodeJS.Signals, to: 'process' | 'group'): void {
  for (const pid of scripts) process.kill(to === 'group' ? -pid : pid, name);
}

export function loseRunners(): void {
  for (const lose of running) lose();
}

/** A process and all below it, in whatever groups they are. */
function treeOf(root: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => [
    parent,
    ...pairs.flatMap(([pid, ppid]) => (ppid === parent ? below(pid!) : [])),
  ];
  return below(root);
}

/** Runs a script as a job does: bash that stops at the first command that fails. Never throws. */
export async function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const { spawn } = await import('node:child_process');
  return new Promise((done) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const lose = () => {
      for (const pid of treeOf(child.pid!)) process.kill(pid, 'SIGKILL');
    };
    running.add(lose);
    scripts.add(child.pid!);
    child.on('exit', () => scripts.delete(child.pid!));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('close', (code) => {
      running.delete(lose);
      done({ code, output });
    });
  });
}

/** Where the examples get fleetform from, and what an npm fetches there that is not lied to. */
export const PACKAGE_URL = 'https://files.example/fleetform-0.1.0.tgz';
const PACKAGE = 'the package\n';
export const INTEGRITY = `sha512-${createHash('sha512').update(PACKAGE).digest('base64')}`;

/** Packs what is made to be at the URL, installs nothing, and fails where it could read a key. */
const NPM = `#!/bin/sh
echo "npm $*"
test -z "$FLEETFORM_TOKEN$GH_TOKEN$STATE_TOKEN$GITLAB_BOT_TOKEN$CI_JOB_TOKEN$TF_HTTP_PASSWORD" || exit 1
case $1 in
  pack) test "$*" = "pack --silent --ignore-scripts ${PACKAGE_URL}" && printf %s "\${FAKE_PACKAGE-${PACKAGE}}" >fleetform-0.1.0.tgz ;;
  install) test "$*" = "install --global --ignore-scripts --offline ./fleetform.tgz" && test -f fleetform.tgz ;;
  *) exit 1 ;;
esac
`;

/** A folder of commands for PATH: fleetform itself, an npm that installs nothing, and what a test adds. */
export function commands(extra: Readonly<Record<string, string>> = {}): string {
  const bin = folder();
  const scripts = {
    node: `#!/bin/sh\nexec "${process.execPath}" "$@"\n`,
    fleetform: `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`,
    npm: NPM,
    ...extra,
  };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  linkPackage(bin);
  return bin;
}

/** fleetform as npm installs it: a link to where the package's other files are, too. */
function linkPackage(bin: string): void {
  const place = join(bin, 'node_modules/fleetform');
  mkdirSync(join(place, 'dist'), { recursive: true });
  renameSync(join(bin, 'fleetform'), join(place, 'dist/cli.js'));
  symlinkSync(join(place, 'dist/cli.js'), join(bin, 'fleetform'));
  symlinkSync(resolve('.gitlab'), join(place, '.gitlab'));
}

export function pathWith(bin: string): string {
  return `${bin}:${environment().PATH}`;
}

/**
 * A block of the examples' files, which may be at their end. Its time is half a day from now, so that no test meets it
 * while it runs: the horizon has three of them, also some days later.
 */
export const NIGHTLY = `  nightly:
    template: Collect logs
    targets:
      - fleet: eu
      - fleet: us
    schedule: { cron: 30 ${(new Date().getUTCHours() + 12) % 24} * * *, timezone: UTC, horizon: 3d }
    spread: 10m
`;

export class Repository {
  /** A person's clone. */
  readonly root = folder();
  /** What a server of repositories serves: the bare one is `ana/fleet` in it. */
  readonly served = folder();
  readonly #remote = join(this.served, 'ana/fleet');

  constructor(example: string) {
    mkdirSync(this.#remote, { recursive: true });
    git(this.#remote, 'init', '--quiet', '--bare', '--initial-branch=main');
    git(this.#remote, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    git(this.root, 'init', '--quiet', '--initial-branch=main');
    git(this.root, 'remote', 'add', 'origin', this.#remote);
    cpSync(resolve('examples', example), this.root, { recursive: true });
    rmSync(join(this.root, '.fleetform'), { recursive: true, force: true });
    this.commit('The first state');
  }

  /** Returns the commit's hash. */
  commit(message: string): string {
    git(this.root, 'add', '--all');
    git(this.root, 'commit', '--quiet', '--allow-empty', '--message', message);
    git(this.root, 'push', '--quiet', 'origin', 'HEAD');
    return git(this.root, 'rev-parse', 'HEAD');
  }

  /** What a job works in, at a commit: a new clone, or without history, that commit alone. `origin`: of its remote. */
  checkout(commit: string, withHistory = true, path = join(folder(), 'job'), origin?: string): string {
    if (withHistory) git('.', 'clone', '--quiet', this.#remote, path);
    else {
      git('.', 'init', '--quiet', path);
      git(path, 'remote', 'add', 'origin', `file://${this.#remote}`);
      git(path, 'fetch', '--quiet', '--depth=1', 'origin', commit);
    }
    git(path, 'checkout', '--quiet', commit);
    if (origin !== undefined) git(path, 'remote', 'set-url', 'origin', origin);
    return path;
  }

  /** What a ref of the remote holds; null: there is no such ref. */
  remoteHead(ref: string): string | null {
    return git(this.#remote, 'for-each-ref', '--format=%(objectname)', ref) || null;
  }

  removeRemote(ref: string): void {
    git(this.#remote, 'update-ref', '-d', ref);
  }

  /** The hash that a branch, a ref or a name of one stands for. */
  head(ref: string): string {
    return git(this.root, 'rev-parse', ref);
  }

  branch(name: string): void {
    git(this.root, 'checkout', '--quiet', '-B', name, 'main');
  }

  /** "Update branch": merges main into it. Returns the new head. */
  update(branch: string): string {
    git(this.root, 'checkout', '--quiet', branch);
    git(this.root, 'merge', '--quiet', '--no-edit', 'main');
    git(this.root, 'push', '--quiet', 'origin', 'HEAD');
    return this.head('HEAD');
  }

  /** All of a branch as one new commit on main. Returns its hash. */
  squash(branch: string): string {
    git(this.root, 'checkout', '--quiet', 'main');
    git(this.root, 'merge', '--quiet', '--squash', branch);
    return this.commit(`${branch}, squashed`);
  }
}

export function git(cwd: string, ...args: string[]): string {
  const config = ['-c', 'user.name=Ana', '-c', 'user.email=ana@fleet.example', '-c', 'commit.gpgsign=false'];
  const env = { ...environment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', [...config, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A store of folders and files by key: a platform's artifacts. */
export class Store {
  readonly #root = folder();
  #saves = 0;

  save(key: string, from: string): void {
    if (!existsSync(from)) return;
    this.#saves += 1;
    const place = join(this.#root, `${String(this.#saves).padStart(4, '0')} ${encodeURIComponent(key)}`);
    cpSync(from, place, { recursive: true, preserveTimestamps: true });
  }

  /** The newest whose key begins so. */
  restore(prefix: string, to: string): boolean {
    const found = readdirSync(this.#root)
      .sort()
      .filter((name) => name.slice(5).startsWith(encodeURIComponent(prefix)))
      .at(-1);
    if (found === undefined) return false;
    cpSync(join(this.#root, found), to, { recursive: true, preserveTimestamps: true });
    return true;
  }
}
