import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApiClock } from '../../src/api/clock.ts';
import type { ApiResponse } from '../../src/api/port.ts';
import { createSandbox } from '../support/sandbox/memory.ts';
import { randomFrom } from '../support/schedules/random.ts';
import {
  BATCH,
  clientOn,
  type FakeTime,
  failure,
  fakeTime,
  json,
  KEY,
  START,
  scripted,
} from './fake-transport.ts';

const test = suite<{ time: FakeTime }>("the API's clock");

test.before.each((ctx) => {
  ctx.time = fakeTime();
});

const JSON_TYPE = { 'content-type': 'application/json' };

function dateOf(ms: number): string {
  return new Date(ms).toUTCString();
}

/** An answer whose Date is `ahead` ms from the clock of the client, after `delay` ms on the way there and back. */
function answer(
  time: FakeTime,
  ahead: number,
  fields: Partial<ApiResponse> = {},
  delay: [number, number] = [0, 0],
) {
  return () => {
    time.now += delay[0];
    const date = dateOf(time.now + ahead);
    time.now += delay[1];
    return { body: '[]', ...fields, headers: { ...JSON_TYPE, date, ...fields.headers } };
  };
}

test('null before any answer, and as long as none tells the time', async ({ time }) => {
  const api = clientOn(scripted(json('[]')), time);
  assert.is(api.clock(), null);
  await api.listTasks();
  assert.is(api.clock(), null);
});

test('a clock that is right is right: no difference, whatever the part of the second and the way', async ({
  time,
}) => {
  for (const part of [0, 1, 499, 500, 998, 999]) {
    for (const delay of [
      [0, 0],
      [0, 4000],
      [4000, 0],
      [900, 900],
    ] as const) {
      time.now = START + part;
      const api = clientOn(scripted(answer(time, 0, {}, [...delay])), time);
      await api.listTasks();
      assert.equal(api.clock(), { now: time.now / 1000, ahead: 0 });
    }
  }
});

for (const seconds of [-7200, -90, -2, 2, 90, 7200]) {
  test(`one that is ${seconds} s ahead is told within a second`, async ({ time }) => {
    const api = clientOn(scripted(answer(time, seconds * 1000, {}, [20, 20])), time);
    await api.listTasks();
    const { ahead, now } = api.clock()!;
    assert.ok(Math.abs(ahead - seconds) <= 0.6, String(ahead));
    assert.is(now, time.now / 1000 + ahead);
    time.now += 60_000;
    assert.is(api.clock()!.now, time.now / 1000 + ahead, 'it goes on');
  });
}

test('a difference that may come from a slow answer is none', async ({ time }) => {
  const api = clientOn(scripted(answer(time, 5000, {}, [0, 20_000])), time);
  await api.listTasks();
  assert.is(api.clock()?.ahead, 0);
});

test('a slow answer takes nothing from what a quick one told', async ({ time }) => {
  const api = clientOn(
    scripted(answer(time, 90_000), answer(time, 90_000, {}, [15_000, 15_000]), answer(time, 90_000)),
    time,
  );
  await api.listTasks();
  const quick = api.clock()!.ahead;
  await api.listTasks();
  assert.is(api.clock()!.ahead, quick);
});

test('answers at several parts of a second tell it more closely than one', async ({ time }) => {
  const api = clientOn(scripted(answer(time, 10_300)), time);
  for (const part of [0, 250, 500, 750]) {
    time.now = START + part;
    await api.listTasks();
  }
  assert.ok(Math.abs(api.clock()!.ahead - 10.3) <= 0.13, String(api.clock()!.ahead));
});

test('a contradiction starts over with the newest: a clock was set', async ({ time }) => {
  const api = clientOn(scripted(answer(time, 0), answer(time, 3_600_000), answer(time, -90_000)), time);
  const found: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await api.listTasks();
    found.push(Math.round(api.clock()!.ahead / 10) * 10);
  }
  assert.equal(found, [0, 3600, -90]);
});

test('our own clock being set back within a request tells nothing', async ({ time }) => {
  const api = clientOn(scripted(answer(time, 0, {}, [0, -50_000])), time);
  await api.listTasks();
  assert.is(api.clock(), null);
});

