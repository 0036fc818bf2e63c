/** Bursts of failures: what becomes one message, in which order, and what is said of the rest. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Happening } from '../../src/notify/message.ts';
import { createNotifier } from '../../src/notify/notifier.ts';
import { type Answer, loopback } from '../api/loopback.ts';

const it = suite('notify: notifier');
const NEVER = new AbortController().signal;
const END: Happening = { type: 'waited', ended: 'done', failedTasks: 1, unfinished: 0 };

const failure = (i: number): Happening => ({
  type: 'task_failed',
  address: 'a',
  batchId: '1',
  taskId: String(i),
  server: '3',
  message: 'm',
});

interface Told {
  readonly sequence: number;
  readonly name: string | null;
  readonly omitted?: number;
  readonly text: string;
  readonly event: { readonly type: string; readonly count?: number; readonly failures?: readonly unknown[] };
}

async function told(
  answer: Answer,
  work: (tell: (one: Happening) => void) => Promise<void> | void,
  lastMs = 5000,
) {
  const net = loopback();
  const server = await net.serve(answer);
  const sender = { fleetform: '0', name: null, api: null, operation: 'apply', run: 'r' } as const;
  const notifier = createNotifier(() => sender, {
    url: new URL(server.url),
    env: {},
    sleep: async () => {},
    random: () => 1,
    format: 'json',
    redact: (text) => text,
    lastMs,
  });
  try {
    await work((one) => notifier.tell(one));
    const undelivered = await notifier.end(NEVER);
    return { all: server.seen.map(({ body }) => JSON.parse(body) as Told), undelivered };
  } finally {
    await net.end();
  }
}

const ok: Answer = (_request, response) => void response.end();

function failuresIn(all: readonly Told[]): number {
  return all.reduce((sum, { event }) => sum + (event.type === 'task_failed' ? 1 : (event.count ?? 0)), 0);
}

it('what fails while a message is under way is told in the next ones, twenty in each, before the end', async () => {
  const { all, undelivered } = await told(ok, (tell) => {
    for (let i = 0; i < 45; i += 1) tell(failure(i));
    tell(END);
  });
  assert.is(undelivered, null);
  assert.equal(
    all.map(({ event }) => [event.type, event.count]),
    [
      ['task_failed', undefined],
      ['failures', 20],
      ['failures', 20],
      ['failures', 4],
      ['waited', undefined],
    ],
  );
  assert.equal(
    all.map(({ sequence }) => sequence),
    [1, 2, 3, 4, 5],
  );
  assert.match(all[1]!.text, '20 failures:');
});

it('in order: what failed after something else is not told before it', async () => {
  const { all } = await told(ok, (tell) => {
    for (const one of [failure(1), failure(2), END, failure(3)]) tell(one);
  });
  assert.equal(
    all.map(({ event }) => event.type),
    ['task_failed', 'task_failed', 'waited', 'task_failed'],
  );
});

it('one by one they are told so often; the rest is one message, that counts them', async () => {
  let answered = () => {};
  const answer: Answer = (_request, response) => void response.end(() => answered());
  const { all, undelivered } = await told(answer, async (tell) => {
    for (let i = 0; i < 50; i += 1) {
      const arrival = new Promise<void>((resolve) => {
        answered = resolve;
      });
      tell(failure(i));
      await arrival;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let i = 0; i < 200; i += 1) tell(failure(i));
    tell(END);
  });
  assert.is(undelivered, null);
  assert.is(failuresIn(all), 250);
  assert.ok(all.length <= 52, String(all.length));
  assert.is(all.at(-2)!.event.failures!.length, 20);
  assert.is(all.at(-1)!.event.type, 'waited');
});

it('what is dropped for the end is counted there', async () => {
  let tries = 0;
  const once: Answer = (_request, response) => {
    tries += 1;
    if (tries > 1) response.end();
  };
  const { all, undelivered } = await told(
    once,
    (tell) => {
      for (let i = 0; i < 31; i += 1) tell(failure(i));
      tell(END);
    },
    600,
  );
  const last = all.at(-1)!;
  assert.is(last.event.type, 'waited');
  assert.is(last.omitted, 30);
  assert.match(last.text, '30 more failures not told here');
  assert.is(undelivered?.count, 3);
});

it.run();
