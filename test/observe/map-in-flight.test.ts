import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mapInFlight } from '../../src/observe/map-in-flight.ts';

const it = suite('mapInFlight');
const ITEMS = Array.from({ length: 2000 }, (_, i) => i);

it('answers in the order of the items, and begins a bounded number', async () => {
  let begun = 0;
  let most = 0;
  const answers = await mapInFlight(ITEMS, async (i) => {
    begun += 1;
    most = Math.max(most, begun);
    for (let turn = 0; turn < i % 3; turn += 1) await Promise.resolve();
    begun -= 1;
    return i * 2;
  });
  assert.equal(
    answers,
    ITEMS.map((i) => i * 2),
  );
  assert.ok(most > 1 && most <= 256, `${most} begun at once`);
});

it('begins nothing after a failure', async () => {
  let begun = 0;
  const failing = mapInFlight(ITEMS, async (i) => {
    begun += 1;
    if (i === 3) throw new Error('refused');
  });
  const message = await failing.then(
    () => '',
    (error: Error) => error.message,
  );
  assert.is(message, 'refused');
  assert.ok(begun < ITEMS.length);
});

it.run();
