/** What an editor says of a time, by the schema alone, is what the loader says. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Problems } from '../../src/desired/problems.ts';
import { SourceFile, stringNode } from '../../src/desired/source.ts';
import { parseTime } from '../../src/desired/time.ts';
import { TimeValues } from '../../src/desired/time-values.ts';
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

it('a day or a time may be excepted, as both say', () => {
  const except = (item: unknown) =>
    validateDesiredState({
      version: 1,
      batches: {
        a: {
          template: 'T',
          target: { fleet: '1' },
          schedule: { cron: '@daily', timezone: 'UTC', horizon: '1d', except: [item] },
        },
      },
    });
  const file = new SourceFile('/f.yaml', 'f.yaml', '');
  for (const day of [...DAYS, ...MORE_DAYS, '1970-01-01', '2038-01-20', '2038-01-21']) {
    for (const text of [day, `${day}T03:30:00Z`, `${day}T03:30:00`, `${day} `]) {
      const values = new TimeValues(file, new Problems([file]));
      const read = values.dayOrTime(stringNode(text, 0, 0), []);
      // A time of the last day may be too late: an editor knows its day.
      if (!text.startsWith('2038-01-2') || text === day) assert.is(except(text), read !== undefined, text);
    }
  }
});

it('unix seconds within what the API takes', () => {
  assert.equal([0, -1, 1, 2 ** 31 - 1, 2 ** 31, 1.5].map(takes), [false, false, true, true, false, false]);
  assert.equal(['1796094000', 'x', ''].map(takes), [false, false, false]);
});

it.run();
