import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiError, TransportError } from '../../src/api/errors.ts';
import type { FleetApi } from '../../src/api/port.ts';
import { backoffMs, retryAfterMs } from '../../src/api/waiting.ts';
import type { ClientEvent } from '../../src/model/client-events.ts';
import {
  BATCH,
  clientOn,
  type FakeTime,
  failure,
  fakeTime,
  json,
  SPEC,
  START,
  type Step,
  scripted,
  settle,
  TASK_TEXT,
} from './fake-transport.ts';

const test = suite<{ time: FakeTime }>('tries');

test.before.each((ctx) => {
  ctx.time = fakeTime();
});

const WRITES: Readonly<Record<string, (api: FleetApi) => Promise<unknown>>> = {
  POST: (api) => api.createBatch(SPEC),
  PUT: (api) => api.toggleTask('71'),
  DELETE: (api) => api.cancelTask('71'),
};
const RIGHT: Readonly<Record<string, Step>> = {
  POST: json(BATCH),
  PUT: json(TASK_TEXT),
  DELETE: json(TASK_TEXT),
};

const PASSING: readonly (readonly [string, Step])[] = [
  ['500', { status: 500 }],
  ['502', { status: 502, body: '<html>' }],
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['408', { status: 408 }],
  ["a gateway's 404", { status: 404, body: '<html>' }],
  ['a lost connection', new TransportError('reset', 'reset', true)],
  ['a refused connection', new TransportError('refused', 'refused', false)],
  ['a timeout', new TransportError('timeout', 'timeout', true)],
];

for (const [name, step] of PASSING) {
  test(`a read is tried again after ${name}, with growing waits`, async ({ time }) => {
    const transport = scripted(step, step, step, json('[]'));
    assert.equal(await clientOn(transport, { ...time, random: () => 1 }).listTasks(), []);
    assert.is(transport.requests.length, 4);
    assert.equal(time.sleeps, [1000, 2000, 4000]);
  });

  test(`after four times ${name} a read has failed`, async ({ time }) => {
    const transport = scripted(step);
    assert.is((await failure(clientOn(transport, time).listTasks())).name, 'ApiError');
    assert.is(transport.requests.length, 4);
    assert.is(time.sleeps.length, 3);
  });

  for (const method of Object.keys(WRITES)) {
    test(`${method} is never sent again after ${name}`, async ({ time }) => {
      const transport = scripted(step, RIGHT[method]!);
      await failure(WRITES[method]!(clientOn(transport, time)));
      assert.is(transport.requests.length, 1);
      assert.equal(time.sleeps, []);
    });
  }
}

for (const [name, step] of [
  ['400', { status: 400 }],
  ['401', { status: 401 }],
  ['404 in the words of the API', { status: 404, body: '{"errorCode":10404,"errorMessage":"unknown"}' }],
  ['409', { status: 409 }],
  ['422', { status: 422 }],
  ['302', { status: 302 }],
  ['an untrusted certificate', new TransportError('tls', 'certificate', false)],
  ['an unreadable answer', json('[{')],
  ['an answer of another shape', json('[{"id":"x"}]')],
  ['an answer with too much in it', json(`[${'0,'.repeat(20_000)}0]`)],
  ['an answer that is too large', new TransportError('too-large', 'large', true)],
] as const) {
  test(`a read is not tried again after ${name}`, async ({ time }) => {
    const transport = scripted(step, json('[]'));
    await failure(clientOn(transport, time).listTasks());
    assert.is(transport.requests.length, 1);
    assert.equal(time.sleeps, []);
  });
}

test('the jitter is full: from nothing to the whole ceiling', async () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7].map((tries) => backoffMs(tries, () => 1));
  assert.equal(ceilings, [1000, 2000, 4000, 8000, 16000, 20000, 20000]);
  assert.is(
    backoffMs(3, () => 0),
    0,
  );
  assert.is(
    backoffMs(3, () => 0.25),
    1000,
  );
});

