import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDuration } from '../../src/desired/duration.ts';
import { parseTime } from '../../src/desired/time.ts';
import '../support/seed.ts';

const durations = suite('desired: durations');

durations('units and their combinations, from long to short', () => {
  const known = {
    '30s': 30,
    '10m': 600,
    '2h': 7200,
    '1d': 86_400,
    '1h30m': 5400,
    '1d1s': 86_401,
    '0s': 0,
    '90m': 5400,
  };
  for (const [text, seconds] of Object.entries(known)) assert.is(parseDuration(text), seconds, text);
});

durations('nothing else', () => {
  for (const text of [
    '',
    '10',
    'm',
    '-1m',
    '1.5h',
    '30m1h',
    '1m1m',
    '1 h',
    '1w',
    '1H',
    ' 1m',
    '1m\n',
    '9'.repeat(99),
  ]) {
    assert.is(parseDuration(text), undefined, JSON.stringify(text));
  }
});

durations.run();

const times = suite('desired: times');

times('RFC 3339 with an offset', () => {
  assert.equal(parseTime('2026-12-01T03:00:00Z'), { seconds: 1796094000 });
  assert.equal(parseTime('2026-12-01t04:00:00+01:00'), { seconds: 1796094000 });
  assert.equal(parseTime('2026-11-30 22:30:00.000-04:30'), { seconds: 1796094000 });
  assert.equal(parseTime('2028-02-29T00:00:00Z'), { seconds: 1835395200 });
  assert.equal(parseTime('2038-01-19T03:14:07Z'), { seconds: 2 ** 31 - 1 });
});

times('what is no time says why', () => {
  const wrong = {
    '2026-12-01T03:00:00': 'is a local time without an offset',
    '2026-12-01T03:00Z': 'has no seconds',
    '2026-12-01T03:00:00+0100': 'is not a time',
    '2027-02-29T00:00:00Z': 'names a day that does not exist',
    '2026-13-01T00:00:00Z': 'names a day that does not exist',
    '2026-12-01T23:59:60Z': 'names a time of day that does not exist',
    '0099-01-01T00:00:00Z': 'lies before 1970-01-01T00:00:01Z',
    '12026-12-01T03:00:00Z': 'is not a time',
  };
  for (const [text, problem] of Object.entries(wrong)) assert.equal(parseTime(text), { problem }, text);
});

times('the same moment as JavaScript reads, for all dates', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.integer({ min: -1439, max: 1439 }),
      (seconds, offset) => {
        const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
        if (local < '1970') return;
        const [h, m] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
          String(n).padStart(2, '0'),
        );
        assert.equal(parseTime(`${local}${offset < 0 ? '-' : '+'}${h}:${m}`), { seconds });
      },
    ),
  );
});

times.run();
