/** What an editor says of a time, by the schema alone, is what the loader says. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTime } from '../../src/desired/time.ts';
import { validateDesiredState } from '../../src/generated/desired-state.js';

const it = suite('desired: times in the schema');

const takes = (executeAt: unknown) =>
  validateDesiredState({
    version: 1,
    batches: { a: { template: 'T', target: { fleet: '1' }, executeAt } },
  });

const DAYS = ['2026-12-01', '2026-02-29', '2028-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-1-1'];
const MORE_DAYS = [
  '1970-01-02',
  '1969-12-31',
  '2000-02-29',
  '2037-12-31',
  '2038-01-17',
  '2038-02-01',
  '2100-01-01',
];
const HOURS = [
  '03:30:00',
  '24:00:00',
  '03:60:00',
  '03:30',
  '03:30:60',
  '03:30:00.0',
  '03:30:00.5',
  '3:30:00',
  '',
];
const OFFSETS = ['Z', 'z', '', '+01:00', '-23:59', '+24:00', '+01:60', '+0100', '+01', ' Z'];

it('every time is taken by both, or by neither', () => {
  let taken = 0;
  for (const day of [...DAYS, ...MORE_DAYS]) {
    for (const separator of ['T', 't', ' ', '']) {
      for (const hour of HOURS) {
        for (const offset of OFFSETS) {
          const text = `${day}${separator}${hour}${offset}`;
          const isTime = 'seconds' in parseTime(text);
          assert.is(takes(text), isTime, text);
          if (isTime) taken++;
        }
      }
    }
  }
  assert.ok(taken > 100, `${taken}`);
});

it('unix seconds within what the API takes', () => {
  assert.equal([0, -1, 1, 2 ** 31 - 1, 2 ** 31, 1.5].map(takes), [false, false, true, true, false, false]);
  assert.equal(['1796094000', 'x', ''].map(takes), [false, false, false]);
});

it.run();
