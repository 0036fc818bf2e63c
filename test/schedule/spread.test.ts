import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spreadOffsets } from '../../src/schedule/spread.ts';

const it = suite('schedule: spread');

const TARGETS = [...Array(200).keys()].map((number) => JSON.stringify({ fleets: [`${number + 1}`] }));

it('whole seconds within the spread', () => {
  for (const spread of [1, 2, 40, 41, 600, 86_400]) {
    for (const offset of spreadOffsets(TARGETS, spread)) {
      assert.ok(Number.isInteger(offset) && offset >= 0 && offset < spread);
    }
  }
  assert.equal(spreadOffsets(['a', 'b'], 0), [0, 0]);
});

it('never another for the same target: these have to stay as they are', () => {
  assert.equal(spreadOffsets(TARGETS.slice(0, 3), 600), [311, 424, 329]);
});

it('what else is in the list, and where, has no say: not even where two share a second', () => {
  const together = spreadOffsets(TARGETS, 60);
  assert.ok(new Set(together).size < TARGETS.length, 'some do share one');
  assert.equal(spreadOffsets(TARGETS.toReversed(), 60).toReversed(), together);
  assert.equal(
    TARGETS.flatMap((target) => spreadOffsets([target], 60)),
    together,
  );
});

it('they are spread over all of it, and a longer spread keeps their order', () => {
  const shares = spreadOffsets(TARGETS, 600);
  for (const quarter of [0, 1, 2, 3]) {
    const there = shares.filter((share) => Math.floor(share / 150) === quarter);
    assert.ok(there.length >= 30, `${there.length} in quarter ${quarter}`);
  }
  const order = (spread: number) => {
    const offsets = spreadOffsets(TARGETS, spread);
    return [...TARGETS.keys()].sort((a, b) => offsets[a]! - offsets[b]!);
  };
  assert.equal(order(10_000_000), order(20_000_000));
});

it.run();
