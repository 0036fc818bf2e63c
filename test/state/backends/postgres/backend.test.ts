import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../../src/model/recorded.ts';
import { openPostgres } from '../../../../src/state/backends/postgres/backend.ts';
import { codeOfError } from '../../../lock/volume.ts';
import { type Cluster, startPostgres } from '../../../support/postgres.ts';
import { needs, pathOf } from '../../../support/tools.ts';
import { entryFor } from '../../records.ts';
import { conformance, keep } from '../conformance.ts';

let cluster: Cluster;
let schemas = 0;

const place = (schema: string, name = 'live', env = cluster.env()) => ({
  settings: { name, state: { backend: 'postgres', schema } as const },
  env,
  know: () => {},
});
const freshSchema = () => {
  schemas += 1;
  return `fleet "form" ${schemas}`;
};

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });

const CONFORMANCE = 'postgres state, as every backend';
const runAll = () => {
  const all = conformance(
    CONFORMANCE,
    async () => {
      const schema = freshSchema();
      return {
        open: async (options) => openPostgres(place(schema), options),
        put: async (text) => {
          await cluster.sql(`UPDATE "${schema.replaceAll('"', '""')}".states SET state = $1`, [text]);
        },
        end: async () => {},
      };
    },
    { showsLife: true },
  );
  all.before(async () => {
    cluster = await startPostgres();
  });
  all.after(() => cluster.end());
  all.run();
};
if (pathOf('postgres') === undefined) needs(suite(CONFORMANCE), 'postgres')('keeps to it', () => {});
else runAll();

const it = needs(suite('postgres state'), 'postgres');

it.before(async () => {
  cluster = await startPostgres();
});
it.after(() => cluster.end());

it('a plan makes nothing, and six that come first at once all have their turn', async () => {
  const schema = freshSchema();
  const found = () => cluster.sql('SELECT 1 AS one FROM pg_namespace WHERE nspname = $1', [schema]);
  const looking = openPostgres(place(schema));
  assert.is(await looking.read(), null);
  assert.is(await looking.inspectLock(), null);
  assert.equal(await looking.history!.versions(5), []);
  assert.is(await looking.history!.at(1), null);
  assert.equal(await looking.locks!.list(), []);
  assert.equal(await found(), []);
  await looking.close();
  const backends = [1, 2, 3, 4, 5, 6].map((one) => openPostgres(place(schema, `live-${one}`)));
  await Promise.all(backends.map((backend) => keep(backend, { ...STATE, serial: 1 }, null)));
  for (const backend of backends) {
    assert.is((await backend.read())!.serial, 1);
    await backend.close();
  }
});

it('keeps what the last hundred holders left, and who they were', async () => {
  const schema = freshSchema();
  const env = cluster.env({ CI_JOB_URL: 'https://ci.example.org/jobs/7', CI_COMMIT_SHA: 'abcdef1234' });
  const backend = openPostgres(place(schema, 'live', env));
  const other = openPostgres(place(schema, 'other'));
  await keep(other, { ...STATE, name: 'other', serial: 1 }, null);
  for (let serial = 1; serial <= 100; serial += 1) {
    await keep(backend, { ...STATE, serial }, serial === 1 ? null : serial - 1);
  }
  const lock = await backend.lock('apply');
  for (const [serial, entries] of [
    [101, {}],
    [102, { a: entryFor('1') }],
    [103, { a: entryFor('1'), b: entryFor('2') }],
  ] as const) {
    await backend.write({ ...STATE, serial, entries }, { lock, expectedSerial: serial - 1 });
  }
  await lock.release();
  const versions = await backend.history!.versions(500);
  assert.is(versions.length, 100);
  assert.equal([versions[0]!.serial, versions[99]!.serial], [103, 2]);
  const { at, ...newest } = versions[0]!;
  assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(newest, {
    serial: 103,
    who: lock.holder.who,
    operation: 'apply',
    job: 'https://ci.example.org/jobs/7',
    commit: 'abcdef1234',
    entries: 2,
  });
  assert.equal(
    (await backend.history!.versions(2)).map(({ serial }) => serial),
    [103, 100],
  );
  assert.is(await backend.history!.at(1), null);
  assert.is(await backend.history!.at(102), null, 'what the same holder replaced is not kept');
  assert.equal(await backend.history!.at(50), { ...STATE, serial: 50 });
  assert.is((await other.history!.versions(500)).length, 1, 'another name keeps its own');
  await backend.close();
  await other.close();
});

it('each schema is a place of its own, and lists the locks of all its states', async () => {
  const [one, two] = [freshSchema(), freshSchema()];
  const backends = [openPostgres(place(one)), openPostgres(place(one, 'other')), openPostgres(place(two))];
  const [first, second, elsewhere] = backends;
  const locks = await Promise.all(backends.map((backend) => backend.lock('apply')));
  await first!.write({ ...STATE, serial: 1 }, { lock: locks[0]!, expectedSerial: null });
  assert.is(await second!.read(), null);
  assert.is(await elsewhere!.read(), null);
  const listed = await second!.locks!.list();
  assert.equal(
    listed.map(({ name, holder, silentSeconds }) => [name, holder.id, silentSeconds! <= 5]),
    [
      ['live', locks[0]!.holder.id, true],
      ['other', locks[1]!.holder.id, true],
    ],
  );
  for (const lock of locks) await lock.release();
  assert.equal(await first!.locks!.list(), []);
  for (const backend of backends) await backend.close();
});

it('a write of a holder whose lock was removed a moment ago is refused, though the state is the one it expects', async () => {
  const backend = openPostgres(place(freshSchema()), { freshMs: 60_000 });
  const lock = await backend.lock('apply');
  await backend.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
  await backend.forceUnlock(lock.holder.id, true);
  const write = () => backend.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
  assert.is(await codeOfError(write()), 'state.lock-lost');
  const next = await backend.lock('apply');
  assert.is(await codeOfError(write()), 'state.lock-lost');
  assert.is((await backend.read())!.serial, 1);
  await next.release();
  await backend.close();
});

it('a row that was changed by hand is told, and any lock can be removed', async () => {
  const schema = freshSchema();
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const backend = openPostgres(place(schema));
  await keep(backend, { ...STATE, serial: 3 }, null);
  await cluster.sql(`UPDATE ${quoted}.states SET serial = 4`);
  const error = await backend.read().catch((thrown) => thrown);
  assert.is(error.code, 'state.invalid');
  assert.match(error.message, /serial 3, and its row says 4/);
  const id = '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c12';
  await cluster.sql(`UPDATE ${quoted}.states SET lock_id = $1, lock_holder = '{"x": 1}'`, [id]);
  assert.is((await backend.lock('apply').catch((thrown) => thrown)).code, 'state.locked');
  assert.is((await backend.forceUnlock(id, false)).id, id);
  assert.is(await backend.inspectLock(), null);
  await backend.close();
});

it('is kept in a database of any encoding', async () => {
  await cluster.sql(`CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0`);
  const backend = openPostgres(place('fleetform', 'live', cluster.env({ PGDATABASE: 'old' })));
  const state = { ...STATE, serial: 1, entries: { a: { ...entryFor('1'), phase: 'läuft … 🕹' } } };
  await keep(backend, state, null);
  assert.equal(await backend.read(), state);
  await backend.close();
});

it.run();
