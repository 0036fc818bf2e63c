import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shareOf, spreadOffsets } from '../../src/schedule/spread.ts';

const it = suite('schedule: spread');

const FLEETS = [...Array(40).keys()].map((number) => `fleet:f${number}`);

it('whole seconds within the spread, all different while there are enough', () => {
  for (const spread of [1, 2, 40, 41, 600, 86_400]) {
    const offsets = spreadOffsets('nightly', FLEETS, spread);
    for (const offset of offsets) assert.ok(Number.isInteger(offset) && offset >= 0 && offset < spread);
    assert.is(new Set(offsets).size, Math.min(FLEETS.length, spread));
  }
  assert.equal(spreadOffsets('nightly', ['a', 'b'], 0), [0, 0]);
});

it('never another for the same names: these have to stay as they are', () => {
  assert.equal(spreadOffsets('nightly-restart', ['fleet:eu', 'fleet:us', 'fleet:ap'], 600), [31, 377, 174]);
});

it('a target that is added, removed or moved in the list leaves the others where they are', () => {
  const before = spreadOffsets('nightly', FLEETS, 3600);
  assert.equal(spreadOffsets('nightly', [...FLEETS, 'fleet:new'], 3600).slice(0, -1), before);
  const alone = FLEETS.filter(
    (target) => before[FLEETS.indexOf(target)] === shareOf('nightly', target, 3600),
  );
  assert.ok(alone.length > 35);
  assert.equal(
    spreadOffsets('nightly', alone.toReversed(), 3600).toReversed(),
    alone.map((target) => shareOf('nightly', target, 3600)),
  );
});

it('blocks differ, targets are spread over all of it, and a longer spread keeps their order', () => {
  assert.not.equal(spreadOffsets('one', FLEETS, 3600), spreadOffsets('two', FLEETS, 3600));
  const shares = FLEETS.map((target) => shareOf('nightly', target, 600));
  for (const quarter of [0, 1, 2, 3]) {
    assert.ok(
      shares.filter((share) => Math.floor(share / 150) === quarter).length >= 4,
      `quarter ${quarter}`,
    );
  }
  const order = (spread: number) =>
    [...FLEETS].sort((a, b) => shareOf('nightly', a, spread) - shareOf('nightly', b, spread));
  assert.equal(order(1_000_000), order(2_000_000));
});

it.run();
