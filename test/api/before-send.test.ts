import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiError, TransportError } from '../../src/api/errors.ts';
import type { BeforeSend, FleetApi } from '../../src/api/port.ts';
import {
  BATCH,
  clientOn,
  type FakeTime,
  failure,
  fakeTime,
  json,
  SPEC,
  START,
  scripted,
  settle,
  TASK_TEXT,
} from './fake-transport.ts';

const test = suite<{ time: FakeTime }>('before a write is sent');

test.before.each((ctx) => {
  ctx.time = fakeTime();
});

type Write = (api: FleetApi, beforeSend?: BeforeSend) => Promise<unknown>;

const WRITES: readonly (readonly [string, Write, string])[] = [
  ['createBatch', (api, before) => api.createBatch(SPEC, before), JSON.stringify([BATCH])],
  ['toggleTask', (api, before) => api.toggleTask('71', before), TASK_TEXT],
  ['cancelTask', (api, before) => api.cancelTask('71', before), TASK_TEXT],
];

for (const [name, write, right] of WRITES) {
  test(`${name}: awaited, and only then sent`, async () => {
    const happened: string[] = [];
    const transport = scripted(() => {
      happened.push('sent');
      return json(right);
    });
    await write(clientOn(transport), async () => {
      happened.push('asked');
      await settle();
      happened.push('allowed');
    });
    assert.equal(happened, ['asked', 'allowed', 'sent']);
  });

  for (const thrown of [
    new RangeError('lock lost'),
    new TransportError('other', 'like one of ours', true),
    'x',
  ]) {
    test(`${name}: what it throws (${thrown}) is thrown as it is, and nothing is sent`, async () => {
      const transport = scripted(json(right));
      const api = clientOn(transport, { parallelism: 1 });
      const refused = await write(api, () => Promise.reject(thrown)).catch((error: unknown) => error);
      assert.is(refused, thrown);
      assert.is(transport.requests.length, 0);
      await write(api);
      assert.is(transport.requests.length, 1, 'its place is free again');
    });
  }

  test(`${name}: after its place in the queue`, async ({ time }) => {
    let finish = () => {};
    const transport = scripted(
      () => new Promise((resolve) => (finish = () => resolve(json('[]')))),
      json(right),
    );
    const api = clientOn(transport, { ...time, parallelism: 1 });
    let asked = 0;
    const read = api.listTasks();
    const written = write(api, async () => {
      asked += 1;
    });
    await settle();
    assert.is(asked, 0, 'it still waits for its place');
    finish();
    await Promise.all([read, written]);
    assert.is(asked, 1);
  });

  test(`${name}: after the pause of somebody's 429`, async ({ time }) => {
    const transport = scripted({ status: 429, headers: { 'retry-after': '9' } }, json(right));
    const api = clientOn(transport, time);
    await failure(api.createBatch(SPEC));
    let askedAt = 0;
    await write(api, async () => {
      askedAt = time.now;
    });
    assert.is(askedAt, START + 9000);
  });
}

test('once for each attempt that is sent', async ({ time }) => {
  const transport = scripted({ status: 429, headers: { 'retry-after': '5' } }, json(TASK_TEXT));
  const askedAt: number[] = [];
  await clientOn(transport, time).cancelTask('71', async () => {
    askedAt.push(time.now - START);
  });
  assert.equal(askedAt, [0, 5000]);
  assert.is(transport.requests.length, 2);
});

test('a repetition that it forbids is not sent', async ({ time }) => {
  const transport = scripted({ status: 429, headers: { 'retry-after': '5' } }, json(TASK_TEXT));
  const late = new Error('too late');
  const cancelled = clientOn(transport, time).cancelTask('71', async () => {
    if (time.now > START) throw late;
  });
  assert.is(await failure(cancelled), late);
  assert.is(transport.requests.length, 1);
});

test('not for what is never sent', async () => {
  let asked = 0;
  const count = async () => {
    asked += 1;
  };
  const api = clientOn(scripted(json('[]')));
  assert.is(((await failure(api.cancelTask('..', count))) as ApiError).code, 'api.invalid');
  await failure(api.createBatch({ ...SPEC, fleets: [] }, count));
  assert.is(asked, 0);
});

test.run();
