/** stdout that nobody reads any more, or that is full: what is under way comes to its end all the same. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, fleetform, folder, inHours, start } from '../support/cli.ts';

const it = suite('output that cannot be written');

const FLEET = 'target: { fleet: "1394296486561117717" }';

function fileOf(batches: readonly string[]): string {
  return ['version: 1', 'name: live', 'api: sandbox', 'batches:', ...batches, ''].join('\n');
}

function scheduled(count: number): string {
  return fileOf(
    Array.from(
      { length: count },
      (_, i) => `  b${i}: { template: Collect logs, ${FLEET}, executeAt: ${inHours(24 + i)} }`,
    ),
  );
}

it('apply: a reader that leaves after the first line does not keep it from its work', async () => {
  const cwd = folder({ 'fleetform.yaml': scheduled(12) });
  const { child, ended } = start(['apply', '--auto-approve', '--json'], cwd);
  child.stdout.once('data', () => child.stdout.destroy());
  const { code, stderr } = await ended;
  assert.is(code, 0, stderr);
  assert.not.match(stderr, /EPIPE|\n {4}at |node:/);
  const state = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
  assert.is(Object.keys(state.entries).length, 12);
  assert.equal(state.intents, []);
  assert.not.ok(readdirSync(join(cwd, '.fleetform')).some((name) => name.includes('lock')));
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
});

it('reading commands end without a word, with their own exit code', async () => {
  const cwd = folder({ 'fleetform.yaml': scheduled(3) });
  for (const [args, expected] of [
    ['plan', 0],
    ['plan --detailed-exitcode', 2],
    ['plan --json', 0],
    ['status', 0],
    ['schema', 0],
    ['--version', 0],
    ['--help', 0],
  ] as const) {
    const { code, stderr } = await withStdoutClosed(args, cwd);
    assert.is(code, expected, `${args}: ${stderr}`);
    assert.not.match(stderr, /EPIPE|\n {4}at /, args);
  }
});

it('status --watch ends when nobody watches', async () => {
  const cwd = folder({ 'fleetform.yaml': fileOf([`  now: { template: Collect logs, ${FLEET} }`]) });
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  const { child, ended } = start(['status', '--watch', '--interval', '1s'], cwd);
  child.stdout.once('data', () => child.stdout.destroy());
  const { code, stderr } = await ended;
  assert.is(code, 0, stderr);
});

it('a full disk is an error: half a result must not look like a whole one', async () => {
  assert.ok(existsSync('/dev/full'), 'these tests need /dev/full, as Linux has it');
  const cwd = folder({ 'fleetform.yaml': scheduled(3) });
  for (const args of ['plan --json', 'schema plan', '--version']) {
    const { code, stderr } = await withStdout(openSync('/dev/full', 'w'), args, cwd);
    assert.is(code, 1, args);
    assert.is(
      stderr
        .split('\n')
        .filter((line) => line.includes('ENOSPC'))
        .join(),
      'error: stdout cannot be written (ENOSPC)',
    );
  }
});

it('what is told of a full disk stands behind all else that is told', async () => {
  const cwd = folder({ 'fleetform.yaml': scheduled(3) });
  const { code, stderr } = await withStdout(openSync('/dev/full', 'w'), 'apply --auto-approve', cwd);
  assert.is(code, 1, stderr);
  assert.match(stderr, 'created, batch');
  assert.is(stderr.trimEnd().split('\n').at(-1), 'error: stdout cannot be written (ENOSPC)');
});

/** As `fleetform … | true` would see it, once `true` is gone. */
function withStdoutClosed(args: string, cwd: string): Promise<{ code: number; stderr: string }> {
  const script = `{ sleep 0.2; "$0" "$@"; echo $? >code; } 2>stderr | true; cat code; cat stderr`;
  return new Promise((done) => {
    execFile(
      'sh',
      ['-c', script, process.execPath, CLI, ...args.split(' ')],
      { cwd, env: environment() },
      (_error, stdout) => {
        const [code = '', ...stderr] = stdout.split('\n');
        done({ code: Number(code), stderr: stderr.join('\n') });
      },
    );
  });
}

function withStdout(
  stdout: number,
  args: string,
  cwd: string,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args.split(' ')], {
    cwd,
    env: environment(),
    stdio: ['ignore', stdout, 'pipe'],
  });
  closeSync(stdout);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, stderr })));
}

it.run();
