/** For real: processes that race for one lock, are killed with it, or have it taken from them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { localBackend } from '../../src/state/backends/local.ts';
import { fleetform, folder, inHours, serve, start } from '../support/cli.ts';
import { codeOfError, until } from './volume.ts';

const it = suite('lock processes');

const scratch = mkdtempSync(join(tmpdir(), 'fleetform-locks-'));
const script = join(scratch, 'holder.mjs');
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

it.before(async () => {
  await build({
    stdin: { contents: HOLDER, resolveDir: resolve('.'), loader: 'ts' },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});

/** Adds one to a number `times` times, each under the lock; says what went wrong. */
const HOLDER = `
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LockedError } from './src/lock/lock.ts';
import { acquireLockFile } from './src/lock/lock-file.ts';
import { realFiles } from './src/lock/lock-files.ts';
import { ownIdentity } from './src/lock/process-identity.ts';
const [path, counter, times, mode] = process.argv.slice(2);
const self = await ownIdentity();
const holder = { who: 'p', host: self.host, pid: self.pid, since: 'now', operation: 'test' };
const link = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }));
const options = mode === 'no-links' ? { files: { ...realFiles, link } } : {};
for (let done = 0; done < Number(times); ) {
  let lock;
  try {
    lock = await acquireLockFile(path, holder, self, options);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    await delay(Math.random() * 3);
    continue;
  }
  const before = Number(readFileSync(counter, 'utf8'));
  await delay(Math.random() * 2);
  await lock.prove();
  writeFileSync(counter, String(before + 1));
  done += 1;
  if (mode === 'stay') {
    console.log('held');
    await delay(60_000);
  }
  await lock.release();
}
`;

function run(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const holds = new Promise<void>((done) => child.stdout.once('data', () => done()));
  return { child, ended, holds };
}

for (const mode of ['links', 'no-links']) {
  it(`processes that race never hold it together (${mode})`, async () => {
    const counter = join(scratch, `counter-${mode}`);
    const path = join(scratch, `${mode}.lock.json`);
    writeFileSync(counter, '0');
    const runs = Array.from({ length: 4 }, () => run(path, counter, '15', mode));
    for (const { ended } of runs) assert.is(await ended, 0);
    assert.is(readFileSync(counter, 'utf8'), '60');
    assert.not(existsSync(path));
  });

  it(`of those that find a killed holder one takes over at a time (${mode})`, async () => {
    for (let round = 0; round < 3; round += 1) {
      const counter = join(scratch, `killed-${mode}-${round}`);
      const path = join(scratch, `killed-${mode}-${round}.lock.json`);
      writeFileSync(counter, '0');
      const victim = run(path, counter, '1', 'stay');
      await victim.holds;
      const takers = Array.from({ length: 3 }, () => run(path, counter, '3', mode));
      await new Promise((done) => setTimeout(done, 150));
      assert.is(readFileSync(counter, 'utf8'), '1', 'nobody passes a live holder');
      victim.child.kill('SIGKILL');
      for (const { ended } of takers) assert.is(await ended, 0);
      assert.is(readFileSync(counter, 'utf8'), '10');
      assert.not(existsSync(path));
    }
  });
}

it('an apply from which the lock is taken stops, says so, and leaves the state to the next', async () => {
  const api = await serve({ delayMs: 250 });
  try {
    const batches = Array.from(
      { length: 12 },
      (_, i) =>
        `  b${i}: { template: Restart game server, target: { fleet: "1394296486561117717" }, executeAt: ${inHours(24 + i)} }\n`,
    );
    const cwd = folder({ 'fleetform.yaml': `version: 1\nname: live\nbatches:\n${batches.join('')}` });
    const lock = join(cwd, '.fleetform/live.lock.json');
    const { ended } = start(['apply', '--auto-approve', '--quiet'], cwd, api.env);
    await until(() => api.posts().length > 0, 30_000);
    rmSync(lock);
    const state = () => readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8');
    const before = state();
    const { code, stderr } = await ended;
    assert.is(code, 1);
    assert.match(stderr, 'the lock was lost');
    assert.is(JSON.parse(state()).serial - JSON.parse(before).serial <= 1, true);
    assert.not(existsSync(lock));
    const again = await fleetform(['apply', '--auto-approve'], cwd, api.env);
    assert.is(again.code, 0, again.stderr);
    assert.is(api.record.batches.length, 12, 'and everything is there once');
  } finally {
    await api.server.close();
  }
});

it('force-unlock of a process that is seen alive takes --force, and that one then knows', async () => {
  const cwd = folder({ 'fleetform.yaml': 'version: 1\nname: live\nbatches: {}\n' });
  const lock = await localBackend(join(cwd, '.fleetform'), 'live').lock('test');
  const { id } = lock.holder;
  const refused = await fleetform(['force-unlock', id], cwd);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, `force-unlock ${id} --force`);
  await lock.prove();
  assert.is((await fleetform(['force-unlock', id, '--force'], cwd)).code, 0);
  assert.is(await codeOfError(lock.prove()), 'state.lock-lost');
});

it.run();
