import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiError } from '../../src/api/errors.ts';
import { LONGEST_LOOK, look } from '../../src/observe/observe.ts';
import { BATCH, clientOn, failure, fakeTime, json, scripted, TASK_TEXT } from './fake-transport.ts';

const test = suite('the end of a look');

const NONE = { batches: [], tasks: [], fleets: [], regions: [], histories: [] };
const asked = {
  batches: new Set(NONE.batches),
  tasks: new Map(),
  fleets: new Set<string>(),
  regions: new Set<string>(),
  homes: true,
  histories: new Set<string>(),
};

test('pages that never end, each of them slow: the look ends all the same, and says where', async () => {
  const time = fakeTime();
  let page = 0;
  const transport = scripted((request) => {
    if (request.path !== '/v3/applicationInstance') return json('[]');
    time.now += 30_000;
    page += 1;
    return { ...json([{ id: page }]), headers: { 'page-token': String(page) } };
  });
  const error = (await failure(
    look(
      clientOn(transport, time),
      () => time.now / 1000,
      () => asked,
    ),
  )) as ApiError;
  assert.is(error.code, 'api.deadline');
  assert.match(error.message, 'GET /v3/applicationInstance was abandoned');
  assert.match(error.message, 'all reads together have used their 60 minutes');
  assert.is(page, LONGEST_LOOK / 30_000);
});

test('the last request gets what is left, no more', async () => {
  const time = fakeTime();
  const given: number[] = [];
  const startTimer = (ms: number) => {
    given.push(ms);
    return () => {};
  };
  const api = clientOn(scripted(json('[]')), { ...time, startTimer }).within(40_000);
  await api.listTasks();
  time.now += 35_000;
  await api.listTasks();
  assert.equal(given, [30_000, 5_000]);
});

test('a wait that would reach beyond it is not begun: after a failure, and after a 429', async () => {
  for (const [status, headers] of [
    [503, { 'retry-after': '100' }],
    [429, { 'retry-after': '100' }],
  ] as const) {
    const time = fakeTime();
    const transport = scripted({ status, headers });
    const error = (await failure(clientOn(transport, time).within(60_000).listTasks())) as ApiError;
    assert.is(error.code, 'api.deadline');
    assert.match(error.message, `(${status})`);
    assert.is(transport.requests.length, 1);
    assert.equal(time.sleeps, []);
  }
});

test('the pause that another was told counts as well', async () => {
  const time = fakeTime();
  const transport = scripted({ status: 429, headers: { 'retry-after': '100' } }, json('[]'));
  const api = clientOn(transport, { ...time, sleep: () => new Promise(() => {}) });
  void api.listTasks();
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(((await failure(api.within(60_000).listBatches())) as ApiError).code, 'api.deadline');
  assert.is(transport.requests.length, 1);
});

test('writes take no notice, and the client that it was made from neither', async () => {
  const time = fakeTime();
  const api = clientOn(scripted(json(TASK_TEXT), json('[]'), json([BATCH])), time);
  const ended = api.within(0);
  assert.is((await ended.cancelTask('71'))?.id, '71');
  assert.is(((await failure(ended.listTasks())) as ApiError).code, 'api.deadline');
  assert.equal(await api.listTasks(), []);
});

test('a clock that is set does not end it', async () => {
  const time = fakeTime();
  let elapsed = 0;
  const api = clientOn(scripted(json('[]')), { ...time, elapsed: () => elapsed }).within(1000);
  time.now += 86_400_000;
  assert.equal(await api.listTasks(), []);
  elapsed = 1000;
  assert.is(((await failure(api.listTasks())) as ApiError).code, 'api.deadline');
});

test.run();
