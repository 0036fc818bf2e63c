/** The git backend against real repositories: by file, over http, through a ssh of sorts; and what goes wrong there. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownPlace } from '../../../../src/files/own-place.ts';
import { emptyState } from '../../../../src/model/recorded.ts';
import type { State } from '../../../../src/model/state.ts';
import { gitBackend } from '../../../../src/state/backends/git/git.ts';
import type { KeptLockOptions } from '../../../../src/state/backends/kept-lock.ts';
import { codeOfError } from '../../../lock/volume.ts';
import { entryFor } from '../../records.ts';
import { conformance, keep } from '../conformance.ts';
import { serveGit } from './http-server.ts';
import { GIT_ENV, git, type Repositories, repositories } from './repositories.ts';

const REF = 'refs/fleetform/live';
const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });
const numbered = (serial: number): State => ({ ...STATE, serial });

conformance(
  'git state, as every backend',
  async () => {
    const repos = await repositories();
    return {
      open: async (options) => backendIn(await repos.clone(), options),
      put: (text) => repos.put(REF, text),
      end: repos.end,
    };
  },
  { showsLife: true },
).run();

interface Extra {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly know?: (credential: string | null | undefined) => void;
  readonly remote?: string;
  readonly ref?: string;
}

function backendIn(folder: string, options: Partial<KeptLockOptions> = {}, extra: Extra = {}) {
  const { env = GIT_ENV, know = () => {}, remote = 'origin', ref = REF } = extra;
  const backend = gitBackend({ folder, remote, ref, env, know }, options);
  opened.push(backend);
  return backend;
}

let opened: { close(): Promise<void> }[] = [];

const it = suite<{ repos: Repositories }>('git state');

it.before.each(async (context) => {
  opened = [];
  context.repos = await repositories();
});
it.after.each(async ({ repos }) => {
  for (const backend of opened) await backend.close();
  await repos.end();
});

/** Every file below a folder with a digest of what is in it. */
function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )
    .sort();
}

const errorOf = (work: Promise<unknown>): Promise<Error & { code?: string; hint?: string }> =>
  work.then(
    () => assert.unreachable() as never,
    (error) => error,
  );

for (const [what, prepare] of [
  ['a clone', (repos: Repositories) => repos.clone()],
  ['a shallow clone', (repos: Repositories) => repos.clone('--depth=1')],
  [
    'a detached HEAD',
    async (repos: Repositories) => {
      const folder = await repos.clone();
      git(folder, ['checkout', '--quiet', '--detach']);
      return folder;
    },
  ],
] as const) {
  it(`${what} stays as it is, to the byte`, async ({ repos }) => {
    const folder = await prepare(repos);
    writeFileSync(join(folder, 'unsaved.txt'), 'mine');
    const before = everything(folder);
    const backend = backendIn(folder, { heartbeatMs: 50 });
    assert.is(await backend.read(), null);
    const lock = await backend.lock('apply');
    await backend.write(numbered(1), { lock, expectedSerial: null });
    await delay(300);
    await backend.write(numbered(2), { lock, expectedSerial: 1 });
    await lock.release();
    assert.is((await backend.read())?.serial, 2);
    await backend.history!.versions(10);
    await backend.locks!.list();
    assert.equal(everything(folder), before);
    assert.is(git(repos.remote, ['rev-parse', 'main']), git(folder, ['rev-parse', 'HEAD']));
  });
}

it('leaves no temporary folder', async ({ repos }) => {
  const own = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`fleetform-git-${ownPlace()}-${process.pid}-`));
  const before = own();
  const backend = backendIn(await repos.clone());
  await backend.read();
  assert.is(own().length, before.length + 1);
  await backend.close();
  assert.equal(own(), before);
});

