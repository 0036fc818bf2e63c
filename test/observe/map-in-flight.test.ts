import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mapInFlight } from '../../src/observe/map-in-flight.ts';

const it = suite('mapInFlight');
const ITEMS = Array.from({ length: 2000 }, (_, i) => i);

it('answers in the order of the items, and begins as many as the client needs, at least 64', async () => {
  for (const [parallelism, width] of [
    [1, 64],
    [10, 64],
    [50, 100],
    [300, 600],
  ] as const) {
    let begun = 0;
    let most = 0;
    const answers = await mapInFlight({ parallelism }, ITEMS, async (i) => {
      begun += 1;
      most = Math.max(most, begun);
      for (let turn = 0; turn <= i % 3; turn += 1) await Promise.resolve();
      begun -= 1;
      return i * 2;
    });
    assert.equal(
      answers,
      ITEMS.map((i) => i * 2),
    );
    assert.is(most, width);
  }
});

it('begins nothing after a failure, also when what was begun before is answered', async () => {
  let begun = 0;
  const answered: (() => void)[] = [];
  const failing = mapInFlight({ parallelism: 10 }, ITEMS, async (i) => {
    begun += 1;
    if (i === 3) throw new Error('refused');
    await new Promise<void>((resolve) => answered.push(resolve));
  });
  const message = await failing.then(
    () => '',
    (error: Error) => error.message,
  );
  assert.is(message, 'refused');
  assert.is(begun, 64);
  for (const answer of answered) answer();
  await new Promise(setImmediate);
  assert.is(begun, 64);
});

it.run();