for (const date of [
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Mon, 01 Feb 2038 00:00:00 GMT',
  '2026-12-01T03:00:00Z',
  '1796094000',
  'Tue, 01 Foo 2026 03:00:00 GMT',
  'Tue, 01 Dec 2026 03:00:00 GMT, Tue, 01 Dec 2026 03:00:01 GMT',
  '',
]) {
  test(`a Date that is not believed: "${date}"`, async ({ time }) => {
    const api = clientOn(scripted({ headers: { ...JSON_TYPE, date }, body: '[]' }), time);
    await api.listTasks();
    assert.is(api.clock(), null);
  });
}

test("a cache's answer is not believed, one of age 0 is", async ({ time }) => {
  const aged = clientOn(scripted(answer(time, 0, { headers: { age: '600' } })), time);
  await aged.listTasks();
  assert.is(aged.clock(), null);
  const fresh = clientOn(scripted(answer(time, 0, { headers: { age: '0' } })), time);
  await fresh.listTasks();
  assert.is(fresh.clock()?.ahead, 0);
});

const ERROR = '{"errorCode":10404,"errorMessage":"unknown"}';

for (const [name, fields, isHeard] of [
  ['a page', { status: 404, body: '<html>' }, false],
  ['a page that says it is well', { status: 200, body: '<html>' }, false],
  ['an empty body', { status: 403, body: '' }, false],
  ['a foreign object', { status: 404, body: '{"message":"no route"}' }, false],
  ['no content', { status: 204, body: '' }, false],
  ['a redirect', { status: 302, body: ERROR }, false],
  ['a failure, even in the words of the API', { status: 500, body: ERROR }, false],
  ['a gateway', { status: 503, body: '' }, false],
  ['a refusal in the words of the API', { status: 404, body: ERROR }, true],
  ['a task that is not the one', json([BATCH]), false],
] as const) {
  test(`${isHeard ? 'heard' : 'not heard'}: ${name}`, async ({ time }) => {
    const api = clientOn(scripted(answer(time, 90_000, fields)), { ...time, tries: 1 });
    await api.cancelTask('71').catch(() => {});
    assert.is(api.clock() !== null, isHeard);
  });
}

test('waiting for a place, for a pause or for beforeSend is no part of the way', async ({ time }) => {
  const slow = async () => {
    time.now += 40_000;
  };
  const api = clientOn(scripted(answer(time, 90_000, json([BATCH]))), time);
  const template = { id: '3', name: 'x' };
  const none = { regions: [], instances: [], labels: [], params: [], executeAt: null, revision: null };
  await api.createBatch({ template, fleets: ['1'], ...none }, slow);
  assert.ok(Math.abs(api.clock()!.ahead - 90) <= 0.6, String(api.clock()!.ahead));
});

test('the sandbox tells its own clock, without one answer of the client being wrong', async ({ time }) => {
  const sandbox = createSandbox({ start: START / 1000 + 500 });
  const api = clientOn(sandbox.transport, { ...time, token: KEY });
  await api.listBatches();
  assert.is(Math.round(api.clock()!.ahead), 500);
  sandbox.advance(7200);
  await failure(api.getTask('1'));
  assert.is(Math.round(api.clock()!.ahead), 7700);
});

test('random ways and differences: the truth is always within the uncertainty, and none is none', () => {
  const seed = Number(process.env.SEED ?? 20_261_130);
  const random = randomFrom(seed);
  for (let run = 0; run < 400; run += 1) {
    const truth = run % 2 === 0 ? 0 : Math.round((random() - 0.5) * 400_000);
    const clock = createApiClock();
    let now = START + Math.floor(random() * 5000);
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 12; i += 1) {
      const sent = now + random() * 2000;
      const made = sent + random() * 3000;
      const received = made + random() * 3000;
      shortest = Math.min(shortest, received - sent);
      clock.hear(
        { date: dateOf(Math.floor((made + truth) / 1000) * 1000) },
        Math.floor(sent),
        Math.floor(received),
      );
      const found = clock.read(received)!;
      const off = Math.abs(found.ahead * 1000 - truth);
      if (truth === 0) assert.is(found.ahead, 0, `SEED=${seed}`);
      else assert.ok(off <= (shortest + 1002) / 2 || found.ahead === 0, `SEED=${seed}: off by ${off} ms`);
      now = received;
    }
  }
});

test.run();
