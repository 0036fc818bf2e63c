/** Who may do what, and the words where somebody may not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../../src/model/recorded.ts';
import type { StateBackend } from '../../../../src/state/backend.ts';
import { openPostgres } from '../../../../src/state/backends/postgres/backend.ts';
import { type Cluster, PASSWORD, startPostgres, startProxy } from '../../../support/postgres.ts';
import { needs } from '../../../support/tools.ts';
import { keep } from '../conformance.ts';

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });
const PACE = { answerMs: 20_000, pausesMs: [1, 1] };

let cluster: Cluster;
const opened: StateBackend[] = [];

function open(changes: Record<string, string> = {}, schema = 'fleetform', env = cluster.env(changes)) {
  const settings = { name: 'live', state: { backend: 'postgres', schema } as const };
  const backend = openPostgres({ settings, env, know: () => {} }, { pace: PACE });
  opened.push(backend);
  return backend;
}

async function troubleOf(
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string }> {
  const error = await promise.then(
    () => assert.unreachable(),
    (thrown) => thrown,
  );
  assert.not.match(`${error.message} ${error.hint} ${error.stack}`, /correct-horse|wrong-secret/);
  return error;
}

const it = needs(suite('postgres, rights'), 'postgres');

it.before(async () => {
  cluster = await startPostgres();
  for (const role of ['reader', 'writer', 'stranger', 'maker'])
    await cluster.sql(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  await keep(open(), { ...STATE, serial: 1 }, null);
});
it.after.each(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});
it.after(() => cluster.end());

it('the grants that an error names are those that do', async () => {
  const plan = await troubleOf(open({ PGUSER: 'reader' }).read());
  assert.is(plan.code, 'state.denied');
  const [toPlan, toApply] = [/To plan: (.*?;.*?;)/, /To apply, also: (.*)$/].map(
    (of) => of.exec(plan.hint)![1]!,
  );
  await cluster.sql(toPlan!);
  const reader = open({ PGUSER: 'reader' });
  assert.is((await reader.read())!.serial, 1);
  assert.is(await reader.inspectLock(), null);
  assert.is((await reader.history!.versions(5)).length, 1);
  assert.is((await troubleOf(reader.lock('apply'))).code, 'state.denied');
  await cluster.sql(toPlan!.replaceAll('reader', 'writer'));
  await cluster.sql(toApply!.replaceAll('reader', 'writer'));
  const writer = open({ PGUSER: 'writer' });
  await keep(writer, { ...STATE, serial: 2 }, 1);
  assert.is((await writer.read())!.serial, 2);
  const lock = await writer.lock('apply');
  await writer.forceUnlock(lock.holder.id, true);
});

it('who may not make the tables is told how, and a plan wants none', async () => {
  const stranger = open({ PGUSER: 'stranger' }, 'fresh');
  assert.is(await stranger.read(), null);
  const error = await troubleOf(stranger.lock('apply'));
  assert.is(error.code, 'state.denied');
  assert.match(error.message, /tables do not exist yet, and "stranger" may not make them/);
  await cluster.sql(/: (CREATE SCHEMA .*?; GRANT .*?;)/.exec(error.hint)![1]!);
  await keep(stranger, { ...STATE, serial: 1 }, null);
  assert.is((await stranger.read())!.serial, 1);
});

it('a login that fails is told, without the password', async () => {
  const wrong = await troubleOf(open({ PGPASSWORD: 'wrong-secret-9' }).read());
  assert.is(wrong.code, 'state.denied');
  assert.match(wrong.message, /password authentication failed for user "postgres"/);
  const none = await troubleOf(open({ PGPASSWORD: '' }).read());
  assert.is(none.code, 'state.denied');
  assert.match(none.hint, /PGPASSWORD/);
  const role = await troubleOf(open({ PGUSER: 'nobody-here' }).read());
  assert.is(role.code, 'state.denied');
  const database = await troubleOf(open({ PGDATABASE: 'nowhere' }).read());
  assert.is(database.code, 'state.denied');
  assert.match(database.message, /database "nowhere" does not exist/);
});

it('a server that is not there, or has another name, is named', async () => {
  const socket = await troubleOf(open({ PGHOST: '/nowhere' }).read());
  assert.is(socket.code, 'state.unreachable');
  assert.match(socket.message, '/nowhere/.s.PGSQL.5432');
  const url = `postgresql://postgres:wrong-secret-9@127.0.0.1:1/fleet`;
  const refused = await troubleOf(open({}, 'fleetform', { FLEETFORM_STATE_POSTGRES_URL: url }).read());
  assert.is(refused.code, 'state.unreachable');
  assert.match(refused.message, /database fleet on 127\.0\.0\.1:1 .*nothing listens there, tried 3 times/);
});

it('TLS is used where it is offered, and missed where it is asked for', async () => {
  const proxy = await startProxy(cluster);
  try {
    assert.ok(await open({}, 'fleetform', proxy.env).read());
    const error = await troubleOf(open({}, 'fleetform', { ...proxy.env, PGSSLMODE: 'require' }).read());
    assert.is(error.code, 'state.unreachable');
    assert.match(error.message, /offers no TLS/);
  } finally {
    for (const backend of opened.splice(0)) await backend.close();
    proxy.end();
  }
});

it('a database that only reads lets a plan, and tells an apply', async () => {
  await cluster.sql('ALTER ROLE maker SET default_transaction_read_only = on');
  await cluster.sql('GRANT CREATE ON DATABASE postgres TO maker');
  const error = await troubleOf(
    open({ PGUSER: 'maker' }, 'standby')
      .lock('apply')
      .then(() => open({ PGUSER: 'maker' }, 'standby').read()),
  );
  assert.is(error.code, 'state.denied');
  assert.match(error.message, /read-only/);
});

it('a role without a connection left waits a little, then tells', async () => {
  await cluster.sql('ALTER ROLE reader CONNECTION LIMIT 0');
  const error = await troubleOf(open({ PGUSER: 'reader' }).read());
  assert.is(error.code, 'state.unreachable');
  assert.match(error.message, /too many connections.*tried 3 times/);
});

it.run();