test('Retry-After in seconds and as a date, capped; otherwise nothing', () => {
  assert.is(retryAfterMs('7', START), 7000);
  assert.is(retryAfterMs(' 7 ', START), 7000);
  assert.is(retryAfterMs(new Date(START + 30_000).toUTCString(), START), 30_000);
  assert.is(retryAfterMs('86400', START), 120_000);
  assert.is(retryAfterMs(new Date(START + 86_400_000).toUTCString(), START), 120_000);
  for (const none of [undefined, '', '0', 'soon', '-5', '1.5.x', new Date(START - 1000).toUTCString()]) {
    assert.is(retryAfterMs(none, START), null, none);
  }
});

test('a 503 that says when is believed, for reads', async ({ time }) => {
  const transport = scripted({ status: 503, headers: { 'retry-after': '9' } }, json('[]'));
  await clientOn(transport, time).listTasks();
  assert.equal(time.sleeps, [9000]);
});

for (const [header, waits] of [
  ['5', [5000]],
  [new Date(START + 11_000).toUTCString(), [11_000]],
  ['100000', [120_000]],
  [undefined, [1000]],
] as const) {
  for (const method of ['GET', 'DELETE']) {
    test(`429 to ${method} with Retry-After ${header}: waits ${waits} ms and sends again`, async ({
      time,
    }) => {
      const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
      const transport = scripted({ status: 429, headers }, RIGHT[method] ?? json('[]'));
      const api = clientOn(transport, time);
      await (WRITES[method]?.(api) ?? api.listTasks());
      assert.is(transport.requests.length, 2);
      assert.equal(transport.requests[1], transport.requests[0]);
      assert.equal(time.sleeps, [...waits]);
    });
  }
}

test('429 to the end is an error, and nothing was done', async ({ time }) => {
  const transport = scripted({ status: 429, headers: { 'retry-after': '1' } });
  const error = (await failure(clientOn(transport, time).cancelTask('17'))) as ApiError;
  assert.is(error.code, 'api.rate-limited');
  assert.is(error.outcome, 'none');
  assert.is(transport.requests.length, 8);
  assert.equal(time.sleeps, Array(7).fill(1000));
});

for (const method of ['POST', 'PUT'] as const) {
  test(`429 to ${method}: not sent again here, and what comes next waits as told`, async ({ time }) => {
    const transport = scripted({ status: 429, headers: { 'retry-after': '7' } }, json('[]'));
    const api = clientOn(transport, time);
    const error = (await failure(WRITES[method]!(api))) as ApiError;
    assert.is(error.code, 'api.rate-limited');
    assert.is(error.outcome, 'none');
    assert.is(transport.requests.length, 1);
    await api.listTasks();
    assert.is(transport.requests.length, 2);
    assert.equal(time.sleeps, [7000]);
  });
}

test('while one waits because of a 429, the others wait as well', async ({ time }) => {
  const sentAt: number[] = [];
  const transport = scripted({ status: 429, headers: { 'retry-after': '30' } }, () => {
    sentAt.push(time.now - START);
    return json('[]');
  });
  const wakeUps: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => wakeUps.push(resolve));
  const api = clientOn(transport, { ...time, sleep });
  const first = api.listTasks();
  await settle();
  const others = [api.listBatches(), api.createBatch(SPEC).catch(() => {}), api.listTemplates()];
  await settle();
  assert.is(transport.requests.length, 1, 'nothing goes out during the pause');
  assert.is(wakeUps.length, 4);
  time.now += 30_000;
  for (const wake of wakeUps) wake();
  await Promise.all([first, ...others]);
  assert.equal(sentAt, [30_000, 30_000, 30_000, 30_000]);
});

