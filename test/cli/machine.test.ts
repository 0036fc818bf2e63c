/** Trouble of the machine is told in words, with the place, and is never called a bug of ours. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, fleetform, folder } from '../support/cli.ts';

const it = suite('machine');
const FILE =
  'version: 1\nname: live\napi: sandbox\nbatches: { a: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';

/** A shell prepares the process: `$FLEETFORM plan`. */
function shell(script: string, cwd: string): { code: number | null; stderr: string } {
  const env = environment({ FLEETFORM: `${process.execPath} ${CLI}` });
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd, env, encoding: 'utf8' });
  return { code: status, stderr };
}

it('a file where the folder of the state belongs', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE, '.fleetform': '' });
  for (const args of [
    ['plan'],
    ['apply', '--auto-approve'],
    ['status'],
    ['state', 'list'],
    ['import', 'a', '1'],
  ]) {
    const { code, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, args.join(' '));
    assert.match(stderr, '.fleetform', args.join(' '));
    assert.match(stderr, 'hint:', args.join(' '));
    assert.not.match(stderr, 'bug in fleetform', args.join(' '));
  }
});

it('a folder where the lock belongs', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  mkdirSync(join(cwd, '.fleetform', 'live.lock.json'), { recursive: true });
  const { code, stderr } = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(code, 1, stderr);
  assert.match(stderr, 'live.lock.json');
  assert.not.match(stderr, 'bug in fleetform');
});

it('a working folder that is gone', () => {
  const { code, stderr } = shell('mkdir gone && cd gone && rmdir ../gone && $FLEETFORM plan', folder());
  assert.is(code, 1);
  assert.match(stderr, /^error: /);
  assert.not.match(stderr, /\n {4}at /);
});

// With fewer still, Node itself cannot open the program.
it('too few open files', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const limit of [26, 30, 34]) {
    const { stderr } = shell(`ulimit -n ${limit}; $FLEETFORM plan`, cwd);
    assert.not.match(stderr, 'bug in fleetform', `${limit}`);
    assert.not.match(stderr, /\n {4}at /, `${limit}`);
  }
});

it.run();
