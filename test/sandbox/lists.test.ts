import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CreateBody } from '../../src/sandbox/create.ts';
import { DEMO_WORLD } from '../../src/sandbox/world.ts';
import { createSandbox, type MemoryOptions } from '../support/sandbox/memory.ts';
import { seedWorld } from '../support/sandbox/seed-world.ts';
import { BATCHES, EU, exact, FLEETS, first, INSTANCES, KEY, request, rows, STAGING, TASKS } from './calls.ts';

const it = suite('sandbox lists');

const restart = (fleetId: string) => ({ taskTemplateId: '7', fleetId, executeAt: 1_900_000_000 });

function make(options: MemoryOptions = {}) {
  const sandbox = createSandbox(options);
  const get = (path: string, headers = {}) =>
    sandbox.handle(request('GET', path, undefined, { ...KEY, ...headers }));
  const ids = (path: string) => rows(get(path)).map((row) => row.id as number);
  return { sandbox, get, ids, post: (body: object) => sandbox.handle(request('POST', TASKS, body)) };
}

for (const order of ['newest-first', 'oldest-first'] as const) {
  it(`shows the last 100 batches and tasks, ${order}; the older ones only by id`, () => {
    const { post, ids, get, sandbox } = make({ order });
    for (let i = 0; i < 103; i += 1) post(restart(i % 2 === 0 ? STAGING : EU));
    const made = sandbox.batches();
    const newest = made.slice(-100).map((batch) => Number(batch.id));
    const tasks = made.flatMap((batch) => batch.tasks.map((task) => Number(task.id))).slice(-100);
    assert.equal(ids(BATCHES), order === 'oldest-first' ? newest : newest.reverse());
    assert.equal(ids(TASKS), order === 'oldest-first' ? tasks : tasks.reverse());
    assert.is(get(`${BATCHES}/${made[0]!.id}`).status, 200);
    assert.is(get(`${TASKS}/50001`).status, 200);
  });
}

it('a list may lag by seconds', () => {
  const { post, ids, get, sandbox } = make({ listLag: 30 });
  post(restart(STAGING));
  assert.equal([ids(BATCHES), ids(TASKS)], [[], []]);
  assert.is(get(`${BATCHES}/4001`).status, 200);
  sandbox.advance(29);
  assert.equal(ids(BATCHES), []);
  sandbox.advance(1);
  assert.equal([ids(BATCHES).length, ids(TASKS).length], [1, 6]);
});

it('a list may lag by reads, counted for each list', () => {
  const { post, ids } = make({ listLag: { reads: 2 } });
  ids(BATCHES);
  post(restart(STAGING));
  assert.equal(
    [1, 2, 3].map(() => ids(BATCHES).length),
    [0, 0, 1],
  );
  assert.equal(
    [1, 2, 3].map(() => ids(TASKS).length),
    [0, 0, 6],
  );
  post(restart(STAGING));
  assert.equal(
    [1, 2, 3].map(() => ids(BATCHES).length),
    [1, 1, 2],
  );
});

it('gives the last 50 tasks of one game server, whose batch ever they are of', () => {
  const { get, sandbox } = make();
  const server = DEMO_WORLD.servers[0]!;
  const path = `${INSTANCES}/${server.id}/task`;
  assert.equal(rows(get(path)), []);
  const one = (body: object) => sandbox.createForeignBatch({ taskTemplateId: '9', ...body } as CreateBody);
  const made = Array.from({ length: 52 }, () => one({ applicationInstanceIds: [server.id] }));
  made.push(one({ fleetId: server.fleetId }));
  one({ fleetId: STAGING });
  const newest = rows(get(path)).map((row) => String(row.batchId));
  assert.equal(newest, made.slice(-50).reverse());
  assert.ok((exact(get(path)) as { entityId: string }[]).every((row) => row.entityId === server.id));
  assert.is(rows(get(path))[0]!.id, first(get(`${TASKS}/${rows(get(path))[0]!.id}`)).id);
  const oldest = make({ order: 'oldest-first', record: sandbox.snapshot() });
  assert.equal(
    rows(oldest.get(path)).map((row) => String(row.batchId)),
    made.slice(-50),
  );
});

it('knows the tasks of its own game servers only, and shows them only', () => {
  const { get, sandbox } = make();
  for (const id of ['1', '00', '9'.repeat(30)]) assert.is(get(`${INSTANCES}/${id}/task`).status, 404, id);
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const path = `${INSTANCES}/${DEMO_WORLD.servers[0]!.id}/task`;
    assert.is(sandbox.handle(request(method, path, {})).status, 405);
  }
});

