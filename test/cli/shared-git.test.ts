/** Pipelines that share a state in git: clones of one repository. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { git, repositories } from '../state/backends/git/repositories.ts';
import { serve, start } from '../support/cli.ts';
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

/** One that only waits for its parent to look at it does not. */
function runs(pid: string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const it = suite('a git server that never answers');

for (const [command, signal] of [
  ['apply', 'SIGTERM'],
  ['plan', 'SIGINT'],
  ['state list', 'SIGHUP'],
] as const) {
  it(`fleetform ${command} says what it waits for, and ends at ${signal}`, async () => {
    const repos = await repositories();
    const api = await serve();
    try {
      const cwd = await repos.clone();
      const pids = join(cwd, 'pids');
      const ssh = join(cwd, 'ssh');
      writeFileSync(ssh, `#!/bin/sh\necho $$ >>${pids}\nexec sleep 300\n`, { mode: 0o755 });
      git(cwd, ['remote', 'set-url', 'origin', 'ssh://git@git.example.org/x.git']);
      const env = { ...api.env, GIT_SSH_COMMAND: ssh };
      const args = [...command.split(' '), ...(command === 'apply' ? ['--auto-approve'] : [])];
      const { child, ended } = start(args, cwd, env);
      await new Promise<void>((done) =>
        child.stderr.on('data', (text) => String(text).includes('Waiting for refs/fleetform/live') && done()),
      );
      const before = Date.now();
      child.kill(signal);
      const { code, stderr } = await ended;
      assert.is(code, 130, stderr);
      assert.ok(Date.now() - before < 60_000);
      assert.is(api.posts().length, 0);
      for (const pid of readFileSync(pids, 'utf8').trim().split('\n')) {
        for (let tries = 0; tries < 100 && runs(pid); tries += 1)
          await new Promise((done) => setTimeout(done, 50));
        assert.not(runs(pid), 'nothing of git is left');
      }
    } finally {
      await api.server.close();
      await repos.end();
    }
  });
}

it.run();
