import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newestTime } from '../../src/observe/newest-time.ts';

const test = suite('the newest time in answers');

const batch = (createdAt: number | null, finishedAt: number | null, executeAt = 9999) => ({
  createdAt,
  finishedAt,
  executeAt,
});
const task = (lastActivityAt: number | null, finishedAt: number | null, executeAt = 9999) => ({
  lastActivityAt,
  finishedAt,
  executeAt,
});

test('null where none is told', () => {
  assert.is(newestTime([], []), null);
  assert.is(newestTime([batch(null, null)], [task(null, null)]), null);
});

test('each of what has happened counts, wherever it stands', () => {
  assert.is(newestTime([batch(1, null), batch(5, 2), batch(3, null)], [task(4, null)]), 5);
  assert.is(newestTime([batch(1, 6), batch(5, null)], []), 6);
  assert.is(newestTime([batch(1, 2)], [task(7, null), task(3, null)]), 7);
  assert.is(newestTime([], [task(7, 8), task(3, 4)]), 8);
});

test('a batch that was cancelled before its time ends when it would have begun: that says nothing', () => {
  assert.is(newestTime([batch(1, 9999), batch(5, null)], []), 5);
  assert.is(newestTime([batch(1, 9998)], []), 9998);
});

test.run();
