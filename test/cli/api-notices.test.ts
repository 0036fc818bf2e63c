import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiNotices } from '../../src/cli/api-notices.ts';

const it = suite('apiNotices');

it('requests that wait side by side are one line, and the next try another', () => {
  const told: string[] = [];
  let now = 0;
  const hear = apiNotices(
    'https://a.example',
    () => now,
    (text) => told.push(text),
  );
  const slow = (nth: number) => hear({ type: 'slow', endpoint: 'GET /x', milliseconds: 5000, nth, tries: 4 });
  hear({ type: 'answer', endpoint: 'GET /x', status: 200, milliseconds: 9000 });
  slow(1);
  slow(1);
  now = 3999;
  slow(1);
  now = 36_000;
  slow(2);
  assert.equal(told, [
    'Waiting for https://a.example: no answer to GET /x for 5 s (try 1 of 4).',
    'Waiting for https://a.example: no answer to GET /x for 5 s (try 2 of 4).',
  ]);
});

it('what a stop waits for is told at once, all of it together, whatever was told a moment ago', async () => {
  const told: string[] = [];
  const hear = apiNotices(
    'https://a.example',
    () => 0,
    (text) => told.push(text),
  );
  hear({ type: 'slow', endpoint: 'POST /x', milliseconds: 5000, nth: 1, tries: 1 });
  hear({ type: 'stopping', endpoint: 'POST /x', milliseconds: 25_000 });
  hear({ type: 'stopping', endpoint: 'PUT /x/1', milliseconds: 30_000 });
  told.push('SIGINT');
  await Promise.resolve();
  assert.equal(told.slice(1), ['SIGINT', 'Waiting at most 30 s for the answers to POST /x, PUT /x/1.']);
});

it.run();