it('what one holder writes is one commit, which says who, when and from which commit', async ({ repos }) => {
  const folder = await repos.clone();
  const head = git(folder, ['rev-parse', 'HEAD']);
  for (const [operation, first] of [
    ['apply', 1],
    ['destroy', 4],
  ] as const) {
    const backend = backendIn(
      folder,
      {},
      { env: { ...GIT_ENV, CI_JOB_URL: 'https://u:pw@ci.example.org/7' } },
    );
    const lock = await backend.lock(operation);
    for (const serial of [first, first + 1, first + 2]) {
      await backend.write(
        { ...numbered(serial), entries: { one: entryFor('1') } },
        { lock, expectedSerial: serial === 1 ? null : serial - 1 },
      );
    }
    await lock.release();
  }
  assert.equal(git(repos.remote, ['log', '--format=%s', REF]).split('\n'), [
    'destroy: live, serial 6',
    'apply: live, serial 3',
  ]);
  assert.equal(git(repos.remote, ['ls-tree', '--name-only', REF]), 'state.json');
  const backend = backendIn(await repos.clone('--depth=1'));
  const [newest, oldest, ...others] = await backend.history!.versions(10);
  assert.equal(others, []);
  const { who, at, ...rest } = newest!;
  assert.equal(rest, {
    operation: 'destroy',
    job: 'https://ci.example.org/7',
    commit: head,
    serial: 6,
    entries: 1,
  });
  assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(who.includes('@'));
  assert.is(oldest!.serial, 3);
  assert.is((await backend.history!.versions(1)).length, 1);
  assert.is((await backend.history!.at(3))?.serial, 3);
  assert.is(await backend.history!.at(2), null, 'what a later write of the same apply replaced is not kept');
});

it('a lock that wrote nothing is no part of the history', async ({ repos }) => {
  const backend = backendIn(await repos.clone());
  await keep(backend, numbered(1), null);
  const before = git(repos.remote, ['rev-parse', REF]);
  const lock = await backend.lock('plan');
  assert.is.not(git(repos.remote, ['rev-parse', REF]), before);
  await lock.release();
  assert.is(git(repos.remote, ['rev-parse', REF]), before);
});

it('lists the locks of every state in the repository', async ({ repos }) => {
  const folder = await repos.clone();
  const lock = await backendIn(folder).lock('apply');
  const other = await backendIn(folder, {}, { ref: 'refs/fleetform/eu/other' }).lock('destroy');
  await keep(backendIn(folder, {}, { ref: 'refs/fleetform/free' }), numbered(1), null);
  const found = await backendIn(folder).locks!.list();
  assert.equal(found.map(({ name, holder }) => [name, holder.id]).sort(), [
    ['eu/other', other.holder.id],
    ['live', lock.holder.id],
  ]);
  await lock.release();
  await other.release();
});

/** A git in front of the real one, a shell script; `$REAL` is the real one. */
function gitThat(repos: Repositories, script: string): NodeJS.ProcessEnv {
  const folder = join(dirname(repos.remote), 'bin');
  mkdirSync(folder, { recursive: true });
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const isPush = 'case " $* " in *" push "*) PUSH=1;; esac';
  writeFileSync(join(folder, 'git'), `#!/bin/sh\nREAL=${real}\n${isPush}\n${script}\nexec "$REAL" "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return { ...GIT_ENV, PATH: `${folder}:${GIT_ENV.PATH}` };
}

for (const [what, script] of [
  ['was done', 'if [ "$PUSH" ] && [ ! -e "$0.lost" ]; then : >"$0.lost"; "$REAL" "$@"; exit 128; fi'],
  ['was not done', 'if [ "$PUSH" ] && [ ! -e "$0.lost" ]; then : >"$0.lost"; exit 128; fi'],
] as const) {
  it(`a push that ${what} and got no answer is looked into`, async ({ repos }) => {
    const env = gitThat(repos, script);
    const again = () => rmSync(join(dirname(repos.remote), 'bin', 'git.lost'), { force: true });
    const backend = backendIn(await repos.clone(), {}, { env });
    const lock = await backend.lock('apply');
    again();
    await backend.write(numbered(1), { lock, expectedSerial: null });
    again();
    await backend.write(numbered(2), { lock, expectedSerial: 1 });
    again();
    await lock.release();
    assert.is((await backendIn(await repos.clone()).read())?.serial, 2);
    assert.is(await backend.inspectLock(), null);
    assert.is(git(repos.remote, ['rev-list', '--count', REF]), '1');
  });
}

it('a push that arrives after it was given up is where we are', async ({ repos }) => {
  const late = join(dirname(repos.remote), 'late.sh');
  // All that is tried while the file is there is put aside, and told as failed.
  const env = gitThat(
    repos,
    'if [ -e "$0.down" ] && [ "$PUSH" ]; then echo "GIT_DIR=$GIT_DIR exec $REAL $*" >>"$0.down"; exit 128; fi',
  );
  const backend = backendIn(await repos.clone(), {}, { env });
  const lock = await backend.lock('apply');
  const down = join(dirname(repos.remote), 'bin', 'git.down');
  writeFileSync(down, '');
  const failed = await errorOf(backend.write(numbered(1), { lock, expectedSerial: null }));
  assert.is(failed.code, 'state.unreachable');
  const [first] = readFileSync(down, 'utf8').split('\n');
  writeFileSync(late, first!);
  rmSync(down);
  const scratch = /GIT_DIR=(\S+)/.exec(first!)![1]!;
  const commit = / ([0-9a-f]{40}):/.exec(first!)![1]!;
  git(scratch, ['push', '--quiet', '--force', `file://${repos.remote}`, `${commit}:${REF}`]);
  await backend.write(numbered(2), { lock, expectedSerial: null });
  await lock.release();
  assert.is((await backend.read())?.serial, 2);
});

