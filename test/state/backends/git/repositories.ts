/** A bare repository with one commit, and clones of it, in temporary folders. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Repositories {
  /** The bare one. */
  readonly remote: string;
  /** A fresh clone, every time. */
  clone(...options: string[]): Promise<string>;
  /** Makes that text the state of a ref, past all locks. */
  put(ref: string, text: string): Promise<void>;
  end(): Promise<void>;
}

/** Nothing of the machine that runs the tests has a say. */
export const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};

export function git(cwd: string, args: readonly string[], input?: string): string {
  return execFileSync('git', args, {
    cwd,
    env: GIT_ENV,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trim();
}

export async function repositories(): Promise<Repositories> {
  const root = await mkdtemp(join(tmpdir(), 'fleetform-repos-'));
  const remote = join(root, 'remote.git');
  git(root, ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  const first = join(root, 'first');
  git(root, ['clone', '--quiet', remote, first]);
  await writeFile(
    join(first, 'fleetform.yaml'),
    'version: 1\nname: live\nstate: { backend: git }\nbatches: {}\n',
  );
  git(first, ['checkout', '--quiet', '-B', 'main']);
  git(first, ['add', '.']);
  git(first, ['commit', '--quiet', '-m', 'first']);
  git(first, ['push', '--quiet', 'origin', 'main']);
  let count = 0;
  return {
    remote,
    async clone(...options) {
      count += 1;
      const path = join(root, `clone-${count}`);
      git(root, ['clone', '--quiet', ...options, `file://${remote}`, path]);
      return path;
    },
    async put(ref, text) {
      const blob = git(remote, ['hash-object', '-w', '--stdin'], text);
      const tree = git(remote, ['mktree'], `100644 blob ${blob}\tstate.json\n`);
      git(remote, ['update-ref', ref, git(remote, ['commit-tree', tree, '-m', 'by hand'])]);
    },
    end: () => rm(root, { recursive: true, force: true }),
  };
}
