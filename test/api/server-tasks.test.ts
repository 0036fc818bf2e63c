import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiError } from '../../src/api/errors.ts';
import { DEMO_WORLD } from '../../src/sandbox/world.ts';
import { createSandbox } from '../support/sandbox/memory.ts';
import {
  clientOn,
  type FakeTime,
  failure,
  fakeTime,
  json,
  KEY,
  scripted,
  TASK_TEXT,
} from './fake-transport.ts';

const test = suite<{ time: FakeTime }>('the tasks of a game server');

test.before.each((ctx) => {
  ctx.time = fakeTime();
});

const SERVER = '6268349608002583795';
const PATH = `/v3/applicationInstance/${SERVER}/task`;
const WORDS = { body: '{"errorCode":1,"errorMessage":"because"}' };

test('one read, with the key; every digit of the game server is kept', async ({ time }) => {
  const transport = scripted(json(`[${TASK_TEXT}]`));
  const tasks = await clientOn(transport, time).listServerTasks(SERVER);
  assert.equal(
    tasks?.map(({ id, batchId, entityId }) => [id, batchId, entityId]),
    [['71', '7', SERVER]],
  );
  const [request] = transport.requests;
  assert.equal([request?.method, request?.path], ['GET', PATH]);
  assert.is(request?.headers['PRIVATE-TOKEN'], KEY);
});

test('no task is an empty list, not null', async ({ time }) => {
  assert.equal(await clientOn(scripted(json('[]')), time).listServerTasks(SERVER), []);
});

for (const status of [403, 405, 501]) {
  for (const fields of [WORDS, { body: '' }, { body: '<html>' }]) {
    test(`${status} (${fields.body}): null, for every game server, and not asked again`, async ({ time }) => {
      const transport = scripted({ status, ...fields }, json(`[${TASK_TEXT}]`));
      const api = clientOn(transport, time);
      assert.is(await api.listServerTasks(SERVER), null);
      assert.is(await api.listServerTasks('5'), null);
      assert.is(await api.listServerTasks(SERVER), null);
      assert.is(transport.requests.length, 1);
      assert.equal((await api.listTasks()).length, 1, 'other calls are made as ever');
      assert.is((await clientOn(transport, time).listServerTasks(SERVER))?.length, 1, 'another client asks');
    });
  }
}

test('404 in the words of the API is about that game server', async ({ time }) => {
  const transport = scripted({ status: 404, ...WORDS }, json(`[${TASK_TEXT}]`));
  const api = clientOn(transport, time);
  assert.is(await api.listServerTasks('5'), null);
  assert.is((await api.listServerTasks(SERVER))?.length, 1);
  assert.is(transport.requests.length, 2);
});

test("a gateway's 404 is tried again; to the end it tells nothing", async ({ time }) => {
  const page = { status: 404, body: '<html>' };
  const passing = scripted(page, json(`[${TASK_TEXT}]`));
  assert.is((await clientOn(passing, time).listServerTasks(SERVER))?.length, 1);
  const lasting = scripted(page);
  const api = clientOn(lasting, time);
  assert.is(await api.listServerTasks(SERVER), null);
  assert.is(lasting.requests.length, 4);
  await api.listServerTasks(SERVER);
  assert.is(lasting.requests.length, 8);
});

for (const [status, code] of [
  [400, 'api.invalid'],
  [401, 'api.unauthorized'],
  [410, 'api.invalid'],
  [429, 'api.rate-limited'],
  [500, 'api.server'],
  [302, 'api.redirect'],
] as const) {
  test(`${status} is an error as with any read, and the next one is asked`, async ({ time }) => {
    const transport = scripted({ status, ...WORDS });
    const api = clientOn(transport, { ...time, tries: 1, throttledTries: 1 });
    assert.is(((await failure(api.listServerTasks(SERVER))) as ApiError).code, code);
    await failure(api.listServerTasks(SERVER));
    assert.is(transport.requests.length, 2);
  });
}

test('an answer about another game server is none', async ({ time }) => {
  const other = TASK_TEXT.replace(SERVER, '6268349608002583796').replace('"id":71', '"id":72');
  const transport = scripted(json(`[${TASK_TEXT},${other}]`));
  const error = (await failure(clientOn(transport, time).listServerTasks(SERVER))) as ApiError;
  assert.is(error.code, 'api.unreadable');
  assert.match(error.message, `a task of game server 6268349608002583796, expected ${SERVER}`);
});

test('what is no id names no endpoint', async ({ time }) => {
  const transport = scripted(json('[]'));
  for (const id of ['', '..', 'task', '1/../2']) {
    assert.is(
      ((await failure(clientOn(transport, time).listServerTasks(id))) as ApiError).code,
      'api.invalid',
    );
  }
  assert.is(transport.requests.length, 0);
});

test('the sandbox has it', async ({ time }) => {
  const sandbox = createSandbox();
  const server = DEMO_WORLD.servers[0]!;
  const id = sandbox.createForeignBatch({ taskTemplateId: '7', fleetId: server.fleetId });
  const api = clientOn(sandbox.transport, { ...time, token: KEY });
  assert.equal(
    (await api.listServerTasks(server.id))?.map((task) => task.batchId),
    [id],
  );
  assert.is(await api.listServerTasks('5'), null);
});

test.run();
