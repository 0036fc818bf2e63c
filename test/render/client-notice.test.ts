import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClientEvent } from '../../src/model/client-events.ts';
import { clientNotice, type Stopping, stoppingNotice } from '../../src/render/client-notice.ts';

const it = suite('clientNotice');

const endpoint = 'GET /v3/applicationInstance/task';
const tried = { endpoint, milliseconds: 5000, nth: 2, tries: 4 };
for (const [event, expected] of [
  [
    { ...tried, type: 'slow' },
    `Waiting for https://a.example: no answer to ${endpoint} for 5 s (try 2 of 4).`,
  ],
  [
    { ...tried, type: 'slow', nth: 1, tries: 1 },
    `Waiting for https://a.example: no answer to ${endpoint} for 5 s.`,
  ],
  [
    { ...tried, type: 'retry', reason: 'it failed (503)', milliseconds: 60_000 },
    'it failed (503); trying again in 1 min (try 2 of 4).',
  ],
  [{ ...tried, type: 'retry', reason: 'it failed (503)', milliseconds: 900 }, null],
  [
    { ...tried, type: 'throttled', milliseconds: 30_000 },
    'https://a.example limits the request rate: continuing in 30 s (try 2 of 4).',
  ],
  [{ ...tried, type: 'throttled', milliseconds: 2000 }, null],
  [{ type: 'answer', endpoint, status: 200, milliseconds: 9000 }, null],
] as [Exclude<ClientEvent, Stopping>, string | null][]) {
  it(`${event.type}, ${event.milliseconds} ms: ${expected}`, () =>
    assert.is(clientNotice(event, 'https://a.example'), expected));
}

it('what a stop still waits for is one line: each request, and the longest time', () => {
  const stopping = (one: string, milliseconds: number): Stopping => ({
    type: 'stopping',
    endpoint: one,
    milliseconds,
  });
  assert.is(
    stoppingNotice([stopping('POST /task', 27_001)]),
    'Waiting at most 28 s for the answer to POST /task.',
  );
  assert.is(
    stoppingNotice([
      stopping('POST /task', 3000),
      stopping('POST /task', 9000),
      stopping('DELETE /task/7', 0),
    ]),
    'Waiting at most 9 s for the answers to 2 x POST /task, DELETE /task/7.',
  );
});

it('a reason that ends like a sentence goes on like one', () => {
  const event = { ...tried, type: 'retry', reason: 'it failed (503): try later.' } as const;
  assert.match(clientNotice(event, 'x') ?? '', /^it failed \(503\): try later; trying again/);
});

it.run();
