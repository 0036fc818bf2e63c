import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetformError } from '../../src/model/errors.ts';
import type { State } from '../../src/model/state.ts';
import { addressesIn, checkAddresses, checkNewer, nextAfter, renamesOf } from '../../src/state/by-hand.ts';
import { entry, state } from '../support/builders.ts';

const it = suite('state by hand');

const STATE = state({
  hotfix: entry(['1']),
  'night[fleet:eu]': entry(['2']),
  'night[fleet:us]': entry(['3']),
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as FleetformError).code;
  }
}

it('a word means an address, or all of a block', () => {
  assert.equal(addressesIn(STATE, ['night', 'hotfix', 'night[fleet:eu]']), [
    'hotfix',
    'night[fleet:eu]',
    'night[fleet:us]',
  ]);
  assert.is(
    codeOf(() => addressesIn(STATE, ['hotfx'])),
    'state.unknown-address',
  );
  assert.is(
    codeOf(() => addressesIn(null, ['hotfix'])),
    'state.unknown-address',
  );
});

it('what there is instead is listed in order, each once', () => {
  const entries = Object.fromEntries(['z', 'b', 'a'].map((name) => [name, entry(['1'])]));
  const intents = [{ address: 'b' }, { address: 'c' }] as unknown as State['intents'];
  try {
    addressesIn({ ...STATE, entries, intents }, ['other']);
    assert.unreachable();
  } catch (error) {
    assert.is((error as FleetformError).hint, 'It has: a, b, c, z.');
  }
});

for (const [from, to, expected] of [
  ['hotfix', 'fix', [['hotfix', 'fix']]],
  [
    'night',
    'day',
    [
      ['night[fleet:eu]', 'day[fleet:eu]'],
      ['night[fleet:us]', 'day[fleet:us]'],
    ],
  ],
  ['night[fleet:eu]', 'eu', [['night[fleet:eu]', 'eu']]],
  ['hotfix', 'night[fleet:eu]', 'state.occupied'],
  ['hotfix', 'hotfix', 'state.unmoved'],
  ['night', 'night[fleet:ap]', 'state.unmoved'],
  ['nothing', 'fix', 'state.unknown-address'],
] as const) {
  it(`${from} to ${to}: ${expected}`, () => {
    if (typeof expected === 'string')
      assert.is(
        codeOf(() => renamesOf(STATE, from, to)),
        expected,
      );
    else assert.equal([...renamesOf(STATE, from, to)], expected);
  });
}

it('the occurrences of a schedule go with its address, or one alone', () => {
  const [first, second] = ['@2026-12-01T03:30:00Z', '@2026-12-02T03:30:00Z'];
  const names = [
    `night[fleet:eu]${first}`,
    `night[fleet:eu]${second}`,
    `night[fleet:us]${first}`,
    `day${first}`,
  ];
  const nights = state(Object.fromEntries(names.map((name) => [name, entry(['1'])])));
  const renamed = (from: string, to: string) => [...renamesOf(nights, from, to).values()];
  assert.equal(addressesIn(nights, ['night[fleet:eu]']), names.slice(0, 2));
  assert.equal(renamed('night[fleet:eu]', 'night[fleet:west]'), [
    `night[fleet:west]${first}`,
    `night[fleet:west]${second}`,
  ]);
  assert.equal(renamed('day', 'day[fleet:eu]'), [`day[fleet:eu]${first}`]);
  assert.equal(renamed(`day${first}`, `day${second}`), [`day${second}`]);
  assert.is(
    codeOf(() => renamed('night[fleet:eu]', `day${second}`)),
    'state.unmoved',
  );
});

it('a create in doubt holds its address as well', () => {
  const intent = { address: 'fix' } as (typeof STATE.intents)[number];
  assert.is(
    codeOf(() => renamesOf({ ...STATE, intents: [intent] }, 'hotfix', 'fix')),
    'state.occupied',
  );
});

for (const [address, isFine] of [
  ['hotfix', true],
  ['night[fleet:eu]', true],
  ['night[fleet:eu]@2026-12-01T03:30:00Z', true],
  ['night[fleet:eu]@2026-12-01T04:30:00', false],
  ['night@2026-12-01', false],
  ['$(id)', false],
  ['night[fleet:\u200beu]', false],
  ['night[a]b', false],
  ['', false],
] as const) {
  it(`${JSON.stringify(address)} ${isFine ? 'is' : 'is not'} an address`, () => {
    assert.is(
      codeOf(() => checkAddresses(state({ [address]: entry(['1']) }))),
      isFine ? 'none' : 'state.invalid',
    );
  });
}

it('what is older or unrelated is not pushed, what is as old is', () => {
  const current = { ...STATE, serial: 5 };
  assert.is(
    codeOf(() => checkNewer({ ...STATE, serial: 5 }, current)),
    'none',
  );
  assert.is(
    codeOf(() => checkNewer({ ...STATE, serial: 4 }, current)),
    'state.older',
  );
  assert.is(
    codeOf(() => checkNewer({ ...current, lineage: 'x', serial: 9 }, current)),
    'state.other-lineage',
  );
});

it('the serial grows with every write', () => {
  assert.is(nextAfter({ ...STATE, serial: 5 }, { ...STATE, serial: 2 }).serial, 6);
  assert.is(nextAfter({ ...STATE, serial: 5 }, { ...STATE, serial: 9 }).serial, 10);
  assert.is(nextAfter(null, { ...STATE, serial: 0 }).serial, 1);
});

it.run();
