/** What a shell hands over in place of a file: pipes of every kind, read or waited for, and ended by a signal. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
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
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
    // It has the pipe open, for nothing, and waits on: whoever opens it to write waits until then.
    const writer = spawn('sh', ['-c', 'exec 3> "$0"; echo open; exec sleep 60', pipe], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((open) => writer.stdout.once('data', open));
    child.kill('SIGTERM');
    assert.is(await ended, 130);
    assert.is(stderr, 'Interrupted; nothing was started.\n');
    writer.kill('SIGKILL');
    assert.not(readdirSync(cwd).includes('.fleetform'));
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  it(`${signal} ends the wait for a pipe that nobody opens to write, with 130`, async () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const child = spawn(process.execPath, [CLI, 'plan', '-f', 'pipe'], {
      cwd,
      env: environment(),
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.on('close', (code, end) => done(end ?? code)));
    // Its end of the pipe is open: by then it listens.
    const pipe = realpathSync(join(cwd, 'pipe'));
    const isOpen = () =>
      readdirSync(`/proc/${child.pid}/fd`).some((fd) => {
        try {
          return readlinkSync(`/proc/${child.pid}/fd/${fd}`) === pipe;
        } catch {
          return false;
        }
      });
    while (!isOpen()) await new Promise((done) => setTimeout(done, 5));
    child.kill(signal);
    assert.is(await ended, 130);
  });
}

it('a pipe whose writer writes late, in parts, or nothing at all, is read to its end', () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const late = bash(
    '$FLEETFORM validate -f <(sleep 0.3; head -c 20 fleetform.yaml; sleep 0.3; tail -c +21 fleetform.yaml)',
    cwd,
  );
  assert.is(late.status, 0, late.stderr);
  const fifo = bash(
    'mkfifo p; (sleep 0.3; cat fleetform.yaml > p) & $FLEETFORM validate -f p; code=$?; wait; exit $code',
    cwd,
  );
  assert.is(fifo.status, 0, fifo.stderr);
  for (const nothing of ['-f <(true)', '-f <(exit 0; sleep 1)', '-f q & sleep 0.5; : > q; wait $!']) {
    const { status, stderr } = bash(`test -p q || mkfifo q; $FLEETFORM validate ${nothing}`, cwd);
    assert.is(status, 1, nothing);
    assert.match(stderr, /error: /);
  }
});

it.run();
