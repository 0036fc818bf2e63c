import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clockBeside, inZone, type Moment, occurrenceWords } from '../../src/render/occurrence-times.ts';

const test = suite('times of occurrences');
const DAY = 86_400;
const VIEW = { timezone: 'Europe/Amsterdam', now: Date.UTC(2026, 10, 30, 22) / 1000 };

function utc(text: string): number {
  return Date.parse(`${text}:00Z`) / 1000;
}

function every(step: number, count: number, from: string, spread = 0): Moment[] {
  return Array.from({ length: count }, (_, n) => {
    const named = utc(from) + n * step;
    return { named, at: named + (n % 10) * spread };
  });
}

function exactly(...times: readonly string[]): Moment[] {
  return times.map((time) => ({ named: utc(time), at: utc(time) }));
}

const words = (moments: readonly Moment[], timezone = VIEW.timezone) =>
  occurrenceWords(moments, { ...VIEW, timezone });

test('each day at the same time: nights or days, with the years and months that differ', () => {
  assert.is(words(every(DAY, 7, '2026-12-01T03:30')), '7 nights from 1 to 7 Dec, 04:30');
  assert.is(words(every(DAY, 7, '2026-11-28T12:00')), '7 days from 28 Nov to 4 Dec, 13:00');
  assert.is(words(every(DAY, 7, '2026-12-29T12:00')), '7 days from 29 Dec to 4 Jan 2027, 13:00');
});

test("the reader's own clock stands beside another zone's, with its day where that is another", () => {
  const beside = (moments: readonly Moment[], reader: string, timezone = VIEW.timezone) =>
    clockBeside(moments, { ...VIEW, timezone }, reader);
  const nights = every(DAY, 7, '2026-12-01T03:30');
  assert.is(beside(nights, 'UTC'), '03:30');
  assert.is(beside(nights, 'Europe/Berlin'), null);
  assert.is(beside(every(DAY, 7, '2026-12-01T03:30', 60), 'UTC'), '03:30 to 03:36');
  assert.is(beside(every(DAY, 3, '2026-12-01T23:30'), 'UTC'), '23:30 the day before');
  assert.is(beside(every(DAY, 3, '2026-12-01T23:30'), 'Europe/Amsterdam', 'UTC'), '00:30 the day after');
  const overSpring = exactly('2026-03-28T03:30', '2026-03-29T02:30', '2026-03-30T02:30');
  assert.is(beside(overSpring, 'UTC'), 'the first 28 Mar 03:30');
});

test('few are listed, several targets are one occurrence', () => {
  const nights = every(DAY, 3, '2026-12-01T03:30');
  assert.is(words([...nights, ...nights]), '1, 2 and 3 Dec, 04:30');
  assert.is(words(nights.slice(0, 1)), '1 Dec, 04:30');
  assert.is(words(exactly('2026-12-01T03:30', '2026-12-02T19:00')), '1 Dec 04:30 and 2 Dec 20:00');
  assert.is(words([]), '');
});

test('what has no rule is listed and counted', () => {
  const odd = [1, 3, 7, 8, 14].map((day) => `2026-12-${String(day).padStart(2, '0')}T03:30`);
  assert.is(words(exactly(...odd)), '5 runs on 1, 3 and 7 Dec, and 2 more until 14 Dec, 04:30');
  const times = exactly(
    '2026-12-01T03:00',
    '2026-12-01T19:00',
    '2026-12-02T03:00',
    '2026-12-02T19:00',
    '2026-12-03T03:00',
  );
  assert.is(words(times), '5 runs: 1 Dec 04:00, 1 Dec 20:00, 2 Dec 04:00, and 2 more until 3 Dec 04:00');
  const gap = every(DAY, 8, '2026-12-01T03:30').filter((_, n) => n !== 4);
  assert.is(words(gap), '7 runs on 1, 2 and 3 Dec, and 4 more until 8 Dec, 04:30');
});

test('even distances are said where they are certain', () => {
  assert.is(
    words(every(900, 96, '2026-12-01T23:00')),
    '96 runs, every 15 min from 2 Dec 00:00 to 2 Dec 23:45',
  );
  assert.is(words(every(7 * DAY, 4, '2026-12-01T03:30')), '4 runs, every 7 days from 1 to 22 Dec, 04:30');
  const broken = every(900, 96, '2026-12-01T23:00').filter((_, n) => n !== 50);
  assert.not.match(words(broken), /every/);
  assert.match(
    words(every(900, 20, '2026-12-01T23:00', 30)),
    'every 15 min, each up to 4 min 30 s later, from',
  );
});

test('a change of clock is seen: the clock of the zone, never a wrong 04:30', () => {
  // Always 03:30 UTC: an hour later on the clock from 28 March on.
  assert.match(
    words(every(DAY, 4, '2027-03-26T03:30')),
    '4 runs, every 24 h from 26 Mar 2027 04:30 to 29 Mar 2027 05:30',
  );
  // 04:30 on the clock each day is 24 h apart but for one.
  const clock = exactly('2027-03-26T03:30', '2027-03-27T03:30', '2027-03-28T02:30', '2027-03-29T02:30');
  assert.is(words(clock), '4 nights from 26 to 29 Mar 2027, 04:30');
  // 02:30 does not exist on the 28th.
  const gap = exactly(
    '2027-03-26T01:30',
    '2027-03-27T01:30',
    '2027-03-28T01:00',
    '2027-03-29T00:30',
    '2027-03-30T00:30',
  );
  assert.is(words(gap), '5 nights from 26 to 30 Mar 2027, 02:30, but 03:00 on 28 Mar 2027');
});

test('a spread is a range, also over midnight; one that meets a change of clock is none', () => {
  assert.is(words(every(DAY, 10, '2026-12-01T03:30', 60)), '10 nights from 1 to 10 Dec, 04:30 to 04:39');
  assert.is(words(every(DAY, 10, '2026-12-01T22:55', 60)), '10 days from 1 to 10 Dec, 23:55 to 00:04');
  const named = ['2027-03-26T00:50', '2027-03-27T00:50', '2027-03-28T00:50', '2027-03-28T23:50'].map(utc);
  const late = named.map((time) => ({ named: time, at: time + 1200 }));
  assert.is(words(late), '4 nights from 26 to 29 Mar 2027, 02:10, but 03:10 on 28 Mar 2027');
});

test('the zone is that of the schedule; one that does not exist is UTC and says so', () => {
  const nights = every(DAY, 7, '2026-12-01T03:30');
  assert.is(inZone(words(nights), 'Europe/Amsterdam'), '7 nights from 1 to 7 Dec, 04:30 Europe/Amsterdam');
  assert.is(inZone(words(nights, 'No/Where'), 'No/Where'), '7 nights from 1 to 7 Dec, 03:30 UTC');
  assert.is(inZone('02:30, but 03:00 on 28 Mar', 'UTC'), '02:30, but 03:00 on 28 Mar, times in UTC');
});

test('times that are no times of a calendar do no harm', () => {
  for (const at of [Number.NaN, 1e300, -1e300]) {
    assert.type(
      words([
        { named: at, at },
        { named: 0, at },
      ]),
      'string',
    );
  }
});

test.run();
