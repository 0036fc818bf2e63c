/** Both changes of a year in each kind of zone. The moments come from the zones' rules, not from the code. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { daylightNotes } from '../../src/schedule/daylight.ts';
import { isNamed } from '../../src/schedule/occurrences.ts';
import { at, every, runs } from './times.ts';

const it = suite('schedule: changes of clock');

/** In that zone and time, each expression runs at these moments (UTC, without the year). */
function expectRuns(
  timezone: string,
  from: string,
  to: string,
  cases: Readonly<Record<string, string>>,
): void {
  for (const [cron, wanted] of Object.entries(cases)) {
    assert.is(runs(every(cron, timezone), from, to), wanted, `${cron} in ${timezone}`);
  }
}

it('a time that does not exist runs at the first moment after the gap, and that moment runs once', () => {
  // At 01:00Z, 02:00+01:00 becomes 03:00+02:00.
  expectRuns('Europe/Amsterdam', '2026-03-28T23:00Z', '2026-03-29T03:00Z', {
    '59 1 * * *': '03-29T00:59',
    '0 2 * * *': '03-29T01:00',
    '30 2 * * *': '03-29T01:00',
    '0 3 * * *': '03-29T01:00',
    '30 2,3 * * *': '03-29T01:00 03-29T01:30',
    '*/30 2 * * *': '03-29T01:00',
    '0 1-4 * * *': '03-29T00:00 03-29T01:00 03-29T02:00',
    '30 2 29 3 *': '03-29T01:00',
    '30 2 28 3 *': '',
  });
  // At 07:00Z, 02:00-05:00 becomes 03:00-04:00.
  expectRuns('America/New_York', '2026-03-08T05:00Z', '2026-03-08T09:00Z', {
    '30 2 * * *': '03-08T07:00',
    '30 1,2 * * SUN': '03-08T06:30 03-08T07:00',
  });
});

it('a time that exists twice runs the first time', () => {
  // At 01:00Z, 03:00+02:00 becomes 02:00+01:00.
  expectRuns('Europe/Amsterdam', '2026-10-24T23:00Z', '2026-10-25T03:00Z', {
    '59 1 * * *': '10-24T23:59',
    '0 2 * * *': '10-25T00:00',
    '30 2 * * *': '10-25T00:30',
    '0 3 * * *': '10-25T02:00',
    '*/30 2 * * *': '10-25T00:00 10-25T00:30',
    '0,30 2,3 * * *': '10-25T00:00 10-25T00:30 10-25T02:00 10-25T02:30',
  });
  // At 06:00Z, 02:00-04:00 becomes 01:00-05:00.
  expectRuns('America/New_York', '2026-11-01T04:00Z', '2026-11-01T08:00Z', {
    '30 1 * * *': '11-01T05:30',
    '0 2 * * *': '11-01T07:00',
  });
});

it('what names all hours goes on in real time', () => {
  expectRuns('Europe/Amsterdam', '2026-03-28T23:30Z', '2026-03-29T02:30Z', {
    '0 * * * *': '03-29T00:00 03-29T01:00 03-29T02:00',
    '30 * * * *': '03-28T23:30 03-29T00:30 03-29T01:30',
    '0 0-23 * * *': '03-29T00:00 03-29T01:00 03-29T02:00',
    '0 */1 * * *': '03-29T00:00 03-29T01:00 03-29T02:00',
  });
  expectRuns('Europe/Amsterdam', '2026-10-24T23:30Z', '2026-10-25T02:30Z', {
    '0 * * * *': '10-25T00:00 10-25T01:00 10-25T02:00',
    '30 * * * *': '10-24T23:30 10-25T00:30 10-25T01:30',
  });
  for (const [from, to] of [
    ['2026-03-28', '2026-03-30'],
    ['2026-10-24', '2026-10-26'],
  ] as const) {
    const quarters = runs(every('*/15 * * * *', 'Europe/Amsterdam'), from, to).split(' ');
    assert.is(quarters.length, 192, 'one each quarter of an hour that has passed');
  }
});

