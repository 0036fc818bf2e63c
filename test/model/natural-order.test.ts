import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareNaturally } from '../../src/model/natural-order.ts';
import '../support/seed.ts';

const it = suite('natural order');

it('numbers count', () => {
  const names = ['eu-10', 'eu-2', 'eu', 'us-1', 'eu-02', 'eu-2a', '6268349608002583795', '99'];
  assert.equal(names.sort(compareNaturally), [
    '99',
    '6268349608002583795',
    'eu',
    'eu-02',
    'eu-2',
    'eu-2a',
    'eu-10',
    'us-1',
  ]);
});

it('it is an order: the same whatever it begins with, and equal is only the same', () => {
  const name = fc.stringMatching(/^[a-c0-2-]{0,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 12 }), fc.nat(), (names, turn) => {
      const at = names.length === 0 ? 0 : turn % names.length;
      const turned = [...names.slice(at), ...names.slice(0, at)];
      assert.equal(turned.sort(compareNaturally), [...names].sort(compareNaturally));
      for (const one of names)
        for (const other of names) assert.is(compareNaturally(one, other) === 0, one === other);
    }),
  );
});

it.run();