it('a ref that is deleted or replaced under a holder is a lost lock', async ({ repos }) => {
  for (const [change, why] of [
    [() => git(repos.remote, ['update-ref', '-d', REF]), 'is gone'],
    [() => repos.put(REF, JSON.stringify(numbered(9))), 'is locked by nobody any more'],
  ] as const) {
    const backend = backendIn(await repos.clone());
    const lock = await backend.lock('apply');
    await change();
    const error = await errorOf(backend.write(numbered(10), { lock, expectedSerial: null }));
    assert.is(error.code, 'state.lock-lost');
    assert.match(error.message, why);
    await lock.release();
  }
  assert.is((await backendIn(await repos.clone()).read())?.serial, 9);
});

it('a silent holder is told with its silence, and only removed by a person', async ({ repos }) => {
  const one = backendIn(await repos.clone());
  const two = backendIn(await repos.clone(), { silentMs: 100, heartbeatMs: 400 });
  const lock = await one.lock('apply');
  await delay(1200);
  const error = await errorOf(two.lock('apply'));
  assert.is(error.code, 'state.locked');
  assert.match(error.message, /last heartbeat \ds ago/);
  await two.forceUnlock(lock.holder.id, false);
  // It comes back.
  assert.is(await codeOfError(one.write(numbered(1), { lock, expectedSerial: null })), 'state.lock-lost');
});

it('a holder whose clock is behind is seen alive', async ({ repos }) => {
  const behind = { heartbeatMs: 300, wall: () => Date.now() - 3_600_000 };
  const one = backendIn(await repos.clone(), behind);
  const two = backendIn(await repos.clone(), { heartbeatMs: 4000 });
  const lock = await one.lock('apply');
  assert.ok((await two.inspectLock())!.silentSeconds! > 3000);
  assert.is(await codeOfError(two.forceUnlock(lock.holder.id, false)), 'state.lock-alive');
  await lock.prove();
  await lock.release();
});

it('a push of a lock without an answer cannot be done later, when nobody knows of that lock', async ({
  repos,
}) => {
  const folder = await repos.clone();
  await keep(backendIn(folder), numbered(1), null);
  // The pushes of the lock are put aside, and told as failed; the one that comes after them gets through.
  const env = gitThat(
    repos,
    'if [ "$PUSH" ] && [ "$(cat "$0.log" 2>/dev/null | wc -l)" -lt 4 ]; then echo "$GIT_DIR $*" >>"$0.log"; exit 128; fi',
  );
  const error = await errorOf(backendIn(folder, {}, { env }).lock('apply'));
  assert.is(error.code, 'state.unreachable');
  const [first] = readFileSync(join(dirname(repos.remote), 'bin', 'git.log'), 'utf8').split('\n');
  const [scratch, ...words] = first!.split(' ');
  assert.throws(() =>
    git(
      scratch!,
      words.map((word) => (word === 'origin' ? `file://${repos.remote}` : word)),
    ),
  );
  const backend = backendIn(folder);
  assert.is(await backend.inspectLock(), null);
  assert.is((await backend.read())?.serial, 1);
  assert.equal(
    (await backend.history!.versions(9)).map(({ serial }) => serial),
    [1],
  );
  await keep(backend, numbered(2), 1);
});

