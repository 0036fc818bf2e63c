/** One try: its deadline, what is told of it while it is under way, and what ends it. */
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiError, TransportError } from '../../src/api/errors.ts';
import type { ClientEvent } from '../../src/model/client-events.ts';
import {
  clientOn,
  type FakeTime,
  failure,
  fakeTime,
  json,
  SPEC,
  scripted,
  settle,
} from './fake-transport.ts';

const test = suite<{ time: FakeTime }>('send');

test.before.each((ctx) => {
  ctx.time = fakeTime();
});

/** Timers that run out by hand. */
function handTimers() {
  const running = new Set<() => void>();
  const started: number[] = [];
  return {
    started,
    running,
    startTimer: (ms: number, expire: () => void) => {
      started.push(ms);
      running.add(expire);
      return () => running.delete(expire);
    },
    expire: () => {
      for (const run of [...running]) run();
    },
  };
}

test('the deadline is for each attempt, and no timer outlives one', async ({ time }) => {
  const timers = handTimers();
  const transport = scripted({ status: 500 }, json('[]'));
  await clientOn(transport, { ...time, startTimer: timers.startTimer, deadlineMs: 1234 }).listTasks();
  assert.equal(timers.started, [1234, 1234]);
  assert.is(timers.running.size, 0);
});

for (const mayHaveBeenSent of [true, false]) {
  test(`at the deadline the transport says whether it was sent: ${mayHaveBeenSent}`, async ({ time }) => {
    const timers = handTimers();
    const transport = scripted(
      (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () =>
            reject(new TransportError('aborted', 'aborted', mayHaveBeenSent)),
          );
        }),
    );
    const created = clientOn(transport, { ...time, startTimer: timers.startTimer }).createBatch(SPEC);
    await settle();
    timers.expire();
    const error = (await failure(created)) as ApiError;
    assert.is(error.code, 'api.transport');
    assert.is(error.outcome, mayHaveBeenSent ? 'unclear' : 'none');
    assert.is(error.message, 'POST /v3/applicationInstance/task got no answer: none within 30 s');
    assert.is(transport.requests.length, 1);
  });
}

test('a transport that does not listen cannot outlast the deadline', async ({ time }) => {
  const timers = handTimers();
  const transport = scripted(() => new Promise(() => {}));
  const cancelled = clientOn(transport, { ...time, startTimer: timers.startTimer }).cancelTask('71');
  await settle();
  timers.expire();
  assert.is(((await failure(cancelled)) as ApiError).outcome, 'unclear');
});

test('a read that ran into its deadline is tried again', async ({ time }) => {
  const timers = handTimers();
  const transport = scripted(() => new Promise(() => {}), json('[]'));
  const read = clientOn(transport, { ...time, startTimer: timers.startTimer }).listTasks();
  await settle();
  timers.expire();
  assert.equal(await read, []);
});

test('interrupted: a read in flight is abandoned, and not told as one that was not sent', async ({
  time,
}) => {
  const stop = new AbortController();
  let ended = false;
  const transport = scripted(
    (_request, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (ended = true));
      }),
  );
  const read = clientOn(transport, {
    ...time,
    // Nor does its deadline end it.
    startTimer: handTimers().startTimer,
    signal: stop.signal,
  }).listTasks();
  await settle();
  stop.abort();
  const error = (await failure(read)) as ApiError;
  assert.equal([error.code, error.outcome, ended], ['api.interrupted', 'none', true]);
  assert.is(
    error.message,
    'GET /v3/applicationInstance/task was abandoned: interrupted before it was answered',
  );
});

test('what has been answered no longer listens for a stop', async ({ time }) => {
  const stop = new AbortController();
  const api = clientOn(scripted(json('[]')), { ...time, signal: stop.signal });
  await api.listTasks();
  assert.is(getEventListeners(stop.signal, 'abort').length, 0);
});

test('interrupted: a write in flight is told of, with the time that it has; a read is not', async ({
  time,
}) => {
  const stop = new AbortController();
  const events: ClientEvent[] = [];
  const answers: (() => void)[] = [];
  const transport = scripted(() => new Promise((resolve) => answers.push(() => resolve({ status: 204 }))));
  const options = { ...time, elapsed: time.clock, signal: stop.signal };
  const api = clientOn(transport, { ...options, onEvent: (event) => events.push(event) });
  const answered = api.cancelTask('70');
  await settle();
  answers[0]!();
  await answered;
  const cancelled = api.cancelTask('71');
  const read = failure(api.listTasks());
  await settle();
  time.now += 4000;
  stop.abort();
  const endpoint = 'DELETE /v3/applicationInstance/task/71';
  assert.equal(
    events.filter(({ type }) => type === 'stopping'),
    [{ type: 'stopping', endpoint, milliseconds: 26_000 }],
  );
  answers[1]!();
  assert.is(await cancelled, null);
  await read;
});

test('a request that is not answered is told of, with its try; one that is answered in time is not', async ({
  time,
}) => {
  const timers = handTimers();
  const events: ClientEvent[] = [];
  const transport = scripted(() => new Promise(() => {}), json('[]'));
  const read = clientOn(transport, {
    ...time,
    startTimer: timers.startTimer,
    slowMs: 5000,
    onEvent: (event) => events.push(event),
  }).listTasks();
  await settle();
  assert.equal(timers.started, [5000, 30_000]);
  timers.expire();
  await read;
  const endpoint = 'GET /v3/applicationInstance/task';
  assert.equal(events[0], { type: 'slow', endpoint, milliseconds: 5000, nth: 1, tries: 4 });
  assert.equal(
    events.map(({ type }) => type),
    ['slow', 'retry', 'answer'],
  );
  assert.is(timers.running.size, 0);
});

test('of a write there is one try', async ({ time }) => {
  const timers = handTimers();
  const events: ClientEvent[] = [];
  const transport = scripted(() => new Promise(() => {}));
  const options = {
    ...time,
    startTimer: timers.startTimer,
    onEvent: (event: ClientEvent) => events.push(event),
  };
  const cancelled = clientOn(transport, options).cancelTask('71');
  await settle();
  timers.expire();
  await failure(cancelled);
  const endpoint = 'DELETE /v3/applicationInstance/task/71';
  assert.equal(events, [{ type: 'slow', endpoint, milliseconds: 5000, nth: 1, tries: 1 }]);
});

test.run();
