/** `fleetform state …` as a process: the record looked at and put right by hand, and what plans make of it. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, serve } from '../support/cli.ts';

const it = suite('state commands');

const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
  'batches:',
  `  nightly: { template: Restart game server, targets: [{ fleet: eu }, { fleet: us }], executeAt: ${inHours(24)} }`,
  `  deploy: { template: Deploy build, target: { fleet: eu }, params: { buildId: "1" }, executeAt: ${inHours(30)} }`,
  '',
].join('\n');

async function applied(): Promise<string> {
  const cwd = folder({ 'fleetform.yaml': FILE });
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  return cwd;
}

const stateIn = (cwd: string) => JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));

it('what is about the record alone does without the batches of the file', async () => {
  const cwd = await applied();
  const [id] = stateIn(cwd).entries.deploy.batchIds;
  const write = (file: string) => writeFileSync(join(cwd, 'fleetform.yaml'), file);
  const isAnswered = async () => {
    for (const [line, words] of [
      ['status', 'deploy'],
      ['state list', 'deploy'],
      ['state show deploy', id],
      ['state pull', id],
      ['show', 'deploy'],
      ['templates', 'Deploy build'],
    ] as const) {
      const { code, stdout, stderr } = await fleetform(line.split(' '), cwd);
      assert.is(code, 0, `${line}: ${stderr}`);
      assert.match(stdout, words, line);
    }
    assert.match((await fleetform(['force-unlock', 'x'], cwd)).stderr, 'no lock');
  };
  write(
    FILE.replace('batches:', 'vars: { build: null }\nbatches:').replace('Id: "1"', `Id: "$${'{var.build}'}"`),
  );
  assert.is((await fleetform(['plan'], cwd)).code, 1);
  await isAnswered();
  write(FILE.replace('executeAt', 'executAt'));
  await isAnswered();
  assert.is((await fleetform(['state', 'rm', 'deploy'], cwd)).code, 0);
  const told = await fleetform(['status', '--json'], cwd);
  assert.equal(
    JSON.parse(told.stdout).rows.map((one: { address: string }) => one.address),
    ['nightly[fleet:eu]', 'nightly[fleet:us]'],
  );
  assert.match(told.stderr, 'warning: only what is in the state is shown: unknown key "executAt"');
  write(FILE.replace('batches:', 'batches: ['));
  const broken = await fleetform(['status'], cwd);
  assert.is(broken.code, 1);
  assert.match(broken.stderr, '--> fleetform.yaml:');
});

it('list: addresses, all or those of a block', async () => {
  const cwd = await applied();
  const all = await fleetform(['state', 'list'], cwd);
  assert.equal(all.stdout.trim().split('\n').sort(), ['deploy', 'nightly[fleet:eu]', 'nightly[fleet:us]']);
  const some = await fleetform(['state', 'list', 'nightly'], cwd);
  assert.equal(some.stdout.trim().split('\n').sort(), ['nightly[fleet:eu]', 'nightly[fleet:us]']);
  const json = JSON.parse((await fleetform(['state', 'list', '--json'], cwd)).stdout);
  assert.is(json.length, 3);
  assert.match(json[0].batchIds[0], /^\d+$/);
  const unknown = await fleetform(['state', 'list', 'nigthly'], cwd);
  assert.is(unknown.code, 1);
  assert.match(unknown.stderr, 'did you mean "nightly');
  assert.is((await fleetform(['state', 'list'], folder({ 'fleetform.yaml': FILE }))).stdout, '');
});

it('show: all that is remembered of an address', async () => {
  const cwd = await applied();
  const shown = await fleetform(['state', 'show', 'deploy'], cwd);
  assert.is(shown.code, 0, shown.stderr);
  const [id] = stateIn(cwd).entries.deploy.batchIds;
  for (const text of ['deploy', `batch      ${id}`, 'Deploy build', 'fleet eu', 'buildId = "1"']) {
    assert.match(shown.stdout, text);
  }
  const json = JSON.parse((await fleetform(['state', 'show', 'nightly', '--json'], cwd)).stdout);
  assert.is(json.length, 2);
  assert.is(json[0].entry.spec.template.name, 'Restart game server');
  assert.is((await fleetform(['state', 'show', 'nobody'], cwd)).code, 1);
});

it('rm: forgotten, not cancelled; the next plan adopts it again', async () => {
  const cwd = await applied();
  const before = stateIn(cwd);
  const missed = await fleetform(['state', 'rm', 'deploy', 'nobody'], cwd);
  assert.is(missed.code, 1);
  assert.equal(stateIn(cwd), before, 'one wrong word, and nothing is removed');
  const removed = await fleetform(['state', 'rm', 'nightly'], cwd);
  assert.is(removed.code, 0, removed.stderr);
  assert.match(removed.stdout, /Forgot nightly\[fleet:eu\] \(batch \d+\)/);
  const now = stateIn(cwd);
  assert.equal(Object.keys(now.entries), ['deploy']);
  assert.is(now.serial, before.serial + 1);
  const plan = await fleetform(['plan'], cwd);
  assert.match(plan.stdout, '0 to create, 0 to replace, 0 to cancel, 0 to update, 2 to adopt');
});

it('mv: an address, or a block, under another name; a plan with the new name has nothing to do', async () => {
  const cwd = await applied();
  const before = stateIn(cwd).entries;
  assert.is((await fleetform(['state', 'mv', 'nightly', 'night'], cwd)).code, 0);
  assert.is((await fleetform(['state', 'mv', 'deploy', 'hotfix'], cwd)).code, 0);
  const { entries } = stateIn(cwd);
  assert.equal(entries['night[fleet:eu]'], before['nightly[fleet:eu]']);
  assert.equal(entries.hotfix, before.deploy);
  writeFileSync(
    join(cwd, 'fleetform.yaml'),
    FILE.replace('nightly:', 'night:').replace('deploy:', 'hotfix:'),
  );
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
  for (const [from, to, words] of [
    ['hotfix', 'night[fleet:eu]', 'already'],
    ['nobody', 'x', 'no address nobody'],
    ['night', 'x[fleet:eu]', 'several addresses'],
  ] as const) {
    const refused = await fleetform(['state', 'mv', from, to], cwd);
    assert.is(refused.code, 1);
    assert.match(refused.stderr, words);
  }
  assert.equal(stateIn(cwd).entries, entries);
});

it('moved: in the file does the same, with the review of a plan', async () => {
  const cwd = await applied();
  const [id] = stateIn(cwd).entries.deploy.batchIds;
  writeFileSync(
    join(cwd, 'fleetform.yaml'),
    FILE.replace('deploy:', 'hotfix:').replace('batches:', 'moved: [{ from: deploy, to: hotfix }]\nbatches:'),
  );
  const plan = await fleetform(['plan', '--detailed-exitcode'], cwd);
  assert.is(plan.code, 2, plan.stderr);
  assert.match(plan.stdout, 'deploy  moves to hotfix');
  assert.match(
    plan.stdout,
    'Plan: 0 to create, 0 to replace, 0 to cancel, 0 to update, 0 to adopt, 1 to move.',
  );
  const done = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(done.code, 0, done.stderr);
  assert.match(done.stdout, '1 moved');
  assert.equal(stateIn(cwd).entries.hotfix.batchIds, [id]);
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
});

it('pull and push: a copy, put back; older ones and those of others are refused', async () => {
  const cwd = await applied();
  const pulled = await fleetform(['state', 'pull'], cwd);
  assert.equal(JSON.parse(pulled.stdout), stateIn(cwd));
  writeFileSync(join(cwd, 'backup.json'), pulled.stdout);
  assert.is((await fleetform(['state', 'rm', 'deploy'], cwd)).code, 0);
  const older = await fleetform(['state', 'push', 'backup.json'], cwd);
  assert.is(older.code, 1);
  assert.match(older.stderr, /is older \(serial \d+\) than the recorded one/);
  assert.is((await fleetform(['state', 'push', 'backup.json', '--force'], cwd)).code, 0);
  assert.equal(stateIn(cwd).entries, JSON.parse(pulled.stdout).entries);
  assert.is(stateIn(cwd).serial, JSON.parse(pulled.stdout).serial + 2);
  for (const [change, words] of [
    [{ lineage: '5f0c7d3e-6a52-4c38-9f1e-7f0b6c2d9a11' }, 'they are unrelated'],
    [{ name: 'other' }, 'is the state of "other"'],
    [{ api: 'https://api.i3d.net' }, 'belongs to https://api.i3d.net'],
    [{ entries: 7 }, 'is not a fleetform state'],
  ] as const) {
    writeFileSync(join(cwd, 'wrong.json'), JSON.stringify({ ...stateIn(cwd), ...change }));
    const refused = await fleetform(['state', 'push', 'wrong.json'], cwd);
    assert.is(refused.code, 1);
    assert.match(refused.stderr, words);
  }
  const nothing = await fleetform(['state', 'pull'], folder({ 'fleetform.yaml': FILE }));
  assert.equal([nothing.code, nothing.stdout], [0, '']);
});

it('a lock of another is respected, and waited for no longer than told', async () => {
  const cwd = await applied();
  writeFileSync(
    join(cwd, '.fleetform/live.lock.json'),
    JSON.stringify({
      id: '1d4e0d3c-52a3-4ad5-9a38-2f7f0a5d8a01',
      who: 'ana@elsewhere',
      host: 'elsewhere',
      pid: 1,
      since: '2026-11-30T22:40:00Z',
      operation: 'apply',
    }),
  );
  for (const args of [
    ['rm', 'deploy'],
    ['mv', 'deploy', 'x'],
  ]) {
    const refused = await fleetform(['state', ...args], cwd);
    assert.is(refused.code, 1);
    assert.match(refused.stderr, 'ana@elsewhere');
  }
  assert.is((await fleetform(['state', 'list'], cwd)).code, 0);
});

it('files of several folders: a state beside one of them is not passed over', async () => {
  const live = FILE.split('\n');
  const cwd = folder({});
  for (const name of ['a', 'b']) mkdirSync(join(cwd, name));
  writeFileSync(join(cwd, 'a/one.yaml'), `${live.slice(0, 6).join('\n')}\n`);
  writeFileSync(join(cwd, 'b/two.yaml'), `version: 1\nbatches:\n${live[6]}\n`);
  const both = ['-f', 'a/one.yaml', '-f', 'b/two.yaml'];
  assert.is((await fleetform(['apply', '--auto-approve', '-f', 'a/one.yaml'], cwd)).code, 0);
  for (const line of [['plan'], ['apply', '--auto-approve'], ['state', 'list'], ['status']]) {
    const { code, stderr } = await fleetform([...line, ...both], cwd);
    assert.is(code, 1, line.join(' '));
    assert.match(stderr, 'a/.fleetform/live.state.json is a state of "live"');
    assert.match(stderr, join(cwd, '.fleetform'));
  }
  mkdirSync(join(cwd, '.fleetform'));
  for (const name of readdirSync(join(cwd, 'a/.fleetform'))) {
    renameSync(join(cwd, 'a/.fleetform', name), join(cwd, '.fleetform', name));
  }
  const { code, stdout } = await fleetform(['plan', ...both], cwd);
  assert.is(code, 0);
  assert.match(stdout, '1 to create');
});

it('push takes no address that no file could have, and list shows none as it is', async () => {
  const cwd = await applied();
  const state = stateIn(cwd);
  for (const bad of ['a\nb', '\u001b[2J', '../x', '-x', '$(id)', 'a b', 'a[\u0007]']) {
    const entries = { ...state.entries, [bad]: state.entries.deploy };
    writeFileSync(join(cwd, 'bad.json'), JSON.stringify({ ...state, entries }));
    const { code, stderr } = await fleetform(['state', 'push', 'bad.json'], cwd);
    assert.is(code, 1, bad);
    assert.match(stderr, 'which is not an address');
    assert.equal(stateIn(cwd), state);
  }
  const entries = { ...state.entries, '\u001b[2J': state.entries.deploy };
  writeFileSync(join(cwd, '.fleetform/live.state.json'), JSON.stringify({ ...state, entries }));
  assert.not.match((await fleetform(['state', 'list'], cwd)).stdout, '\u001b');
});

it('state prune: shows first, asks, and is written under the lock with a serial', async () => {
  const cwd = await applied();
  const path = join(cwd, '.fleetform/live.state.json');
  const state = stateIn(cwd);
  const old = Math.floor(Date.now() / 1000) - 100 * 86_400;
  const { spec } = state.entries.deploy;
  state.entries.gone = { ...state.entries.deploy, over: true, phase: 'done', createdAt: old, notAfter: null };
  state.entries.gone.spec = { ...spec, executeAt: old };
  writeFileSync(path, JSON.stringify(state));
  const dry = await fleetform(['state', 'prune', '--dry-run'], cwd);
  assert.match(dry.stdout, '  - gone: it is over for good\nWould be removed: 1 address, 0 marks');
  const refused = await fleetform(['state', 'prune'], cwd);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, 'cannot ask for approval');
  assert.match((await fleetform(['state', 'prune', '--older-than', '1d'], cwd)).stderr, 'at least 7d');
  assert.equal(stateIn(cwd).serial, state.serial);
  const done = await fleetform(['state', 'prune', '--auto-approve', '--json'], cwd);
  assert.is(done.code, 0, done.stderr);
  assert.equal(JSON.parse(done.stdout).removed.entries, ['gone']);
  assert.is(stateIn(cwd).serial, state.serial + 1);
  assert.not.ok('gone' in stateIn(cwd).entries);
  assert.match((await fleetform(['plan'], cwd)).stdout, 'No changes');
  assert.match((await fleetform(['state', 'prune'], cwd)).stdout, 'Nothing to remove');
});

it('state replace-api: only to the same account, and then the plan is empty', async () => {
  const api = await serve();
  const other = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': FILE.replace('api: sandbox\n', '') });
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    const [from, to] = [api.server.url, api.server.url.replace('127.0.0.1', 'localhost')];
    const env = { ...api.env, FLEETFORM_API_URL: to };
    const refused = await fleetform(['plan'], cwd, env);
    assert.match(refused.stderr, 'state replace-api FROM TO');
    const plan = ['plan', '--out', 'p.json', '--replace', 'deploy'];
    await fleetform(plan, cwd, api.env);
    const foreign = await fleetform(
      ['state', 'replace-api', from, other.server.url, '--force', '--auto-approve'],
      cwd,
      env,
    );
    assert.is(foreign.code, 1);
    assert.match(foreign.stderr, 'is not known there');
    assert.match(foreign.stderr, '--force does not help');
    assert.is(stateIn(cwd).api, from);
    assert.match((await fleetform(['state', 'replace-api', from, to], cwd, env)).stderr, 'cannot ask');
    const done = await fleetform(['state', 'replace-api', from, to, '--auto-approve', '--json'], cwd, env);
    assert.is(done.code, 0, done.stderr);
    assert.is(JSON.parse(done.stdout).changed, true);
    assert.is(stateIn(cwd).api, to);
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, env)).code, 0);
    assert.is((await fleetform(['apply', 'p.json'], cwd, env)).code, 1);
    const again = await fleetform(['state', 'replace-api', from, to, '--auto-approve'], cwd, env);
    assert.match(again.stdout, 'belongs already');
    const wrong = await fleetform(
      ['state', 'replace-api', 'https://x.example', from, '--auto-approve'],
      cwd,
      env,
    );
    assert.match(wrong.stderr, `belongs to ${to}`);
  } finally {
    await api.server.close();
    await other.server.close();
  }
});

it('state replace-api, where the old URL does not answer: only with --force, and never to what differs', async () => {
  const api = await serve();
  const other = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': FILE.replace('api: sandbox\n', '') });
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    // Nothing listens there.
    const gone = 'http://127.0.0.1:1';
    const path = join(cwd, '.fleetform/live.state.json');
    const state = { ...stateIn(cwd), api: gone };
    writeFileSync(path, JSON.stringify(state));
    const replaced = (to: string, ...flags: string[]) =>
      fleetform(['state', 'replace-api', gone, to, '--auto-approve', ...flags], cwd, api.env);
    const { url } = api.server;
    const refused = await replaced(url);
    assert.is(refused.code, 1);
    assert.match(refused.stderr, 'cannot be compared with');
    assert.match(refused.stderr, '3 of 3 batches agree there');
    assert.match(refused.stderr, 'use --force');
    const foreign = await replaced(other.server.url, '--force');
    assert.is(foreign.code, 1);
    assert.match(foreign.stderr, '--force does not help');
    assert.equal(stateIn(cwd), state);
    const forced = await replaced(url, '--force');
    assert.is(forced.code, 0, forced.stderr);
    assert.is(stateIn(cwd).api, url);
    assert.equal(stateIn(cwd).entries, state.entries);
    assert.match((await fleetform(['plan'], cwd, api.env)).stdout, 'No changes');
  } finally {
    await api.server.close();
    await other.server.close();
  }
});

it.run();