it('a token in a rule for addresses is known, and not shown', async ({ repos }) => {
  const token = 'ghp_SECRETTOKEN1234567890';
  const folder = await repos.clone();
  git(folder, ['remote', 'set-url', 'origin', 'http://127.0.0.1:9/remote.git']);
  git(folder, ['config', `url.http://${token}@127.0.0.1:9/.insteadOf`, 'http://127.0.0.1:9/']);
  const known: unknown[] = [];
  const error = await errorOf(backendIn(folder, {}, { know: (one) => known.push(one) }).read());
  assert.ok(known.includes(token));
  assert.not.match(`${error.message} ${error.hint}`, token);
});

it('git and what it runs see none of our own secrets', async ({ repos }) => {
  const log = join(dirname(repos.remote), 'env');
  const env = {
    ...gitThat(repos, `env >>${log}`),
    FLEETFORM_TOKEN: 'our-secret-key',
    FLEETFORM_STATE_POSTGRES_URL: 'our-secret-url',
    TF_HTTP_PASSWORD: 'our-secret-password',
    PGPASSWORD: 'our-secret-pg',
  };
  await keep(backendIn(await repos.clone(), {}, { env }), numbered(1), null);
  assert.not.match(readFileSync(log, 'utf8'), 'our-secret');
});

it('the state that a dead holder wrote stays, without its lock', async ({ repos }) => {
  const one = backendIn(await repos.clone());
  await keep(one, numbered(1), null);
  const lock = await one.lock('apply');
  await one.write(numbered(2), { lock, expectedSerial: 1 });
  const two = backendIn(await repos.clone());
  await two.forceUnlock(lock.holder.id, true);
  assert.is((await two.read())?.serial, 2);
  assert.equal(
    (await two.history!.versions(9)).map(({ serial }) => serial),
    [2, 1],
  );
  await keep(two, numbered(3), 2);
});

it('a lock that is none is told', async ({ repos }) => {
  const blob = git(repos.remote, ['hash-object', '-w', '--stdin'], '{"id":"../../x"}');
  const tree = git(repos.remote, ['mktree'], `100644 blob ${blob}\tlock.json\n`);
  git(repos.remote, ['update-ref', REF, git(repos.remote, ['commit-tree', tree, '-m', 'x'])]);
  const backend = backendIn(await repos.clone());
  assert.is(await codeOfError(backend.lock('apply')), 'state.invalid-lock');
  assert.is(await backend.read(), null);
});

