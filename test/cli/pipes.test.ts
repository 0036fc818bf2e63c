/** What a shell hands over in place of a file: pipes of every kind, read or waited for, and ended by a signal. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, folder } from '../support/cli.ts';
import { needs } from '../support/tools.ts';

const it = needs(suite('pipes'), 'bash');
const FILE =
  'version: 1\nname: live\napi: sandbox\nbatches: { a: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';

/** `$FLEETFORM plan`. */
function bash(script: string, cwd: string) {
  return spawnSync('bash', ['-c', script], {
    cwd,
    env: environment({ FLEETFORM: `${process.execPath} ${CLI}` }),
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
}

for (const given of [
  '-f <(cat fleetform.yaml)',
  '-f /dev/stdin < fleetform.yaml',
  '-f /dev/stdin < <(cat fleetform.yaml)',
]) {
  it(`apply ${given} works, and its state stays in the working folder`, () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    const { status, stderr } = bash(`$FLEETFORM apply --auto-approve ${given}`, cwd);
    assert.is(status, 0, stderr);
    assert.ok(existsSync(join(cwd, '.fleetform', 'live.state.json')));
    const again = bash(`$FLEETFORM plan --detailed-exitcode ${given}`, cwd);
    assert.is(again.status, 0, again.stdout + again.stderr);
  });
}

it('a saved plan and a pushed state come through a pipe', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const { status, stderr } = bash(
    'set -e; $FLEETFORM plan --out p.json; $FLEETFORM show <(cat p.json); ' +
      '$FLEETFORM apply --auto-approve <(cat p.json); $FLEETFORM state pull > s.json; $FLEETFORM state push <(cat s.json)',
    cwd,
  );
  assert.is(status, 0, stderr);
});

it('a pipe in a folder is told at once', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  execFileSync('mkfifo', [join(cwd, 'other.yaml')]);
  const { status, stderr } = bash('$FLEETFORM plan -f .', cwd);
  assert.is(status, 1);
  assert.match(stderr, /other\.yaml is not a regular file/);
});

for (const args of [
  ['plan', '-f', 'pipe'],
  ['apply', '--auto-approve', '-f', 'pipe'],
  ['apply', '--auto-approve', 'pipe'],
  ['state', 'push', 'pipe'],
  ['fmt', 'pipe'],
]) {
  it(`fleetform ${args.join(' ')}: a signal ends the wait for whoever writes`, async () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    const pipe = join(cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const child = spawn(process.execPath, [CLI, ...args], { cwd, env: environment(), stdio: 'ignore' });
    const ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
    // It has the pipe open, for nothing, and waits on: whoever opens it to write waits until then.
    const writer = spawn('sh', ['-c', 'exec 3> "$0"; echo open; exec sleep 60', pipe], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((open) => writer.stdout.once('data', open));
    child.kill('SIGTERM');
    assert.is(await ended, 'SIGTERM');
    writer.kill('SIGKILL');
    assert.not(readdirSync(cwd).includes('.fleetform'));
  });
}

it.run();
