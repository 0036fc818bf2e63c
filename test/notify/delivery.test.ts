/** Delivery to real servers of this machine; only the waiting between tries is a test's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDelivery } from '../../src/notify/delivery.ts';
import { type Answer, loopback } from '../api/loopback.ts';

const it = suite('notify: delivery');
const NEVER = new AbortController().signal;

async function delivered(answer: Answer, bodies: readonly string[], lastMs = 5000) {
  const net = loopback();
  const server = await net.serve(answer);
  const waits: number[] = [];
  const delivery = createDelivery({
    url: new URL(`${server.url}/hook`),
    env: {},
    sleep: async (ms) => void waits.push(ms),
    random: () => 1,
    lastMs,
  });
  try {
    for (const body of bodies) delivery.add(body);
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

it('of more than can wait, what is lost is counted', async () => {
  const { undelivered, bodies } = await delivered(
    answering(200),
    Array.from({ length: 130 }, (_, i) => String(i)),
  );
  assert.is(bodies.length, 100);
  assert.is(undelivered?.count, 30);
});

it('a receiver that hangs is left when the time is over, or at a signal', async () => {
  const { undelivered } = await delivered(() => {}, ['1', '2'], 50);
  assert.equal(undelivered, { count: 2, why: 'no answer in time' });
});

it('nothing to tell needs no connection', async () => {
  const { undelivered, bodies } = await delivered(answering(200), []);
  assert.is(undelivered, null);
  assert.equal(bodies, []);
});

it.run();
