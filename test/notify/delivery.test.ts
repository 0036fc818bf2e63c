/** Delivery to real servers of this machine; only the waiting between tries is a test's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sleep } from '../../src/api/waiting.ts';
import { createDelivery } from '../../src/notify/delivery.ts';
import { type Answer, loopback } from '../api/loopback.ts';

const it = suite('notify: delivery');
const NEVER = new AbortController().signal;

async function delivered(
  answer: Answer,
  bodies: readonly string[],
  lastMs = 5000,
  sleep: Sleep = async () => {},
) {
  const net = loopback();
  const server = await net.serve(answer);
  const waits: number[] = [];
  const delivery = createDelivery({
    url: new URL(`${server.url}/hook`),
    env: {},
    sleep: (ms, signal) => {
      waits.push(ms);
      return sleep(ms, signal);
    },
    random: () => 1,
    lastMs,
  });
  try {
    for (const body of bodies) delivery.add({ body: () => body });
    const undelivered = await delivery.end(NEVER);
    return { undelivered, waits, bodies: server.seen.map(({ body }) => body) };
  } finally {
    await net.end();
  }
}

const answering =
  (...statuses: readonly number[]): Answer =>
  (_request, response) => {
    nth += 1;
    response.writeHead(statuses[Math.min(nth, statuses.length) - 1]!, { 'Retry-After': '7' }).end();
  };
let nth = 0;
it.before.each(() => {
  nth = 0;
});

it('in order, each once', async () => {
  const { undelivered, bodies } = await delivered(answering(200), ['1', '2', '3']);
  assert.is(undelivered, null);
  assert.equal(bodies, ['1', '2', '3']);
});

it('one that cannot be made is lost alone', async () => {
  const net = loopback();
  const server = await net.serve(answering(200));
  const delivery = createDelivery({
    url: new URL(server.url),
    env: {},
    sleep: async () => {},
    random: () => 1,
  });
  const broken = () => {
    throw new RangeError('Invalid string length');
  };
  try {
    for (const body of [() => '1', broken, () => '3']) delivery.add({ body });
    assert.equal(await delivery.end(NEVER), { count: 1, why: 'it cannot be sent there' });
    assert.equal(
      server.seen.map(({ body }) => body),
      ['1', '3'],
    );
  } finally {
    await net.end();
  }
});

it('500, 503 and 429 are tried again, after what they ask for; what comes later waits', async () => {
  const { undelivered, bodies, waits } = await delivered(answering(500, 503, 429, 204), ['1', '2']);
  assert.is(undelivered, null);
  assert.equal(bodies, ['1', '1', '1', '1', '2']);
  assert.equal(waits, [7000, 7000, 7000]);
});

it('four tries at most; the next one has its own', async () => {
  const { undelivered, bodies } = await delivered(answering(500, 500, 500, 500, 200), ['1', '2']);
  assert.equal(undelivered, { count: 1, why: 'it answers 500' });
  assert.equal(bodies, ['1', '1', '1', '1', '2']);
});

it('a refusal, and a redirect, are final', async () => {
  for (const status of [302, 307, 400, 404, 501]) {
    nth = 0;
    const { undelivered, bodies } = await delivered(answering(status), ['1']);
    assert.is(undelivered?.count, 1, String(status));
    assert.equal(bodies, ['1']);
  }
});

it('of more than can wait, the oldest are lost, and counted', async () => {
  const { undelivered, bodies } = await delivered(
    answering(200),
    Array.from({ length: 130 }, (_, i) => String(i)),
  );
  assert.is(bodies.length, 101);
  assert.is(bodies.at(-1), '129');
  assert.is(undelivered?.count, 29);
});

it('a receiver that hangs is left when the time is over', async () => {
  const { undelivered, bodies } = await delivered(() => {}, ['1', '2', '3'], 100);
  assert.equal(undelivered, { count: 3, why: 'no answer in time' });
  assert.equal(bodies, ['1', '3']);
});

it('when time is over between two tries, it is told by what it answered', async () => {
  const answer = await delivered(answering(503), ['1'], 200, () => new Promise(() => {}));
  assert.equal(answer.undelivered, { count: 1, why: 'it answers 503' });
});

it('one that refuses, and then hangs, is told by what it answered', async () => {
  const answer: Answer = (request, response) => {
    if (nth === 0) answering(503)(request, response);
  };
  const { undelivered, bodies } = await delivered(answer, ['1'], 200);
  assert.equal(undelivered, { count: 1, why: 'it answers 503' });
  assert.is(bodies.length, 2);
});

it('one that hangs once gets the last message all the same', async () => {
  let tries = 0;
  const answer: Answer = (_request, response) => {
    tries += 1;
    if (tries > 1) response.end();
  };
  const { undelivered, bodies } = await delivered(answer, ['1', '2', '3'], 400);
  assert.equal(bodies, ['1', '3']);
  assert.is(undelivered?.count, 2);
});

it('one that answers slowly is given time for the last one, and what was left out is said', async () => {
  const slowly: Answer = (_request, response) => void setTimeout(() => response.end(), 150);
  const { undelivered, bodies } = await delivered(
    slowly,
    Array.from({ length: 40 }, (_, i) => String(i)),
    600,
  );
  assert.is(bodies.at(-1), '39');
  assert.ok(bodies.length < 40);
  assert.equal(undelivered, { count: 40 - bodies.length, why: 'it answers too slowly for so many' });
});

it('a signal ends the wait, and is named', async () => {
  const net = loopback();
  const server = await net.serve(() => {});
  const stop = new AbortController();
  const options = { url: new URL(server.url), env: {}, sleep: async () => {}, random: () => 1 };
  const delivery = createDelivery({ ...options, lastMs: 600_000 });
  delivery.add({ body: () => '1' });
  const ending = delivery.end(stop.signal);
  stop.abort();
  assert.equal(await ending, { count: 1, why: 'a signal ended the wait' });
  await net.end();
});

it('nothing to tell needs no connection', async () => {
  const { undelivered, bodies } = await delivered(answering(200), []);
  assert.is(undelivered, null);
  assert.equal(bodies, []);
});

it.run();
