/** What a call costs must not depend on how many others wait. */
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onAbort } from '../../src/api/aborted.ts';
import { UnreadableAnswer } from '../../src/api/answer-text.ts';
import { TransportError } from '../../src/api/errors.ts';
import { createLimiter } from '../../src/api/limiter.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { BATCH, clientOn, failure, fakeTime, json, scripted } from './fake-transport.ts';

const test = suite('many waiting');

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const COUNT = 1000;
const all = <T>(work: (nth: number) => T): T[] => Array.from({ length: COUNT }, (_, nth) => work(nth));

test('a thousand calls that wait for their turn are one listener, and none afterwards', async () => {
  const stop = new AbortController();
  const release: (() => void)[] = [];
  const transport = scripted(async () => {
    await new Promise<void>((resolve) => release.push(resolve));
    return json([BATCH]);
  });
  const api = clientOn(transport, { signal: stop.signal, parallelism: 2 });
  const calls = all(() => api.getBatch('7'));
  await settled();
  assert.is(transport.requests.length, 2);
  assert.is(listeners(stop.signal), 1);
  while (transport.requests.length < COUNT || release.length > 0) {
    for (const next of release.splice(0)) next();
    await settled();
  }
  await Promise.all(calls);
  assert.is(listeners(stop.signal), 0);
});

for (const method of ['read', 'write'] as const) {
  test(`a thousand ${method}s in flight, or asleep before the next try, are one listener`, async () => {
    const stop = new AbortController();
    const time = fakeTime();
    let asleep = 0;
    const sleep = (_ms: number, signal?: AbortSignal) => {
      asleep += 1;
      // As the sleep of node:timers/promises does.
      return new Promise<void>((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    };
    const transport = scripted(async () => {
      if (method === 'write') return new Promise(() => {});
      return { status: 503, body: '' };
    });
    const startTimer = () => () => {};
    const api = clientOn(transport, { ...time, sleep, startTimer, signal: stop.signal, parallelism: COUNT });
    const calls = all(() => failure<unknown>(method === 'read' ? api.getBatch('7') : api.toggleTask('7')));
    for (let nth = 0; nth < 200 && (method === 'read' ? asleep < COUNT : nth < 20); nth += 1) await settled();
    assert.is(listeners(stop.signal), 1);
    stop.abort();
    if (method === 'read') {
      assert.is(asleep, COUNT);
      for (const error of await Promise.all(calls)) assert.match(error.message, 'interrupted');
      assert.is(listeners(stop.signal), 0);
    }
  });
}

test('no error is made where nothing goes wrong', async () => {
  const stop = new AbortController();
  const ids = all((nth) => String(nth + 1));
  const transport = scripted(({ path }) => json([{ ...BATCH, id: Number(path.split('/').at(-1)) }]));
  const api = clientOn(transport, { signal: stop.signal, onEvent() {} });
  await api.getBatch('1');
  let made = 0;
  class Counted extends Error {
    constructor(...args: ConstructorParameters<typeof Error>) {
      super(...args);
      made += 1;
    }
  }
  const classes = [FleetformError, TransportError, UnreadableAnswer];
  for (const each of classes) Object.setPrototypeOf(each, Counted);
  try {
    await Promise.all(ids.map((id) => api.getBatch(id)));
    assert.is(made, 0);
    await failure(api.getBatch('..'));
    assert.is(made, 1, 'they are counted');
  } finally {
    for (const each of classes) Object.setPrototypeOf(each, Error);
  }
});

test('each who waits for a signal is told once, in order; who has left is not', () => {
  const stop = new AbortController();
  const told: string[] = [];
  const leave = onAbort(stop.signal, () => told.push('left'));
  const same = () => told.push('twice');
  onAbort(stop.signal, same);
  onAbort(stop.signal, same);
  const later = () => leaveLater();
  onAbort(stop.signal, later);
  const leaveLater = onAbort(stop.signal, () => told.push('left by another'));
  onAbort(stop.signal, () => told.push('last'));
  leave();
  leave();
  stop.abort();
  assert.equal(told, ['twice', 'twice', 'last']);
  onAbort(stop.signal, () => told.push('too late'));
  assert.is(told.length, 3);
  assert.is(listeners(stop.signal), 0);
});

test('the places follow the pace, and the order is that of asking, whoever leaves', async () => {
  let places = 1;
  const limiter = createLimiter(() => places);
  const order: number[] = [];
  const leave: (() => void)[] = [];
  const stops = Array.from({ length: 8 }, () => new AbortController());
  const entered = stops.map(async ({ signal }, nth) => {
    leave.push(await limiter.enter(signal));
    order.push(nth);
  });
  const ended = Promise.allSettled(entered);
  await settled();
  assert.equal(order, [0]);
  stops[2]!.abort('gone');
  await settled();
  places = 3;
  leave.shift()!();
  await settled();
  assert.equal(order, [0, 1, 3, 4], 'two that were added, and the one that was left');
  places = 1;
  leave.shift()!();
  leave.shift()!();
  await settled();
  assert.is(order.length, 4, 'fewer places: nobody comes before there are few enough');
  leave.shift()!();
  await settled();
  assert.equal(order, [0, 1, 3, 4, 5]);
  stops[6]!.abort('gone');
  stops[7]!.abort('gone');
  assert.equal(
    (await ended).map(({ status }) => status === 'rejected'),
    [false, false, true, false, false, false, true, true],
  );
  leave.shift()!();
  await limiter.enter();
});

test.run();