test('a pause that grows while it is waited for is waited for to its end', async ({ time }) => {
  let answerLate = () => {};
  const transport = scripted(
    { status: 429, headers: { 'retry-after': '10' } },
    () =>
      new Promise((resolve) => {
        answerLate = () => resolve({ status: 429, headers: { 'retry-after': '60' } });
      }),
    json('[]'),
  );
  const naps: { ms: number; wake: () => void }[] = [];
  const sleep = (ms: number) => new Promise<void>((wake) => naps.push({ ms, wake }));
  const api = clientOn(transport, { ...time, sleep });
  const both = Promise.all([api.listTasks(), api.listBatches()]);
  await settle();
  answerLate();
  await settle();
  assert.equal(
    naps.map(({ ms }) => ms),
    [10_000, 60_000],
  );
  time.now += 10_000;
  naps[0]!.wake();
  await settle();
  assert.is(transport.requests.length, 2, 'the first one waits on');
  assert.is(naps[2]!.ms, 50_000);
  time.now += 50_000;
  for (const { wake } of naps) wake();
  await both;
  assert.is(transport.requests.length, 4);
});

test('a clock that stands still does not make a pause endless', async () => {
  const transport = scripted({ status: 429, headers: { 'retry-after': '5' } }, json('[]'));
  await clientOn(transport, { sleep: async () => {}, clock: () => START }).listTasks();
  assert.is(transport.requests.length, 2);
});

for (const parallelism of [1, 3, 10]) {
  test(`never more than ${parallelism} in flight, of whatever kind; in the order of asking`, async ({
    time,
  }) => {
    let inFlight = 0;
    let most = 0;
    const order: string[] = [];
    const transport = scripted(async (request) => {
      order.push(request.path);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await settle();
      inFlight -= 1;
      const id = request.path.split('/').at(-1)!;
      return json(TASK_TEXT.replace('"id":71', `"id":${id}`));
    });
    const api = clientOn(transport, { ...time, parallelism });
    const ids = Array.from({ length: 25 }, (_, i) => String(i + 1));
    await Promise.all(ids.map((id) => (Number(id) % 2 === 0 ? api.getTask(id) : api.cancelTask(id))));
    assert.is(most, parallelism);
    assert.equal(
      order,
      ids.map((id) => `/v3/applicationInstance/task/${id}`),
    );
  });
}

test('what is sent again goes before what has not been sent yet', async ({ time }) => {
  const seen: string[] = [];
  const transport = scripted(({ path }) => {
    const id = path.split('/').at(-1)!;
    seen.push(id);
    if (seen.length <= 2) return { status: 503 };
    return json(TASK_TEXT.replace('"id":71', `"id":${id}`));
  });
  const api = clientOn(transport, { ...time, parallelism: 2 });
  await Promise.all(['1', '2', '3', '4', '5', '6', '7', '8'].map((id) => api.getTask(id)));
  // Those that had their turn while the two were waiting come before them.
  assert.equal(seen.slice(0, 2), ['1', '2']);
  assert.ok(seen.lastIndexOf('1') < seen.indexOf('5'), seen.join());
  assert.ok(seen.lastIndexOf('2') < seen.indexOf('5'), seen.join());
  assert.is(seen.length, 10);
});

test('a failure gives its place back', async ({ time }) => {
  const transport = scripted({ status: 404 }, { status: 500 }, new RangeError('bug'), json('[]'));
  const api = clientOn(transport, { ...time, parallelism: 1, tries: 1 });
  for (let i = 0; i < 3; i += 1) await failure(api.listTasks());
  assert.equal(await api.listTasks(), []);
});

test('who backs off does not hold a place', async ({ time }) => {
  const transport = scripted({ status: 500 }, json('[]'));
  let wake = () => {};
  const sleep = () => new Promise<void>((resolve) => (wake = resolve));
  const api = clientOn(transport, { ...time, sleep, parallelism: 1 });
  const first = api.listTasks();
  await settle();
  assert.equal(await api.listBatches(), []);
  wake();
  assert.equal(await first, []);
});

test('interrupted: a read that backs off gives up, and says what it failed with', async ({ time }) => {
  const stop = new AbortController();
  const transport = scripted({ status: 500 });
  const sleep = () => new Promise<void>(() => {});
  const read = clientOn(transport, { ...time, sleep, signal: stop.signal }).listTasks();
  await settle();
  stop.abort();
  const error = (await failure(read)) as ApiError;
  assert.equal([error.code, error.outcome], ['api.interrupted', 'none']);
  assert.match(
    error.message,
    /^GET \S+ was not sent again: interrupted; its last attempt failed: GET \S+ failed \(500\)/,
  );
  assert.is(transport.requests.length, 1);
});

