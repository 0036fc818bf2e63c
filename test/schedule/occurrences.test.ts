/** Bounds, exceptions and limits of a schedule, where no clock changes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetformError } from '../../src/model/errors.ts';
import { countBetween, isNamed, occurrencesBetween } from '../../src/schedule/occurrences.ts';
import { at, every, runs } from './times.ts';

const it = suite('schedule: occurrences');

const noon = every('0 12 * * *', 'UTC');

it('a window holds its start and not its end', () => {
  assert.is(runs(noon, '2026-12-01T12:00Z', '2026-12-03T12:00Z'), '12-01T12:00 12-02T12:00');
  assert.is(runs(noon, '2026-12-01T12:00:01Z', '2026-12-02T12:00:01Z'), '12-02T12:00');
  assert.is(runs(noon, '2026-12-03', '2026-12-01'), '');
  assert.is(runs(noon, '2026-12-01T12:00Z', '2026-12-01T12:00Z'), '');
});

it('so do from and until', () => {
  const some = { ...noon, from: at('2026-12-02T12:00Z'), until: at('2026-12-04T12:00Z') };
  assert.is(runs(some, '2026-12-01', '2026-12-10'), '12-02T12:00 12-03T12:00');
  assert.ok(isNamed(some, at('2026-12-02T12:00Z')));
  assert.not.ok(isNamed(some, at('2026-12-01T12:00Z')));
  assert.not.ok(isNamed(some, at('2026-12-04T12:00Z')));
  assert.is(countBetween(some, at('2026-01-01'), at('2027-01-01')), 2);
});

it('excepted are days of the zone, and moments', () => {
  const tokyo = every('0 6,18 * * *', 'Asia/Tokyo', {
    except: ['2026-12-02', at('2026-12-03T09:00Z'), at('2026-12-03T10:00Z')],
  });
  assert.is(runs(tokyo, '2026-12-01', '2026-12-04'), '12-01T09:00 12-02T21:00 12-03T21:00');
  assert.is(countBetween(tokyo, at('2026-12-01'), at('2026-12-04')), 3);
  assert.not.ok(isNamed(tokyo, at('2026-12-01T21:00Z')), 'it is 2 December in Tokyo');
  assert.not.ok(isNamed(tokyo, at('2026-12-03T09:00Z')));
});

it('more than the limit is an error that says how many, without making them', () => {
  const minutes = every('* * * * *', 'Europe/Amsterdam');
  const [from, to] = [at('2026-01-01'), at('2036-01-01')];
  try {
    occurrencesBetween(minutes, from, to);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FleetformError);
    assert.is((error as FleetformError).code, 'schedule.too_many');
    assert.match((error as FleetformError).message, 'has 5258880 occurrences from 2026-01-01T00:00:00Z');
    assert.match((error as FleetformError).message, '; 5000 are allowed.');
  }
  assert.is(occurrencesBetween(noon, from, from + 10 * 86_400, 10).length, 10);
  assert.throws(() => occurrencesBetween(noon, from, from + 11 * 86_400, 10), /has 11 occurrences/);
});

it('days of month and of week: either is enough; the last and the nth', () => {
  const december = (cron: string) => runs(every(cron, 'UTC'), '2026-12-01', '2027-01-01');
  assert.is(december('0 4 13 * FRI'), '12-04T04:00 12-11T04:00 12-13T04:00 12-18T04:00 12-25T04:00');
  assert.is(december('0 4 L * *'), '12-31T04:00');
  assert.is(december('0 4 * * FRI#2'), '12-11T04:00');
  assert.is(december('0 4 * * friL'), '12-25T04:00');
  assert.is(december('0 4 * * SUN#1,6#5'), '12-06T04:00');
  assert.is(december('0 4 1-10/3 DEC *'), '12-01T04:00 12-04T04:00 12-07T04:00 12-10T04:00');
  assert.is(december('0 4 * * SAT-SUN'), december('0 4 * * 0,6'));
  assert.is(december('0 4 * * 5-7'), december('0 4 * * FRI,SAT,SUN'));
  assert.is(december('@weekly'), '12-06T00:00 12-13T00:00 12-20T00:00 12-27T00:00');
  assert.is(runs(every('0 0 29 2 *', 'UTC'), '2026-01-01', '2033-01-01'), '02-29T00:00 02-29T00:00');
});

it('5,000 in little time', () => {
  const began = performance.now();
  const count = occurrencesBetween(
    every('*/15 * * * *', 'Europe/Amsterdam'),
    at('2026-01-01'),
    at('2026-02-20'),
  ).length;
  console.log(`${count} occurrences in ${(performance.now() - began).toFixed(1)} ms`);
  assert.is(count, 4800);
});

it.run();
