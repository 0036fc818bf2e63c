/**
 * For real: processes killed with SIGKILL while they work, pipelines side by side, an API that loses answers. Then
 * one apply more, and everything is there once.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, serve, start } from '../support/cli.ts';
import { randomFrom } from '../support/schedules/random.ts';

const it = suite('kill');

const SEED = Number(process.env.KILL_SEED ?? 7);
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 12);
console.log(`kill rounds ${SEED} to ${SEED + ROUNDS - 1} (KILL_SEED, KILL_ROUNDS)`);

function file(hours: number): string {
  const line = (name: string, template: string, fleet: string, at: string) =>
    `  ${name}: { template: ${template}, target: { fleet: "${fleet}" }${at === '' ? '' : `, executeAt: ${at}`} }\n`;
  return (
    'version: 1\nname: live\nbatches:\n' +
    line('eu', 'Restart game server', '1394296486561117717', inHours(hours)) +
    line('us', 'Restart game server', '1394296486561117718', inHours(hours)) +
    line('staging', 'Restart game server', '1394296486561117719', inHours(hours + 1)) +
    line('logs', 'Collect logs', '1394296486561117719', '')
  );
}

it('the lock file is removed between creates: nothing more is sent, and the next apply finishes', async () => {
  const api = await serve({ delayMs: 40 });
  try {
    const lines = Array.from({ length: 6 }, (_, i) => [
      `  b${i}:`,
      `    template: ${i % 2 === 0 ? 'Restart game server' : 'Collect logs'}`,
      `    target: { fleet: "139429648656111771${7 + (i % 3)}" }`,
      `    executeAt: ${inHours(24)}`,
    ]);
    const text = ['version: 1', 'name: live', 'batches:', ...lines.flat(), ''].join('\n');
    const cwd = folder({ 'fleetform.yaml': text });
    const { ended } = start(['apply', '--auto-approve', '--quiet'], cwd, api.env);
    const patience = Date.now() + 20_000;
    while (api.posts().length === 0 && Date.now() < patience)
      await new Promise((done) => setTimeout(done, 2));
    rmSync(join(cwd, '.fleetform/live.lock.json'));
    const lost = await ended;
    assert.is(lost.code, 1);
    assert.match(lost.stderr.replace(/\s+/g, ' '), /lock/);
    const sent = api.posts().length;
    assert.ok(sent < 6, `${sent} were sent`);
    const { code, stderr } = await fleetform(['apply', '--auto-approve'], cwd, api.env);
    assert.is(code, 0, stderr);
    assert.is(api.record.batches.length, new Set(api.posts().map((body) => JSON.stringify(body))).size);
    assert.is(api.posts().length, api.record.batches.length);
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, api.env)).code, 0);
  } finally {
    await api.server.close();
  }
});

async function round(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const api = await serve({ delayMs: 4 });
  try {
    const cwd = folder({ 'fleetform.yaml': file(24) });
    for (let kills = 0; kills < 3; kills += 1) {
      // The second time the file has moved: cancels and replaces are killed as well.
      if (kills === 1) writeFileSync(join(cwd, 'fleetform.yaml'), file(48));
      const { child, ended } = start(['apply', '--auto-approve', '--quiet'], cwd, api.env);
      const posts = api.posts().length + 1 + Math.floor(random() * 3);
      const patience = Date.now() + 150 + random() * 1200;
      while (Date.now() < patience && api.posts().length < posts)
        await new Promise((done) => setTimeout(done, 2));
      child.kill('SIGKILL');
      await ended;
    }
    const last = await fleetform(['apply', '--auto-approve'], cwd, api.env);
    assert.is(last.code, 0, `round ${seed}: ${last.stderr}`);
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd, api.env)).code, 0);
    const live = api.record.batches
      .filter((batch) => batch.taskIds.some((id) => api.record.tasks[id]?.cancelledAt === null))
      .map((batch) => JSON.stringify({ ...(batch.request as object) }));
    assert.is(new Set(live).size, live.length, `round ${seed}: ${live.join('\n')}`);
    assert.is(live.length, 4, `round ${seed}: ${live.join('\n')}`);
    const state = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
    assert.equal(state.intents, []);
  } finally {
    await api.server.close();
  }
}

it('killed three times at random, then applied: everything is there once', async () => {
  const seeds = Array.from({ length: ROUNDS }, (_, i) => SEED + i);
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await round(seed);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
});

it('six pipelines at once: each waits its turn, and everything is there once', async () => {
  const api = await serve({ delayMs: 4 });
  try {
    const cwd = folder({ 'fleetform.yaml': file(24) });
    const args = ['apply', '--auto-approve', '--quiet', '--lock-timeout', '60s'];
    const runs = await Promise.all(Array.from({ length: 6 }, () => fleetform(args, cwd, api.env)));
    for (const { code, stderr } of runs) assert.is(code, 0, stderr);
    assert.is(api.record.batches.length, 4);
  } finally {
    await api.server.close();
  }
});

it.run();
