/** A command that failed leaves no older result as though it were new. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, fleetform, folder, inHours, KEY } from '../support/cli.ts';
import { needsRoot } from '../support/tools.ts';

const it = suite('reports of a failure');
const asRoot = needsRoot(it);

const OTHER = 12_345;
const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  `  a: { template: Collect logs, target: { fleet: "1394296486561117717" }, executeAt: ${inHours(24)} }`,
  '',
].join('\n');
const BROKEN = FILE.replace('template:', 'templat<b>`:');
const ALL = ['--out', 'p', '--markdown', 'm', '--html', 'h'];
const DOWN = ['--api-url', 'http://127.0.0.1:9'];
const NO_PLAN = /no plan could be made/;

const read = (cwd: string, name: string) => readFileSync(join(cwd, name), 'utf8');

async function planned(): Promise<string> {
  const cwd = folder({ 'fleetform.yaml': FILE });
  assert.is((await fleetform(['plan', ...ALL], cwd)).code, 0);
  return cwd;
}

/** `said`: in every one of them. */
function assertFailed(cwd: string, said: string | RegExp): void {
  assert.is(JSON.parse(read(cwd, 'p')).failed, true);
  for (const name of ['m', 'h']) {
    assert.match(read(cwd, name), NO_PLAN);
    assert.match(read(cwd, name), said);
    assert.not.match(read(cwd, name), /sha256:[0-9a-f]{64}/);
    assert.not.match(read(cwd, name), 'to create');
  }
}

it('a file with mistakes: all three say why, each escaped in its own way, and the comment is that of show', async () => {
  const cwd = await planned();
  const [mark] = read(cwd, 'm').split('\n');
  writeFileSync(join(cwd, 'fleetform.yaml'), BROKEN);
  const { code, stderr } = await fleetform(['plan', ...ALL], cwd);
  assert.is(code, 1);
  assert.match(stderr, 'fleetform.yaml:5:');
  assertFailed(cwd, /fleetform\.yaml:5:/);
  assert.is(read(cwd, 'm').split('\n')[0], mark, 'where its plan was');
  assert.match(read(cwd, 'm'), '``"templat<b>`"``');
  const page = read(cwd, 'h');
  assert.match(page, 'templat&lt;b&gt;');
  assert.not.match(page, '<b>');
  assert.not.match(page, '<script');
  assert.match(page, 'content="default-src &#39;none&#39;; style-src &#39;sha256-');
  assert.is((await fleetform(['show', 'p', '--markdown', 'm2', '--html', 'h2'], cwd)).code, 1);
  assert.is(read(cwd, 'm2'), read(cwd, 'm'));
  assert.match(read(cwd, 'h2'), NO_PLAN);
});

it('an API that cannot be reached, a wrong setting, a file that is gone: whatever the reason', async () => {
  for (const [args, env, said] of [
    [DOWN, { FLEETFORM_TOKEN: KEY }, 'ECONNREFUSED'],
    [['--api-url', 'ftp://x'], {}, 'ftp:'],
    [['-f', 'gone.yaml'], {}, 'gone.yaml'],
    [[], { FLEETFORM_SETTLE: 'soon' }, 'soon'],
    [['--refresh-only'], { FLEETFORM_NOTIFY_URL: 'http://example.com/x' }, 'FLEETFORM_NOTIFY_URL'],
  ] as const) {
    const cwd = await planned();
    const { code } = await fleetform(['plan', ...args, ...ALL], cwd, env);
    assert.is(code, 1, said);
    assertFailed(cwd, said);
    for (const name of ['p', 'm', 'h']) assert.not.match(read(cwd, name), KEY);
  }
});

it('what is wrong with the command line touches no file', async () => {
  const cwd = await planned();
  const before = ['p', 'm', 'h', 'fleetform.yaml'].map((name) => read(cwd, name));
  for (const args of [
    [...ALL, '--no-such-flag'],
    [...ALL, '--destroy', '--replace', 'a'],
    [...ALL, '--refresh-only', '--destroy'],
    ['--out', 'p', '--markdown', 'm', '--html', 'm'],
    ['--out', 'p', '--markdown', 'm', '--html', 'fleetform.yaml'],
    ['--out', '-', '--markdown', '-', '--html', 'h'],
  ]) {
    assert.is((await fleetform(['plan', ...args], cwd)).code, 1, args.join(' '));
    assert.equal(
      ['p', 'm', 'h', 'fleetform.yaml'].map((name) => read(cwd, name)),
      before,
      args.join(' '),
    );
  }
});

it('a report never takes the place of a file that could not be read', async () => {
  const cwd = await planned();
  writeFileSync(join(cwd, 'fleetform.yaml'), BROKEN);
  for (const args of [
    ['--markdown', 'fleetform.yaml'],
    ['-f', 'fleetform.yaml', '-f', 'gone.yaml', '--html', 'fleetform.yaml'],
    ['-f', '.', '-f', 'gone.yaml', '--html', 'fleetform.yaml'],
    ['--markdown', '.fleetform/m'],
  ]) {
    const { code, stderr } = await fleetform(['plan', ...args], cwd);
    assert.is(code, 1);
    assert.match(stderr, /would overwrite|recorded state/, args.join(' '));
    assert.is(read(cwd, 'fleetform.yaml'), BROKEN, args.join(' '));
  }
  writeFileSync(join(cwd, 'fleetform.json'), '{}');
  assert.is((await fleetform(['plan', '--html', 'fleetform.yaml'], cwd)).code, 1);
  assert.is(read(cwd, 'fleetform.yaml'), BROKEN);
});

