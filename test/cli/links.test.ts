/** What the author of a pull request puts in the place of our files: links, devices, a record of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('links');
const SECRET = 'b1946ac92492d2347c6235b8d2611184';
const COMMANDS = [
  ['validate'],
  ['fmt'],
  ['fmt', '--check', '--diff'],
  ['plan'],
  ['apply', '--auto-approve'],
  ['status'],
  ['state', 'list'],
];

function checkout(files: Record<string, string> = {}): string {
  const cwd = folder(files);
  execFileSync('git', ['init', '-q'], { cwd });
  return cwd;
}

for (const [what, target] of [
  ['the environment', '/proc/self/environ'],
  ['a device without end', '/dev/zero'],
  ['a file outside', null],
] as const) {
  it(`a desired-state file that is a link to ${what} shows and changes nothing of it`, async () => {
    const text = `token:   ${SECRET}\n`;
    const outside = join(folder({ 'docker.yaml': text }), 'docker.yaml');
    const cwd = checkout();
    symlinkSync(target ?? outside, join(cwd, 'fleetform.yaml'));
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await fleetform(command, cwd, { FLEETFORM_TOKEN: SECRET });
      const name = command.join(' ');
      assert.is(code, 1, name);
      assert.not.match(stdout + stderr, SECRET, name);
      assert.match(stderr, 'fleetform.yaml is a link to something outside', name);
      assert.not.match(stderr, 'bug in fleetform', name);
    }
    assert.is(readFileSync(outside, 'utf8'), text);
  });
}

const FILE = 'version: 1\nname: live\napi: sandbox\nbatches: {}\n';
it('a record under version control is refused by whatever would use it', async () => {
  const cwd = checkout({ 'fleetform.yaml': FILE });
  mkdirSync(join(cwd, '.fleetform'));
  writeFileSync(join(cwd, '.fleetform/live.state.json'), '{}');
  execFileSync('git', ['add', '-f', '.'], { cwd });
  for (const command of [
    ['plan'],
    ['apply', '--auto-approve'],
    ['destroy', '--auto-approve'],
    ['status'],
    ['state', 'list'],
    ['state', 'pull'],
    ['state', 'rm', 'a'],
    ['force-unlock', SECRET],
    ['sandbox', 'advance', '1h'],
    ['sandbox', 'reset'],
  ]) {
    const { code, stderr } = await fleetform(command, cwd);
    assert.is(code, 1, command.join(' '));
    assert.match(stderr, 'is under version control', command.join(' '));
  }
  assert.is((await fleetform(['validate'], cwd)).code, 0, 'which needs no record');
});

it('a state that is not a regular file, or a link out of its folder, is no state', async () => {
  for (const target of ['/dev/zero', '/etc/hostname', '/dev/null']) {
    const cwd = folder({ 'fleetform.yaml': FILE });
    mkdirSync(join(cwd, '.fleetform'));
    symlinkSync(target, join(cwd, '.fleetform/live.state.json'));
    const { code, stderr } = await fleetform(['plan'], cwd);
    assert.is(code, 1, target);
    assert.match(stderr, 'live.state.json is', target);
    assert.not.match(stderr, 'bug in fleetform', target);
  }
});

it('no report leaves the repository through a link that a commit brings', async () => {
  const cwd = checkout({ 'fleetform.yaml': FILE });
  const home = folder({ '.bashrc': 'mine' });
  symlinkSync(join(home, '.bashrc'), join(cwd, 'file.md'));
  symlinkSync(home, join(cwd, 'out'));
  symlinkSync(join(home, 'new'), join(cwd, 'dangling'));
  symlinkSync('.git/hooks/pre-commit', join(cwd, 'hook'));
  mkdirSync(join(cwd, 'reports'));
  symlinkSync('reports/inside.md', join(cwd, 'inside.md'));
  for (const flag of ['--markdown', '--html', '--out']) {
    for (const name of ['file.md', 'out/x', 'dangling', 'hook']) {
      const { code, stderr } = await fleetform(['plan', flag, name], cwd);
      assert.is(code, 1, name);
      assert.match(stderr.replace(/\s+/g, ' '), 'outside this repository', name);
    }
    assert.is((await fleetform(['plan', flag, 'inside.md'], cwd)).code, 0);
    assert.is((await fleetform(['plan', flag, '/dev/null'], cwd)).code, 0);
  }
  assert.is(readFileSync(join(home, '.bashrc'), 'utf8'), 'mine');
  assert.not.ok(existsSync(join(home, 'new')) || existsSync(join(cwd, '.git/hooks/pre-commit')));
});

it('a folder that looks like a repository of git runs nothing, and hides no record', async () => {
  const cwd = checkout();
  const live = join(cwd, 'live');
  for (const name of ['objects', 'refs/heads', '.fleetform'])
    mkdirSync(join(live, name), { recursive: true });
  writeFileSync(join(live, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(live, 'fleetform.yaml'), FILE);
  writeFileSync(join(live, '.fleetform/live.state.json'), '{}');
  const config = [
    '[core]',
    'bare = true',
    `fsmonitor = touch ${join(cwd, 'pwned')}`,
    '[extensions]',
    'partialClone = origin',
  ];
  writeFileSync(join(live, 'config'), config.join('\n'));
  execFileSync('git', ['add', '-f', '.'], { cwd });
  const { code, stderr } = await fleetform(['-f', 'live', 'plan'], cwd);
  assert.is(code, 1);
  assert.match(stderr, 'is under version control');
  assert.not.ok(existsSync(join(cwd, 'pwned')));
});

it.run();