it('the tasks of a game server lag as the lists do, by seconds and by reads', () => {
  const body = { taskTemplateId: '9', fleetId: STAGING };
  const server = DEMO_WORLD.servers.find(({ fleetId }) => fleetId === STAGING)!;
  const path = `${INSTANCES}/${server.id}/task`;
  const late = make({ listLag: 5 });
  late.sandbox.createForeignBatch(body);
  assert.is(rows(late.get(path)).length, 0);
  late.sandbox.advance(5);
  assert.is(rows(late.get(path)).length, 1);
  const reads = make({ listLag: { reads: 2 } });
  rows(reads.get(path));
  reads.sandbox.createForeignBatch(body);
  assert.equal(
    [1, 2, 3].map(() => rows(reads.get(path)).length),
    [0, 0, 1],
  );
  assert.equal(
    [1, 2, 3].map(() => rows(reads.get(TASKS)).length),
    [0, 0, 6],
    'its reads are no reads of the list',
  );
});

it('filters the inventory by fleet and region, both at once', () => {
  const { get, sandbox } = make();
  const count = (filters: string) =>
    rows(get(`${INSTANCES}?filters=${encodeURIComponent(filters)}`, { 'RANGED-DATA': 'results=100' })).length;
  assert.equal(
    [`fleetId=${EU}`, 'regionId=42', `fleetId=${EU} and regionId=42`, `fleetId=${EU} and regionId=51`].map(
      count,
    ),
    [24, 18, 12, 0],
  );
  assert.is(count(`fleetId=${EU} and fleetId=${STAGING}`), 0);
  assert.is(get(`${INSTANCES}?filters=name%3Dx`).status, 422);
  assert.is(sandbox.handle(request('GET', `${INSTANCES}?filters=fleetId=${EU}+and+regionId=42`)).status, 200);
});

it('gives the inventory in pages of 25, or as many as asked for, by token', () => {
  const { get, sandbox } = make();
  const filtered = `${INSTANCES}?filters=fleetId%3D${EU}`;
  assert.is(rows(get(INSTANCES)).length, 25);
  const first = get(filtered, { 'RANGED-DATA': 'results=10' });
  const token = first.headers['page-token']!;
  const second = get(filtered, { 'ranged-data': 'results=10', 'page-token': token });
  const last = get(filtered, { 'RANGED-DATA': 'results=10', 'PAGE-TOKEN': second.headers['page-token']! });
  assert.is(last.headers['page-token'], undefined);
  const ids = [first, second, last].flatMap((page) => rows(page).map((row) => row.id));
  assert.equal([ids.length, new Set(ids).size], [24, 24]);
  for (const wrong of ['nonsense', 'bnVsbA', '']) {
    assert.is(get(filtered, { 'PAGE-TOKEN': wrong }).status, 410, `"${wrong}"`);
  }
  assert.is(get(INSTANCES, { 'PAGE-TOKEN': token }).status, 410, 'the token of another list');
  sandbox.advance(601);
  assert.is(get(filtered, { 'PAGE-TOKEN': token }).status, 410, 'an old token');
});

it('gives the fleets by start and results', () => {
  const names = Array.from({ length: 60 }, (_, i) => `fleet-${i}`);
  const world = seedWorld({ fleets: names.map((name) => ({ name, servers: 1, regions: ['ams'] })) });
  const { get } = make({ world });
  const page = (range?: string) =>
    rows(get(FLEETS, range === undefined ? {} : { 'RANGED-DATA': range })).map((row) => row.name);
  assert.equal(page(), names.slice(0, 25));
  assert.equal(page('start=25,results=25'), names.slice(25, 50));
  assert.equal(page('start=50,results=25'), names.slice(50));
  assert.equal(page('start=60,results=25'), []);
});

it('a world follows from its seed, with as many 19-digit ids as game servers', () => {
  const plan = {
    fleets: [
      { name: 'a', servers: 60, regions: ['x', 'y'] },
      { name: 'b', servers: 12, regions: ['y'] },
    ],
  };
  const world = seedWorld({ seed: 3, ...plan });
  assert.equal(seedWorld({ seed: 3, ...plan }), world);
  assert.is.not(seedWorld({ seed: 4, ...plan }).servers[0]!.id, world.servers[0]!.id);
  const ids = world.servers.map((server) => server.id);
  assert.is(new Set(ids).size, 72);
  assert.ok(ids.every((id) => /^[1-9]\d{18}$/.test(id) && BigInt(id) < 2n ** 63n));
  assert.is(world.servers.filter((server) => server.regionId === world.regions[1]!.id).length, 42);
  assert.throws(() => seedWorld({ fleets: [{ name: 'a', servers: 1, regions: [] }] }), /has no region/);
});

it.run();
