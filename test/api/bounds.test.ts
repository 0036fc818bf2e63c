import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAnswer } from '../../src/api/answer-text.ts';
import { readBatches } from '../../src/api/answers.ts';
import { excessOf, LARGEST_ANSWER } from '../../src/api/bounds.ts';
import type { ApiError } from '../../src/api/errors.ts';
import { clientOn, failure, json, scripted, TASK_TEXT } from './fake-transport.ts';

const test = suite('bounds');

const list = (count: number, item: string) => `[${`${item},`.repeat(count - 1)}${item}]`;
const object = (keys: number) => `{${Array.from({ length: keys }, (_, i) => `"k${i}":0`).join(',')}}`;
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

for (const [name, most, more, found] of [
  ['rows', list(10_000, '0'), list(10_001, '0'), 'more than 10,000 rows'],
  ['keys', `[${object(1000)}]`, `[${object(1001)}]`, 'an object with more than 1,000 keys'],
  ['keys of the only object', object(1000), object(1_000_000), 'an object with more than 1,000 keys'],
  ['depth', deep(32), deep(33), 'lists and objects nested more than 32 deep'],
  ['values', `[${list(1_249_998, '0')}]`, `[${list(1_250_000, '0')}]`, 'more than 1,250,000 values'],
  ['objects', `[${list(99_000, '{}')}]`, `[${list(100_001, '{}')}]`, 'more than 100,000 objects'],
  [
    'size',
    `"${' '.repeat(LARGEST_ANSWER - 2)}"`,
    `"${' '.repeat(LARGEST_ANSWER)}"`,
    'more than 16 MB, the most that is read of one answer',
  ],
] as const) {
  test(`${name}: the most, and one more`, () => {
    assert.is(excessOf(most), null);
    assert.is(excessOf(more), found);
  });
}

test('what stands in a string counts for nothing', () => {
  const text = JSON.stringify([`${'['.repeat(99)}\\"${',:{"'.repeat(20_000)}\\\\`, '\\', '"', '']);
  assert.is(excessOf(text), null);
  assert.is((parseAnswer(text) as string[])[1], '\\');
  assert.is(excessOf('"never ends'), null);
  assert.is(excessOf(`["\\\\",${deep(40)}]`), 'lists and objects nested more than 32 deep');
});

test('the largest that an honest account has: 100 batches, each on 10,000 game servers', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => 4_000_000_000 + i).join(',');
  assert.is(excessOf(list(100, `{"id":7,"createdAt":1796090000,"numTasks":10000,"taskIds":[${ids}]}`)), null);
});

for (const [name, body] of [
  ['65 million zeros', `[${'0,'.repeat(32_000_000)}0]`],
  ['a million keys', object(1_000_000)],
  ['200,000 tasks', list(200_000, TASK_TEXT.slice(0, 60).replace(/,[^,]*$/, '}'))],
  ['no JSON', '{'],
  ['another shape', '[{"id":[]}]'],
] as const) {
  test(`${name}: one request, and an error that names it, what was found and the bound`, async () => {
    const transport = scripted(json(body));
    const api = clientOn(transport);
    const read = (await failure(api.listTasks())) as ApiError;
    assert.is(read.code, 'api.unreadable');
    assert.match(
      read.message,
      /^GET \/v3\/applicationInstance\/task returned an answer \(200\) that cannot be used: ./,
    );
    assert.is(transport.requests.length, 1);
    const written = (await failure(api.cancelTask('71'))) as ApiError;
    assert.is(written.outcome, 'unclear');
  });
}

test('a million wrong ids are not a million errors', () => {
  const text = `[{"id":1,"numTasks":1,"taskIds":${list(1_000_000, '"x"')}}]`;
  assert.throws(() => readBatches(text), /found "x", expected a number; and 97 more$/);
});

test('a refusal that is too much is no word of the API: nothing is certain', async () => {
  const reason = `{"errorMessage":"no","errors":[${list(100_001, '{}')}]}`;
  for (const body of [
    reason,
    `{"errorMessage":"${'x'.repeat(300_000)}"}`,
    `{"errorMessage":"no","x":${deep(5000)}}`,
  ]) {
    const error = (await failure(clientOn(scripted({ status: 400, body })).cancelTask('71'))) as ApiError;
    assert.is(error.outcome, 'unclear');
    assert.ok(error.message.length < 500);
  }
});

test.run();