it('all hours but one are times of day', () => {
  expectRuns('Europe/Amsterdam', '2026-10-24T23:30Z', '2026-10-25T03:00Z', {
    '0 0-22 * * *': '10-25T00:00 10-25T02:00',
    '0 */2 * * *': '10-25T00:00',
  });
});

it('half an hour, in both directions', () => {
  // On 4 April at 15:00Z, 02:00+11:00 becomes 01:30+10:30.
  expectRuns('Australia/Lord_Howe', '2026-04-04T14:00Z', '2026-04-04T17:00Z', {
    '15 1 * * *': '04-04T14:15',
    '45 1 * * *': '04-04T14:45',
    '0 2 * * *': '04-04T15:30',
    '*/15 * * * *':
      '04-04T14:00 04-04T14:15 04-04T14:30 04-04T14:45 04-04T15:00 04-04T15:15 ' +
      '04-04T15:30 04-04T15:45 04-04T16:00 04-04T16:15 04-04T16:30 04-04T16:45',
  });
  // On 3 October at 15:30Z, 02:00+10:30 becomes 02:30+11:00.
  expectRuns('Australia/Lord_Howe', '2026-10-03T15:00Z', '2026-10-03T17:00Z', {
    '45 1 * * *': '10-03T15:15',
    '15 2 * * *': '10-03T15:30',
    '30 2 * * *': '10-03T15:30',
    '15,45 2 * * *': '10-03T15:30 10-03T15:45',
    '15 * * * *': '10-03T16:15',
  });
});

it('a zone that changes around Ramadan', () => {
  // On 15 February at 02:00Z, 03:00+01:00 becomes 02:00+00:00; on 22 March at 02:00Z, 02:00+00:00 becomes 03:00+01:00.
  expectRuns('Africa/Casablanca', '2026-02-14', '2026-02-17', {
    '30 2 * * *': '02-14T01:30 02-15T01:30 02-16T02:30',
  });
  expectRuns('Africa/Casablanca', '2026-03-21', '2026-03-24', {
    '30 2 * * *': '03-21T02:30 03-22T02:00 03-23T01:30',
  });
});

it('zones without changes, and one that has given them up', () => {
  expectRuns('Asia/Kolkata', '2026-03-28', '2026-03-30', { '30 2 * * *': '03-28T21:00 03-29T21:00' });
  expectRuns('UTC', '2026-03-28', '2026-03-30', { '30 2 * * *': '03-28T02:30 03-29T02:30' });
  // The last gap: on 4 November 2018 at 03:00Z, 00:00-03:00 became 01:00-02:00.
  expectRuns('America/Sao_Paulo', '2018-11-03', '2018-11-06', {
    '0 0 * * *': '11-03T03:00 11-04T03:00 11-05T02:00',
  });
  // The last overlap: on 17 February 2019 at 02:00Z, 00:00-02:00 became 23:00-03:00.
  expectRuns('America/Sao_Paulo', '2019-02-16', '2019-02-19', {
    '30 23 * * *': '02-16T01:30 02-17T01:30 02-18T02:30',
  });
  expectRuns('America/Sao_Paulo', '2026-11-01', '2026-11-03', { '0 0 * * *': '11-01T03:00 11-02T03:00' });
});

it('a day that was skipped, and a gap that ends on the next day', () => {
  // On 30 December 2011 at 10:00Z, 00:00-10:00 of the 30th became 00:00+14:00 of the 31st.
  expectRuns('Pacific/Apia', '2011-12-29', '2012-01-01', {
    '30 4 * * *': '12-29T14:30 12-30T10:00 12-30T14:30 12-31T14:30',
    '0 0 * * *': '12-29T10:00 12-30T10:00 12-31T10:00',
    '30 4 30 * *': '12-30T10:00',
    '0 * * * *': [...Array(72).keys()]
      .map((hour) => `12-${29 + Math.floor(hour / 24)}T${`${hour % 24}`.padStart(2, '0')}:00`)
      .join(' '),
  });
  // On 29 March 2026 at 01:00Z, 23:00-02:00 of the 28th becomes 00:00-01:00 of the 29th.
  expectRuns('America/Nuuk', '2026-03-28', '2026-03-31', {
    '30 23 * * *': '03-28T01:30 03-29T01:00 03-30T00:30',
    '0 0 * * *': '03-28T02:00 03-29T01:00 03-30T01:00',
    '30 23 * * SAT': '03-29T01:00',
  });
});

