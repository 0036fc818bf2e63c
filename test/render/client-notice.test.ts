import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClientEvent } from '../../src/model/client-events.ts';
import { clientNotice } from '../../src/render/client-notice.ts';

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
] as [ClientEvent, string | null][]) {
  it(`${event.type}, ${event.milliseconds} ms: ${expected}`, () =>
    assert.is(clientNotice(event, 'https://a.example'), expected));
}

it.run();
