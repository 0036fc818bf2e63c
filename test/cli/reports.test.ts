/** Files that are named on the command line, as a process that shares its machine with others. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, fleetform, folder, inHours } from '../support/cli.ts';
import { needs, needsRoot } from '../support/tools.ts';

const it = suite('reports and modes');
const asRoot = needsRoot(it);
const inBash = needs(it, 'bash');

const OTHER = 12_345;
const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  `  a: { template: Collect logs, target: { fleet: "1394296486561117717" }, executeAt: ${inHours(24)} }`,
  '',
].join('\n');

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Under a shell, for its umask and redirections. */
function shell(command: string, cwd: string): string {
  const script = command.replaceAll('fleetform', `"${process.execPath}" "${CLI}"`);
  return execFileSync('bash', ['-c', script], { cwd, env: environment(), encoding: 'utf8', stdio: 'pipe' });
}

for (const umask of ['000', '022', '077']) {
  inBash(`umask ${umask}: what is kept is for this user alone, a report is as the umask says`, () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    shell(`umask ${umask}; fleetform plan --out p --markdown m --html h`, cwd);
    shell(`umask ${umask}; fleetform apply p --auto-approve`, cwd);
    assert.is(modeOf(join(cwd, '.fleetform')), '700');
    for (const name of readdirSync(join(cwd, '.fleetform'))) {
      assert.is(modeOf(join(cwd, '.fleetform', name)), '600', name);
    }
    assert.equal(readdirSync(join(cwd, '.fleetform')).sort(), [
      '.gitignore',
      'live.state.json',
      'sandbox.json',
    ]);
    const usual = (0o666 & ~Number.parseInt(umask, 8)).toString(8);
    assert.equal(
      [modeOf(join(cwd, 'p')), modeOf(join(cwd, 'm')), modeOf(join(cwd, 'h'))],
      ['600', usual, usual],
    );
  });
}

inBash('what a shell opens for a report is written into, and devices stay', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const whole = /^<!-- fleetform:plan:live:[0-9a-f]{12} -->.*<\/details>\n/s;
  assert.match(shell('fleetform plan --markdown -', cwd), whole);
  assert.match(shell('fleetform plan --markdown >(cat >out) >all; sleep 0.3; cat out', cwd), whole);
  assert.match(shell('fleetform plan --markdown /dev/fd/7 7>seven >all; cat seven', cwd), whole);
  for (const name of ['/dev/stdout', '/proc/self/fd/1']) {
    assert.match(shell(`fleetform plan --markdown ${name}`, cwd), whole);
    // Of the same open file, so that nothing of either is lost.
    const both = shell(`fleetform plan --markdown ${name} >file; cat file`, cwd);
    assert.match(both, whole);
    assert.match(both, /<\/details>\n.*Plan: 1 to create/s);
  }
  shell('fleetform plan --markdown /dev/null', cwd);
  assert.ok(lstatSync('/dev/null').isCharacterDevice());
  assert.throws(() => shell('fleetform plan --markdown /dev/full', cwd), /cannot be written \(ENOSPC\)/);
});

asRoot('a report is not written through another’s link, for nobody', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE, precious: 'precious' });
  const open = join(cwd, 'open');
  mkdirSync(open);
  chmodSync(open, 0o1777);
  symlinkSync('../precious', join(open, 'report'));
  lchownSync(join(open, 'report'), OTHER, OTHER);
  for (const flag of ['--out', '--markdown', '--html']) {
    const { code, stderr } = await fleetform(['plan', flag, join(open, 'report')], cwd);
    assert.is(code, 1);
    assert.match(stderr, 'belongs to another user');
  }
  // As a user of the machine, who is not root.
  chownSync(cwd, OTHER + 1, OTHER + 1);
  chownSync(join(cwd, 'precious'), OTHER + 1, OTHER + 1);
  const child = spawn(process.execPath, [CLI, 'plan', '--markdown', join(open, 'report')], {
    cwd,
    env: environment(),
    uid: OTHER + 1,
    gid: OTHER + 1,
    stdio: 'ignore',
  });
  await new Promise((done) => child.on('close', done));
  assert.is(readFileSync(join(cwd, 'precious'), 'utf8'), 'precious');
});

it('a state that is recorded elsewhere by way of a link is refused, and nothing is made there', async () => {
  const elsewhere = folder();
  const cwd = folder({ 'fleetform.yaml': FILE });
  symlinkSync(elsewhere, join(cwd, '.fleetform'));
  const { code, stderr } = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(code, 1);
  assert.match(stderr, 'leads outside');
  assert.equal(readdirSync(elsewhere), []);
});

it('a lock file that is none, or names itself, ends an apply with the file’s name', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE.replace('  a:', '  b:'));
  const path = join(cwd, '.fleetform/live.lock.json');
  execFileSync('mkfifo', [path]);
  const endless = 'a1b2c3d4-0000-4000-8000-000000000000';
  for (const args of [
    ['apply', '--auto-approve'],
    ['force-unlock', '../../x', '--force'],
  ]) {
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, stderr);
    assert.match(stderr, /live\.lock\.json is not a lock file.*not a regular file/s);
  }
  assert.ok(lstatSync(path).isFIFO());
  rmSync(path);
  const { ownIdentity } = await import('../../src/lock/process-identity.ts');
  const dead = { ...(await ownIdentity()), pid: 4_194_303, startTicks: '1' };
  const record = { ...dead, id: endless, who: '\u001b[2Jada', since: 'now', operation: 'apply' };
  for (const name of [path, `${path}.${endless}.next`]) writeFileSync(name, JSON.stringify(record));
  for (const args of [
    ['apply', '--auto-approve', '--lock-timeout', '1h'],
    ['force-unlock', '../../x', '--force'],
  ]) {
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, stderr);
    assert.match(
      stderr,
      new RegExp(`${endless}\\.next\\s+leads back to the lock ${endless}.*delete`, 's'),
      stderr,
    );
  }
  const { stdout } = await fleetform(['force-unlock', endless, '--force'], cwd);
  assert.match(stdout, 'Removed the lock of \\u{1b}[2Jada');
});

it.run();
