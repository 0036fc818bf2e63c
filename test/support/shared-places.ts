/** Places for a state that several checkouts share, each with the real component behind it. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'uvu';
import { repositories } from '../state/backends/git/repositories.ts';

export interface SharedPlace {
  /** The file's `state`. */
  readonly settings: string;
  readonly env: Readonly<Record<string, string>>;
  /** A fresh folder for a pipeline. */
  checkout(): Promise<string>;
  /** What a pipeline of that folder may only read with; absent: this place knows no such difference. */
  readonly readOnlyEnv?: (cwd: string) => Promise<Readonly<Record<string, string>>>;
  /** Whether a file that names the local backend finds the state here. */
  readonly isFoundFromLocal: boolean;
  end(): Promise<void>;
}

export interface SharedKind {
  readonly name: 'git' | 'http' | 'postgres';
  readonly keepsHistory: boolean;
  /** Skips the suite where a program that it takes is absent. */
  suite<T>(it: Test<T>): Test<T>;
  make(): Promise<SharedPlace>;
}

const inGit: SharedKind = {
  name: 'git',
  keepsHistory: true,
  suite: (it) => it,
  async make() {
    const repos = await repositories();
    return {
      settings: '{ backend: git }',
      env: { GIT_CONFIG_NOSYSTEM: '1' },
      isFoundFromLocal: true,
      async checkout() {
        const folder = await repos.clone('--depth=1');
        // The file may be in a folder of the repository.
        const cwd = join(folder, 'ops');
        mkdirSync(cwd);
        return cwd;
      },
      async readOnlyEnv() {
        const hook = join(repos.remote, 'hooks', 'pre-receive');
        writeFileSync(hook, '#!/bin/sh\necho "you are not allowed to push"; exit 1\n');
        chmodSync(hook, 0o755);
        return { GIT_CONFIG_NOSYSTEM: '1' };
      },
      end: repos.end,
    };
  },
};

export const SHARED_PLACES: readonly SharedKind[] = [inGit];
