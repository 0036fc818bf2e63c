import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addressOf,
  baseOf,
  blockOf,
  covers,
  isAddress,
  movedAddress,
  nameForAll,
  parseOccurrence,
  wordsFor,
} from '../../src/model/addresses.ts';

const it = suite('model: addresses');

const AT = Date.parse('2026-12-01T03:30:00Z') / 1000;

it('an occurrence is its base at a time, there and back', () => {
  assert.is(addressOf('nightly-restart[fleet:eu]', AT), 'nightly-restart[fleet:eu]@2026-12-01T03:30:00Z');
  for (const base of ['hotfix', 'nightly-restart[fleet:eu]', 'a[label:mail=a@2026-12-01T03:30:00Z]']) {
    assert.equal(parseOccurrence(addressOf(base, AT)), { base, at: AT });
    assert.is(baseOf(addressOf(base, AT)), base);
    assert.is(baseOf(base), base);
    assert.is(blockOf(addressOf(base, AT)), base.replace(/\[.*/, ''));
    assert.is(parseOccurrence(base), null);
  }
});

it('one name for several addresses is as exact as it can be', () => {
  const [one, two] = [addressOf('a[fleet:eu]', AT), addressOf('a[fleet:eu]', AT + 60)];
  assert.is(nameForAll([one, one]), one);
  assert.is(nameForAll([one, two]), 'a[fleet:eu]');
  assert.is(nameForAll([one, addressOf('a[fleet:us]', AT)]), 'a');
  assert.is(nameForAll(['a']), 'a');
});

it('only as it is written', () => {
  for (const text of [
    ...[
      '',
      'a@',
      '@2026-12-01T03:30:00Z',
      'a@2026-12-01',
      'a@2026-12-01T03:30Z',
      'a@2026-12-01T03:30:00.000Z',
    ],
    ...[
      'a@2026-12-01T04:30:00+01:00',
      'a@2026-02-30T03:30:00Z',
      'a@2026-12-01T24:00:00Z',
      'a@2026-12-01t03:30:00z',
    ],
    ...['a b@2026-12-01T03:30:00Z', 'a[x@2026-12-01T03:30:00Z', 'a[x]b@2026-12-01T03:30:00Z'],
    ...[
      'a@2026-12-01T03:30:00Z@2026-12-01T03:30:00Z',
      'a@2026-12-01T03:30:00Z\n',
      'a[]@2026-12-01T03:30:00Z',
    ],
  ]) {
    assert.is(parseOccurrence(text), null, text);
  }
});

const FIRST = '@2026-12-01T03:30:00Z';
const EU = 'nightly[fleet:eu]';

it('a schedule and its block stand for its occurrences, and an occurrence for itself', () => {
  for (const written of [`${EU}${FIRST}`, EU, 'nightly'])
    assert.ok(covers(written, `${EU}${FIRST}`), written);
  assert.ok(covers('nightly', `nightly${FIRST}`));
  for (const written of [
    'nightly[fleet:us]',
    'night',
    `nightly${FIRST}`,
    `${EU}@2026-12-02T03:30:00Z`,
    `${EU}@`,
  ])
    assert.not(covers(written, `${EU}${FIRST}`), written);
  assert.not(covers('nightly[fleet:a', `nightly[fleet:a@b]${FIRST}`));
  assert.equal([...wordsFor([`${EU}${FIRST}`, 'hotfix'])].sort(), ['hotfix', 'nightly', EU, `${EU}${FIRST}`]);
});

for (const [from, to, address, expected] of [
  ['nightly', 'restart', `${EU}${FIRST}`, `restart[fleet:eu]${FIRST}`],
  ['nightly', 'restart', `nightly${FIRST}`, `restart${FIRST}`],
  ['nightly', EU, `nightly${FIRST}`, `${EU}${FIRST}`],
  ['nightly', EU, `nightly[fleet:us]${FIRST}`, null],
  [EU, 'nightly', `${EU}${FIRST}`, `nightly${FIRST}`],
  [EU, 'nightly[fleet:west]', `${EU}${FIRST}`, `nightly[fleet:west]${FIRST}`],
  [EU, 'nightly[fleet:west]', `nightly[fleet:eu2]${FIRST}`, null],
  [`${EU}${FIRST}`, `nightly${FIRST}`, `${EU}${FIRST}`, `nightly${FIRST}`],
  [`${EU}${FIRST}`, `nightly${FIRST}`, EU, null],
  [EU, `nightly${FIRST}`, `${EU}${FIRST}`, null],
] as const) {
  it(`from ${from} to ${to}: ${address} becomes ${expected}`, () =>
    assert.is(movedAddress({ from, to }, address), expected));
}

it('an occurrence has an address', () => {
  for (const address of ['nightly', EU, `nightly${FIRST}`, `${EU}${FIRST}`])
    assert.ok(isAddress(address), address);
  for (const text of ['nightly@', 'nightly@2026-12-01', `${EU}${FIRST}${FIRST}`, `a b${FIRST}`])
    assert.not(isAddress(text), text);
});

it.run();
