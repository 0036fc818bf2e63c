import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf, blockOf, parseOccurrence } from '../../src/model/addresses.ts';

const it = suite('model: addresses');

const AT = Date.parse('2026-12-01T03:30:00Z') / 1000;

it('an occurrence is its base at a time, there and back', () => {
  assert.is(addressOf('nightly-restart[fleet:eu]', AT), 'nightly-restart[fleet:eu]@2026-12-01T03:30:00Z');
  for (const base of ['hotfix', 'nightly-restart[fleet:eu]', 'a[label:mail=a@2026-12-01T03:30:00Z]']) {
    assert.equal(parseOccurrence(addressOf(base, AT)), { base, at: AT });
    assert.is(blockOf(addressOf(base, AT)), base.replace(/\[.*/, ''));
    assert.is(parseOccurrence(base), null);
  }
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

it.run();
