import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { partitionPoint } from '../../src/model/partition-point.ts';

const it = suite('partition point');

it('is what a search from the left finds, in lists of every length and with equal items', () => {
  for (let length = 0; length <= 9; length += 1) {
    const items = Array.from({ length }, (_, index) => index - (index % 3 === 1 ? 1 : 0));
    for (let limit = -1.5; limit <= length + 1; limit += 0.5) {
      for (const isBefore of [(item: number) => item < limit, (item: number) => item <= limit]) {
        const first = items.findIndex((item) => !isBefore(item));
        assert.is(partitionPoint(items, isBefore), first === -1 ? length : first);
      }
    }
  }
});

it('asks about few of many', () => {
  const items = Array.from({ length: 100_000 }, (_, index) => index);
  let asked = 0;
  const found = partitionPoint(items, (item) => {
    asked += 1;
    return item < 77_777;
  });
  assert.is(found, 77_777);
  assert.ok(asked <= 17, `${asked}`);
});

it.run();
