import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { saidTogether } from '../../src/render/said-together.ts';

const test = suite('said together');

test('what differs in its batches alone names them all, in the plural', () => {
  assert.is(
    saidTogether(['batch 4 was cancelled before it ran', 'batch 5 was cancelled before it ran']),
    'batches 4 and 5 were cancelled before they ran',
  );
  assert.is(
    saidTogether(['changed; batch 4 is over (done)', 'changed; batches 5, 6 are over (done)']),
    'changed; batches 4, 5 and 6 are over (done)',
  );
  assert.is(
    saidTogether(['the API no longer knows batch 4', 'the API no longer knows batch 5']),
    'the API no longer knows batches 4 and 5',
  );
  assert.is(saidTogether(['same', 'same']), 'same');
});

test('of very many, the first are named and the others counted', () => {
  const texts = Array.from({ length: 30 }, (_, n) => `batch ${n + 1} was cancelled`);
  assert.match(saidTogether(texts) ?? '', /, 19, 20 and 10 more were cancelled$/);
});

test('nothing is said together that differs in anything else', () => {
  assert.is(saidTogether(['batch 4 is over (done)', 'batch 5 is over (failed)']), null);
  assert.is(saidTogether(['batch 4 replaces batch 1', 'batch 5 replaces batch 2']), null);
  assert.is(saidTogether(['"batch 4" is late', '"batch 5" is late']), null);
  assert.is(saidTogether(['1 s late', '2 s late']), null);
});

test.run();
