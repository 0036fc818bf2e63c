/** Holders that died, and a pooler between them and the server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../../src/model/recorded.ts';
import { openPostgres } from '../../../../src/state/backends/postgres/backend.ts';
import { waitForLock } from '../../../../src/state/wait-for-lock.ts';
import { codeOfError } from '../../../lock/volume.ts';
import { type Cluster, startPgbouncer, startPostgres } from '../../../support/postgres.ts';
import { needs } from '../../../support/tools.ts';
import { keep } from '../conformance.ts';

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });
const SOURCE = resolve('src/state/backends/postgres/backend.ts');

let cluster: Cluster;

function place(schema: string, env: Record<string, string>) {
  return { settings: { name: 'live', state: { backend: 'postgres', schema } as const }, env, know: () => {} };
}

/** A process of its own, with that backend open. */
function started(settings: object, script: string) {
  const opening = `
    const { openPostgres } = await import(${JSON.stringify(SOURCE)});
    const backend = openPostgres({ settings: ${JSON.stringify(settings)}, env: process.env, know: () => {} });
    ${script}`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', opening], {
    env: { ...process.env, ...cluster.env() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const it = needs(suite('postgres, holders'), 'postgres');

it.before(async () => {
  cluster = await startPostgres();
});
it.after(() => cluster.end());

it('one that was killed is seen silent, and its lock removed by a person alone', async () => {
  const settings = { name: 'live', state: { backend: 'postgres', schema: 'killed' } };
  const holder = started(
    settings,
    `console.log((await backend.lock('apply')).holder.id);
    setInterval(() => {}, 1000);`,
  );
  const [line] = await once(holder.stdout, 'data');
  const id = String(line).trim();
  const backend = openPostgres(place('killed', cluster.env()));
  assert.is(await codeOfError(backend.forceUnlock(id, false)), 'state.lock-alive');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await cluster.sql(`UPDATE killed.states SET lock_beat = lock_beat - interval '10 minutes'`);
  const error = await backend.lock('apply').catch((thrown) => thrown);
  assert.is(error.code, 'state.locked');
  assert.match(error.message, /last heartbeat 10 ?m\w* ago/);
  assert.is((await backend.forceUnlock(id, false)).id, id);
  await keep(backend, { ...STATE, serial: 1 }, null);
  await backend.close();
});

it('one that is seen to be gone on this machine need not be waited for; one elsewhere does', async () => {
  const backend = openPostgres(place('gone', cluster.env()));
  const lock = await backend.lock('apply');
  const { id } = lock.holder;
  const change = (what: string) =>
    cluster.sql(`UPDATE gone.states SET lock_holder = lock_holder || '${what}'`);
  // That number was another process, earlier.
  await change('{"startTicks": "1", "host": "elsewhere"}');
  assert.is(await codeOfError(backend.forceUnlock(id, false)), 'state.lock-alive');
  await cluster.sql(`UPDATE gone.states SET lock_beat = now() - interval '66 seconds'`);
  assert.is((await backend.forceUnlock(id, false)).id, id);
  const next = await backend.lock('apply');
  await change('{"startTicks": "1"}');
  assert.is((await backend.forceUnlock(next.holder.id, false)).id, next.holder.id);
  await backend.close();
});

it('a lock that is seen silent, and shows a sign of life whenever it is to be removed, is alive', async () => {
  const backend = openPostgres(place('restless', cluster.env()));
  const { id } = (await backend.lock('apply')).holder;
  await cluster.sql(
    `UPDATE restless.states SET lock_beat = now() - interval '10 minutes';
    CREATE FUNCTION restless.undone() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER undone BEFORE UPDATE ON restless.states FOR EACH ROW EXECUTE FUNCTION restless.undone()`,
  );
  assert.is(await codeOfError(backend.forceUnlock(id, false)), 'state.lock-alive');
  await cluster.sql('DROP TRIGGER undone ON restless.states');
  await backend.forceUnlock(id, false);
  await backend.close();
});

it('a process waits for the end of its connection, and for nothing after that', async () => {
  const settings = { name: 'live', state: { backend: 'postgres', schema: 'ending' } };
  const process = started(
    settings,
    `const lock = await backend.lock('apply');
    await new Promise((done) => setTimeout(done, 50));
    await lock.release();
    await backend.read();
    await backend.close();
    console.log('ended');`,
  );
  let said = '';
  process.stdout.on('data', (bytes) => {
    said += bytes;
  });
  const [code] = await once(process, 'close');
  assert.equal([code, said.trim()], [0, 'ended']);
});

const pooled = needs(it, 'pgbouncer');

pooled('behind PgBouncer in transaction mode, six writers at once lose nothing', async () => {
  const pooler = await startPgbouncer(cluster);
  const open = () => openPostgres(place('pooled', pooler.env));
  const stop = new AbortController().signal;
  const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms / 10));
  const writer = async () => {
    const backend = open();
    for (let round = 0; round < 3; round += 1) {
      const lock = await waitForLock(backend, 'test', {
        lockTimeoutMs: 120_000,
        sleep,
        onWait: () => {},
        stop,
      });
      const before = await backend.read();
      const expectedSerial = before?.serial ?? null;
      await backend.write({ ...STATE, serial: (expectedSerial ?? 0) + 1 }, { lock, expectedSerial });
      await lock.prove();
      await lock.release();
    }
    await backend.close();
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(writer));
  const backend = open();
  assert.is((await backend.read())!.serial, 18);
  assert.is((await backend.history!.versions(100)).length, 18);
  await backend.close();
  const stranger = openPostgres(place('pooled', { ...pooler.env, PGPASSWORD: 'wrong-secret-9' }));
  const refused = await stranger.read().catch((error) => error);
  assert.is(refused.code, 'state.denied');
  assert.match(refused.message, /authentication failed/);
  assert.not.match(`${refused.message} ${refused.hint}`, /wrong-secret/);
  await stranger.close();
  await pooler.end();
});

it.run();