it('stdout has one report, and never an error in it', async () => {
  const cwd = folder({ 'fleetform.yaml': BROKEN });
  const comment = await fleetform(['plan', '--markdown', '-'], cwd);
  assert.match(comment.stdout, /^<!-- fleetform:plan:live:.*no plan could be made/s);
  assert.match(comment.stderr, 'error');
  assert.match((await fleetform(['plan', '--html', '-'], cwd)).stdout, /^<!doctype html>.*<\/html>\n$/s);
  const json = await fleetform(['plan', '--json', '--markdown', 'm'], cwd);
  assert.ok(JSON.parse(json.stdout).diagnostics.length > 0);
  assert.match(read(cwd, 'm'), NO_PLAN);
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE);
  const made = await fleetform(['plan', '--out', '-', '--html', 'no/such/h'], cwd);
  assert.is(made.code, 1);
  assert.not.ok('failed' in JSON.parse(made.stdout));
  assert.match(made.stderr, 'no/such/h cannot be written');
  const told = await fleetform(['plan', '--json', '--html', 'no/such/h'], cwd);
  assert.is(JSON.parse(told.stdout).diagnostics[0].code, 'cli.unwritable');
});

it('each is tried, the first error is told, and the others too', async () => {
  for (const text of [FILE, BROKEN]) {
    const cwd = await planned();
    writeFileSync(join(cwd, 'fleetform.yaml'), text);
    const args = ['plan', '--out', 'p', '--markdown', 'no/m', '--html', 'fleetform.yaml/h'];
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 1);
    assert.match(stderr, /no\/m cannot be written.*fleetform\.yaml\/h cannot be written/s);
    assert.is('failed' in JSON.parse(read(cwd, 'p')), text === BROKEN);
  }
});

asRoot('a folder without rights: an older plan does not stay, and an older comment neither', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const shut = join(cwd, 'shut');
  mkdirSync(shut);
  for (const path of [cwd, shut]) chownSync(path, OTHER, OTHER);
  const names = ['p', 'm', 'h'].map((name) => `shut/${name}`);
  const plan = (...more: string[]) => {
    const args = ['plan', '--out', names[0]!, '--markdown', names[1]!, '--html', names[2]!, ...more];
    const options = { cwd, env: environment(), uid: OTHER, gid: OTHER, encoding: 'utf8' } as const;
    return spawnSync(process.execPath, [CLI, ...args], options);
  };
  /** In one line, whatever the width. */
  const said = ({ stderr }: { readonly stderr: string }) => stderr.replace(/\s+/g, ' ');
  assert.is(plan().status, 0);
  chmodSync(shut, 0o500);
  const closed = plan();
  assert.is(closed.status, 1);
  assert.match(said(closed), 'what an earlier run left in shut/p has been taken out of it');
  assert.is(JSON.parse(read(cwd, names[0]!)).failed, true);
  assert.equal([read(cwd, names[1]!), read(cwd, names[2]!)], ['', '']);
  assert.is(plan('--api-url', 'ftp://x').status, 1);
  assert.match(read(cwd, names[0]!), 'ftp:');

  chmodSync(shut, 0o700);
  assert.is(plan().status, 0);
  for (const name of names) chmodSync(join(cwd, name), 0o400);
  chmodSync(shut, 0o500);
  for (const more of [[], ['--api-url', 'ftp://x']]) {
    const stuck = plan(...more);
    assert.is(stuck.status, 1);
    for (const name of names) assert.match(said(stuck), `${name} is still the older file`);
  }
  chmodSync(shut, 0);
  assert.match(said(plan()), 'what an earlier run left in shut/p, if it did, is still there');
});

it('status and calendar leave no older page either', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const command of ['status', 'calendar']) {
    writeFileSync(join(cwd, 'fleetform.yaml'), FILE);
    assert.is((await fleetform([command, '--html', 'h'], cwd)).code, 0);
    writeFileSync(join(cwd, 'fleetform.yaml'), 'version: [');
    assert.is((await fleetform([command, '--html', 'h'], cwd)).code, 1);
    assert.match(read(cwd, 'h'), `no ${command} could be made`);
    assert.match(read(cwd, 'h'), 'fleetform.yaml:1:');
  }
});

it('show makes the page of a saved plan, from what it holds', async () => {
  const cwd = await planned();
  assert.is((await fleetform(['show', 'p', '--html', 'page'], cwd)).code, 0);
  const digest = /sha256:[0-9a-f]{64}/.exec(read(cwd, 'h'))![0];
  const page = read(cwd, 'page');
  assert.match(page, digest);
  assert.match(page, 'id="timeline-list"');
  assert.match(page, 'From the saved plan');
  const piped = await fleetform(['show', 'p', '--html', '-', '--detailed-exitcode'], cwd);
  assert.is(piped.code, 2);
  assert.is(piped.stdout, page);
  for (const [args, said] of [
    [['p', 'm', '--html', 'x'], 'page of one plan'],
    [['p', '--html', 'p'], 'would overwrite the plan'],
    [['--html', 'x'], '--html needs a PLANFILE'],
    [['p', '--html', 'x', '--markdown', 'x'], 'would both write'],
  ] as const) {
    const { code, stderr } = await fleetform(['show', ...args], cwd);
    assert.is(code, 1);
    assert.match(stderr, said);
  }
  assert.not.ok(existsSync(join(cwd, 'x')));
});

it.run();