for (const [what, says, hint] of [
  ['has a rule against it', 'no such refs here', 'rule or a hook'],
  ['wants signatures', 'commits must be signed', 'signed pushes or commits'],
] as const) {
  it(`a server that ${what} is told as that`, async ({ repos }) => {
    const hook = `#!/bin/sh\necho "${says}"; exit 1\n`;
    writeFileSync(join(repos.remote, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
    const error = await errorOf(backendIn(await repos.clone()).lock('apply'));
    assert.is(error.code, 'state.denied', error.message);
    assert.match(error.hint!, hint);
    assert.match(error.message, REF);
    assert.match(error.message, says);
  });
}

it('a server that takes no replaced commits of branches takes these', async ({ repos }) => {
  for (const name of ['receive.denyNonFastForwards', 'receive.denyDeletes'])
    git(repos.remote, ['config', name, 'true']);
  const backend = backendIn(await repos.clone());
  await keep(backend, numbered(1), null);
  await (await backend.lock('apply')).release();
  assert.is((await backend.read())?.serial, 1);
});

it('no checkout, no such remote, no git', async ({ repos }) => {
  const folder = await repos.clone();
  const outside = await errorOf(backendIn(dirname(repos.remote)).read());
  assert.is(outside.code, 'state.no-repository');
  const typo = await errorOf(backendIn(folder, {}, { remote: 'orign' }).read());
  assert.is(typo.code, 'state.no-remote');
  assert.match(typo.message, 'did you mean "origin"');
  const none = await errorOf(backendIn(folder, {}, { env: { PATH: '/nonexistent' } }).read());
  assert.is(none.code, 'state.no-git');
  git(folder, ['remote', 'set-url', 'origin', '/nowhere/remote.git']);
  const gone = await errorOf(backendIn(folder).read());
  assert.match(gone.message, '/nowhere/remote.git');
});

it('over http with the header of the checkout, and with a credential helper', async ({ repos }) => {
  const password = 'hunter2-hunter2';
  const server = await serveGit(dirname(repos.remote), 'ann', password);
  try {
    const folder = await repos.clone();
    git(folder, ['remote', 'set-url', 'origin', `${server.url}/remote.git`]);
    const denied = await errorOf(backendIn(folder).read());
    assert.is(denied.code, 'state.denied', denied.message);

    const basic = Buffer.from(`ann:${password}`).toString('base64');
    git(folder, ['config', `http.${server.url}/.extraheader`, `AUTHORIZATION: basic ${basic}`]);
    const known: (string | null | undefined)[] = [];
    const backend = backendIn(folder, {}, { know: (one) => known.push(one) });
    await keep(backend, numbered(1), null);
    assert.ok(known.includes(basic));
    git(folder, ['config', '--unset', `http.${server.url}/.extraheader`]);

    const helper = `!f() { test "$1" = get && echo username=ann && echo password=${password}; }; f`;
    git(folder, ['config', `credential.${server.url}.helper`, helper]);
    await keep(backendIn(folder), numbered(2), 1);

    server.mayPush = false;
    assert.is((await backendIn(folder).read())?.serial, 2, 'reading takes read access only');
    const readOnly = await errorOf(backendIn(folder).lock('apply'));
    assert.is(readOnly.code, 'state.denied', readOnly.message);
    assert.match(readOnly.hint!, 'contents: write');

    git(folder, ['config', `credential.${server.url}.helper`, helper.replace(password, 'wrong-wrong')]);
    const wrong = await errorOf(backendIn(folder).read());
    assert.is(wrong.code, 'state.denied');
    assert.not.match(`${wrong.message} ${wrong.hint}`, 'wrong-wrong');
  } finally {
    await server.close();
  }
  const folder = await repos.clone();
  git(folder, [
    'remote',
    'set-url',
    'origin',
    `${server.url.replace('//', `//ann:${password}@`)}/remote.git`,
  ]);
  const known: (string | null | undefined)[] = [];
  const down = await errorOf(backendIn(folder, {}, { know: (one) => known.push(one) }).read());
  assert.is(down.code, 'state.unreachable');
  assert.ok(known.includes(password));
  assert.not.match(down.message, password);
});

it('through ssh, as the checkout or the environment says', async ({ repos }) => {
  const ssh = join(dirname(repos.remote), 'ssh');
  writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\necho "$@" >>"$0.log"\neval "$last"\n', {
    mode: 0o755,
  });
  const folder = await repos.clone();
  git(folder, ['remote', 'set-url', 'origin', `ssh://git@git.example.org${repos.remote}`]);
  git(folder, ['config', 'core.sshCommand', ssh]);
  await keep(backendIn(folder), numbered(1), null);
  git(folder, ['config', '--unset', 'core.sshCommand']);
  await keep(backendIn(folder, {}, { env: { ...GIT_ENV, GIT_SSH_COMMAND: ssh } }), numbered(2), 1);
  assert.match(readFileSync(`${ssh}.log`, 'utf8'), 'git@git.example.org');
});

it('is not led astray by the environment of a hook', async ({ repos }) => {
  const folder = await repos.clone();
  const env = {
    ...GIT_ENV,
    GIT_DIR: '/nowhere',
    GIT_INDEX_FILE: '/nowhere/index',
    GIT_WORK_TREE: '/nowhere',
  };
  await keep(backendIn(folder, {}, { env }), numbered(1), null);
});

it('runs no hook of the checkout', async ({ repos }) => {
  const folder = await repos.clone();
  for (const name of ['pre-push', 'reference-transaction', 'post-checkout']) {
    writeFileSync(
      join(folder, '.git', 'hooks', name),
      '#!/bin/sh\ntouch "$(dirname "$0")/../ran"; exit 1\n',
      {
        mode: 0o755,
      },
    );
  }
  git(folder, ['config', 'core.hooksPath', join(folder, '.git', 'hooks')]);
  await keep(backendIn(folder), numbered(1), null);
  assert.not(existsSync(join(folder, '.git', 'ran')), relative(tmpdir(), folder));
});

it.run();
