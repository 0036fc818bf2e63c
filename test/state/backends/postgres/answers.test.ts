/** Connections that break before or after what they were for has been done. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../../src/model/recorded.ts';
import type { StateBackend, StateLock } from '../../../../src/state/backend.ts';
import { openPostgres } from '../../../../src/state/backends/postgres/backend.ts';
import { codeOfError } from '../../../lock/volume.ts';
import {
  type BrokenLine,
  type Cluster,
  type Cut,
  startPostgres,
  startProxy,
} from '../../../support/postgres.ts';
import { needs } from '../../../support/tools.ts';

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });
const PACE = { answerMs: 20_000, pausesMs: [1, 1, 1] };
const WRITE = 'SET serial =';
const LOCK = 'ON CONFLICT';
const RELEASE = 'SET lock_id = NULL';

let cluster: Cluster;
let schemas = 0;

const it = needs(
  suite<{ proxy: BrokenLine; backend: StateBackend; direct: StateBackend; schema: string }>(
    'postgres, lost answers',
  ),
  'postgres',
);

it.before(async () => {
  cluster = await startPostgres();
});
it.after(() => cluster.end());
it.before.each(async (context) => {
  schemas += 1;
  context.schema = `s${schemas}`;
  context.proxy = await startProxy(cluster);
  const place = (env: Record<string, string>) => ({
    settings: { name: 'live', state: { backend: 'postgres', schema: context.schema } as const },
    env,
    know: () => {},
  });
  context.backend = openPostgres(place(context.proxy.env), { pace: PACE });
  context.direct = openPostgres(place(cluster.env()));
});
it.after.each(async ({ proxy, backend, direct }) => {
  await backend.close();
  await direct.close();
  proxy.end();
});

const write = (backend: StateBackend, lock: StateLock, serial: number) =>
  backend.write({ ...STATE, serial }, { lock, expectedSerial: serial === 1 ? null : serial - 1 });

async function troubleOf(
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; hint?: string }> {
  return promise.then(
    () => assert.unreachable(),
    (error) => error,
  );
}

async function serialsOf(backend: StateBackend): Promise<number[]> {
  return (await backend.history!.versions(9)).map(({ serial }) => serial);
}

for (const when of ['before', 'after'] as const) {
  it(`a write whose connection breaks ${when} it is done is done once`, async ({
    proxy,
    backend,
    direct,
  }) => {
    const lock = await backend.lock('test');
    await write(backend, lock, 1);
    proxy.cuts.push({ at: WRITE, when }, { at: WRITE, when });
    await write(backend, lock, 2);
    assert.equal(proxy.cuts, []);
    await write(backend, lock, 3);
    assert.equal(await serialsOf(direct), [3]);
    assert.is((await direct.read())!.serial, 3);
    await lock.release();
  });

  it(`a lock whose connection breaks ${when} it is taken is taken once`, async ({
    proxy,
    backend,
    direct,
  }) => {
    await (await backend.lock('test')).release();
    proxy.cuts.push({ at: LOCK, when });
    const lock = await backend.lock('test');
    assert.equal(proxy.cuts, []);
    assert.is((await direct.inspectLock())!.holder.id, lock.holder.id);
    proxy.cuts.push({ at: RELEASE, when });
    await lock.release();
    assert.equal(proxy.cuts, []);
    assert.is(await direct.inspectLock(), null);
  });

  it(`the first lock ever, when its tables ${when === 'after' ? 'were' : 'were not'} made`, async ({
    proxy,
    backend,
  }) => {
    proxy.cuts.push({ at: 'CREATE TABLE', when });
    await (await backend.lock('test')).release();
    assert.equal(proxy.cuts, []);
  });

  it(`a lock that is removed while the answer of a write is lost ${when} it is lost`, async ({
    proxy,
    backend,
    direct,
  }) => {
    const lock = await backend.lock('test');
    await write(backend, lock, 1);
    const meanwhile = () => direct.forceUnlock(lock.holder.id, true);
    proxy.cuts.push({ at: WRITE, when, meanwhile });
    assert.is(await codeOfError(write(backend, lock, 2)), 'state.lock-lost');
    assert.ok(lock.lost.aborted);
    assert.is((await direct.read())!.serial, when === 'after' ? 2 : 1);
  });
}

it('a lock that is stopped while its answer is lost is given back', async ({ proxy, backend, direct }) => {
  await (await backend.lock('test')).release();
  const stop = new AbortController();
  proxy.cuts.push({ at: LOCK, when: 'after', meanwhile: async () => stop.abort(new Error('stopped')) });
  assert.is(await backend.lock('test', stop.signal).catch((error: unknown) => error), stop.signal.reason);
  assert.is(await direct.inspectLock(), null);
});

it('a lock of which no answer came is given back, and named where that fails, too', async ({
  proxy,
  backend,
  direct,
}) => {
  await (await backend.lock('test')).release();
  const [lost, unsent]: Cut[] = [
    { at: LOCK, when: 'after' },
    { at: LOCK, when: 'before' },
  ];
  proxy.cuts.push(lost!, unsent!, unsent!, unsent!);
  const error = await troubleOf(backend.lock('test'));
  assert.is(error.code, 'state.unreachable');
  assert.not.match(error.hint ?? '', 'force-unlock');
  assert.is(await direct.inspectLock(), null);
  proxy.cuts.push(lost!, unsent!, unsent!, unsent!, { at: RELEASE, when: 'before' });
  const told = await troubleOf(backend.lock('test'));
  const { id } = (await direct.inspectLock())!.holder;
  assert.is(told.code, 'state.unreachable');
  assert.match(told.hint ?? '', `fleetform force-unlock ${id} --force`);
  await direct.forceUnlock(id, true);
});

it('a lock that cannot be given back is named', async ({ proxy, backend }) => {
  const lock = await backend.lock('test');
  const cut: Cut = { at: RELEASE, when: 'before' };
  proxy.cuts.push(cut, cut, cut, cut);
  const error = await troubleOf(lock.release());
  assert.match(error.message, `the lock ${lock.holder.id} could not be given back`);
  assert.match(error.hint ?? '', `force-unlock ${lock.holder.id} --force`);
});

it('another state in place of the one expected is told, also after a lost answer', async ({
  proxy,
  backend,
  schema,
}) => {
  const lock = await backend.lock('test');
  await write(backend, lock, 1);
  const meanwhile = () => cluster.sql(`UPDATE ${schema}.states SET serial = 7`);
  proxy.cuts.push({ at: WRITE, when: 'before', meanwhile });
  const error = await write(backend, lock, 2).catch((thrown) => thrown);
  assert.is(error.code, 'state.serial');
  assert.match(error.message, /found serial 7, expected serial 1/);
  assert.not(lock.lost.aborted);
  await lock.release();
});

it('a write that failed may be done before the next, which has looked already', async ({
  proxy,
  backend,
  direct,
  schema,
}) => {
  const lock = await backend.lock('test');
  await write(backend, lock, 1);
  const cut: Cut = { at: WRITE, when: 'before' };
  proxy.cuts.push(cut, cut, cut, cut);
  assert.is(await codeOfError(write(backend, lock, 2)), 'state.unreachable');
  assert.is((await backend.read())!.serial, 1);
  const late = JSON.stringify({ ...STATE, serial: 2 });
  await cluster.sql(`UPDATE ${schema}.states SET serial = 2, state = '${late}'`);
  await backend.write({ ...STATE, serial: 3 }, { lock, expectedSerial: 1 });
  assert.is((await direct.read())!.serial, 3);
  assert.is(await codeOfError(write(backend, lock, 9)), 'state.serial');
  await lock.release();
});

it('the loss of a lock tells who has it instead, as far as that is known', async ({ backend, direct }) => {
  const lock = await backend.lock('test');
  await direct.forceUnlock(lock.holder.id, true);
  const next = await direct.lock('test');
  const error = await troubleOf(write(backend, lock, 1));
  assert.match(error.message, `now belongs to ${next.holder.who} (process ${process.pid} on`);
  const other = await troubleOf(write(backend, next, 1));
  assert.match(other.message, 'is not held by this process');
  await next.release();
});

it('a connection that ends while nobody uses it is made again', async ({ backend }) => {
  const lock = await backend.lock('test');
  await cluster.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fleetform'`,
  );
  await write(backend, lock, 1);
  await lock.prove();
  await lock.release();
});

it('gives up after some tries, and says what it tried', async ({ proxy, backend }) => {
  const cut: Cut = { at: 'SELECT', when: 'before' };
  proxy.cuts.push(cut, cut, cut, cut);
  const error = await troubleOf(backend.read());
  assert.is(error.code, 'state.unreachable');
  assert.match(error.message, /127\.0\.0\.1:\d+: .*tried 4 times/);
  assert.equal(proxy.cuts, []);
});

it('a lock that waited too long for its row is not taken when nobody waits for it any more', async ({
  direct,
  schema,
}) => {
  await (await direct.lock('test')).release();
  const busy = cluster.sql(`UPDATE ${schema}.states SET written = now(); SELECT pg_sleep(1)`);
  const active = async (what: string) => {
    const asked = `SELECT 1 AS one FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND ${what}`;
    return (await cluster.sql(asked)).length > 0;
  };
  while (!(await active(`query LIKE '%pg_sleep%' AND wait_event = 'PgSleep'`)));
  const hasty = openPostgres(
    {
      settings: { name: 'live', state: { backend: 'postgres', schema } },
      env: cluster.env(),
      know: () => {},
    },
    { pace: { answerMs: 200, pausesMs: [] } },
  );
  assert.is((await troubleOf(hasty.lock('test'))).code, 'state.unreachable');
  await busy;
  while (await active(`application_name = 'fleetform'`));
  assert.is(await direct.inspectLock(), null);
  await hasty.close();
});

it('a server that does not answer is not waited for without end', async ({ proxy, schema }) => {
  proxy.isMute = true;
  const backend = openPostgres(
    {
      settings: { name: 'live', state: { backend: 'postgres', schema } },
      env: { ...proxy.env, PGCONNECT_TIMEOUT: '2' },
      know: () => {},
    },
    { pace: { answerMs: 50, pausesMs: [] } },
  );
  const connecting = await troubleOf(backend.read());
  assert.match(connecting.message, /no answer in time, tried once/);
  proxy.isMute = false;
  await backend.inspectLock();
  proxy.isMute = true;
  const asking = await troubleOf(backend.read());
  assert.is(asking.code, 'state.unreachable');
  proxy.isMute = false;
  assert.is(await backend.read(), null);
  await backend.close();
});

it.run();