it('an excepted day takes what is named on it and what would run on it', () => {
  const night = (except: string) => every('30 23 * * *', 'America/Nuuk', { except: [except] });
  assert.is(runs(night('2026-03-28'), '2026-03-28', '2026-03-31'), '03-28T01:30 03-30T00:30');
  assert.is(runs(night('2026-03-29'), '2026-03-28', '2026-03-30'), '03-28T01:30');
  // What is named for itself stays, where what was moved to it is gone.
  const both = every('30,0 0,23 * * *', 'America/Nuuk', { except: ['2026-03-28'] });
  assert.is(runs(both, '2026-03-29T00:00Z', '2026-03-29T02:00Z'), '03-29T01:00 03-29T01:30');
});

it('is named: the moved and the first, not the second nor what would be without the change', () => {
  const night = every('30 2 * * *', 'Europe/Amsterdam');
  const named = (text: string) => isNamed(night, at(text));
  assert.ok(named('2026-03-29T01:00Z'));
  assert.not.ok(named('2026-03-29T01:30Z'));
  assert.not.ok(named('2026-03-29T00:30Z'));
  assert.ok(named('2026-10-25T00:30Z'));
  assert.not.ok(named('2026-10-25T01:30Z'));
  assert.ok(named('2037-07-01T00:30Z'));
  assert.ok(named('1999-07-01T00:30Z'));
  assert.ok(isNamed(every('30 * * * *', 'Europe/Amsterdam'), at('2026-10-25T01:30Z')));
});

it('notes tell both changes of a year, and nothing of what goes on in real time', () => {
  const year = (cron: string, more = {}) =>
    daylightNotes(every(cron, 'Europe/Amsterdam', more), at('2026-01-01'), at('2027-01-01'));
  assert.equal(year('30 2 * * *'), [
    { kind: 'moved', at: at('2026-03-29T01:00Z'), named: ['2026-03-29T02:30'] },
    {
      kind: 'single',
      at: at('2026-10-25T00:30Z'),
      named: '2026-10-25T02:30',
      repeat: at('2026-10-25T01:30Z'),
    },
  ]);
  const [moved, ...single] = year('*/30 2,3 * * *');
  assert.equal(moved, {
    ...{ kind: 'moved', at: at('2026-03-29T01:00Z') },
    named: ['2026-03-29T02:00', '2026-03-29T02:30'],
  });
  assert.is(single.length, 2);
  for (const cron of ['*/15 * * * *', '30 4 * * *', '30 2 * * MON']) assert.equal(year(cron), [], cron);
  assert.equal(year('30 2 * * *', { except: ['2026-03-29', at('2026-10-25T00:30Z')] }), []);
  assert.equal(year('30 2 * * *', { from: at('2026-11-01') }), []);
  assert.equal(year('30 2 * * *', { until: at('2026-03-29T01:00Z') }), []);
});

it('a note is about an occurrence of the window, wherever the change itself is', () => {
  const night = every('30 2 * * *', 'Europe/Amsterdam');
  const notes = (from: string, to: string) => daylightNotes(night, at(from), at(to)).map((note) => note.kind);
  assert.equal(notes('2026-10-25T00:30Z', '2026-10-25T00:31Z'), ['single']);
  assert.equal(notes('2026-10-25T00:31Z', '2026-10-26'), []);
  assert.equal(notes('2026-03-29T01:00Z', '2026-03-29T01:01Z'), ['moved']);
  assert.equal(notes('2026-03-29T01:01Z', '2026-03-30'), []);
});

it.run();
