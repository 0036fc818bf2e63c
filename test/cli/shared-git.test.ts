/** Pipelines that share a state in git: clones of one repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositories } from '../state/backends/git/repositories.ts';
import { sharedState } from './shared-pipelines.ts';

sharedState({
  name: 'git',
  tellsJob: true,
  keepsHistory: true,
  async make() {
    const repos = await repositories();
    const env = { GIT_CONFIG_NOSYSTEM: '1' };
    return {
      settings: '{ backend: git }',
      env,
      isFoundFromLocal: true,
      async checkout() {
        // The file may be in a folder of the repository.
        const cwd = join(await repos.clone('--depth=1'), 'ops');
        mkdirSync(cwd);
        return cwd;
      },
      async readOnly() {
        const refusal = '#!/bin/sh\necho "you are not allowed to push"; exit 1\n';
        writeFileSync(join(repos.remote, 'hooks', 'pre-receive'), refusal, { mode: 0o755 });
        return env;
      },
      end: repos.end,
    };
  },
}).run();