test('interrupted: what was answered 429 is not waited for, and told as tried once', async ({ time }) => {
  for (const work of WORK) {
    const stop = new AbortController();
    const transport = scripted({ status: 429 });
    const sleep = () => new Promise<void>(() => {});
    const failed = failure(work(clientOn(transport, { ...time, sleep, signal: stop.signal })));
    await settle();
    stop.abort();
    const error = (await failed) as ApiError;
    assert.equal([error.code, error.outcome], ['api.interrupted', 'none']);
    assert.match(
      error.message,
      /was not sent again: interrupted; its last attempt failed: \S+ \S+ was refused \(429\)/,
    );
  }
});

const WORK: readonly ((api: FleetApi) => Promise<unknown>)[] = [
  (api) => api.listBatches(),
  (api) => api.cancelTask('71'),
];

test('interrupted: what queues or pauses is never sent, and nothing is sent any more', async ({ time }) => {
  for (const work of WORK) {
    const stop = new AbortController();
    let release = () => {};
    const transport = scripted(
      () =>
        new Promise((resolve) => (release = () => resolve({ status: 429, headers: { 'retry-after': '9' } }))),
    );
    const sleep = () => new Promise<void>(() => {});
    const api = clientOn(transport, { ...time, sleep, parallelism: 1 }).stoppedBy(stop.signal);
    const inFlight = api.createBatch(SPEC);
    const queued = work(api);
    await settle();
    release();
    assert.is(((await failure(inFlight)) as ApiError).code, 'api.rate-limited', 'what is in flight ends');
    const pausing = work(api);
    await settle();
    stop.abort();
    for (const dropped of [queued, pausing, work(api)]) {
      const error = (await failure(dropped)) as ApiError;
      assert.equal([error.code, error.outcome], ['api.interrupted', 'none']);
      assert.match(error.message, 'was not sent: interrupted');
    }
    assert.is(transport.requests.length, 1);
  }
});

test('interrupted: who has a say before a write goes out has it also when it does not', async ({ time }) => {
  const stop = new AbortController();
  stop.abort();
  const transport = scripted();
  const own = new Error('not now');
  const refuse = () => Promise.reject(own);
  const api = clientOn(transport, { ...time, signal: stop.signal });
  assert.is(await failure(api.cancelTask('71', refuse)), own);
  assert.is(transport.requests.length, 0);
});

test('either of two signals ends it', async ({ time }) => {
  for (const which of [0, 1]) {
    const stops = [new AbortController(), new AbortController()];
    const api = clientOn(scripted(json('[]')), { ...time, signal: stops[0]!.signal }).stoppedBy(
      stops[1]!.signal,
    );
    stops[which]!.abort();
    assert.is(((await failure(api.listTasks())) as ApiError).code, 'api.interrupted');
  }
});

test('what happens is told', async ({ time }) => {
  const events: ClientEvent[] = [];
  const transport = scripted({ status: 429, headers: { 'retry-after': '2' } }, { status: 500 }, json('[]'));
  await clientOn(transport, { ...time, onEvent: (event) => events.push(event) }).listTasks();
  const endpoint = 'GET /v3/applicationInstance/task';
  const reason = `${endpoint} failed (500): an empty body`;
  assert.equal(events, [
    { type: 'answer', endpoint, status: 429, milliseconds: 0 },
    { type: 'throttled', endpoint, milliseconds: 2000, nth: 2, tries: 8 },
    { type: 'answer', endpoint, status: 500, milliseconds: 0 },
    { type: 'retry', endpoint, reason, milliseconds: 1000, nth: 2, tries: 4 },
    { type: 'answer', endpoint, status: 200, milliseconds: 0 },
  ]);
});

test.run();
