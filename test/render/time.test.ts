import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDuration, formatTime, relativeTime } from '../../src/render/time.ts';

const test = suite('render time');
const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) / 1000;
const AMSTERDAM = 'Europe/Amsterdam';

test('local time with its zone, and UTC', () => {
  assert.is(formatTime(utc(2026, 11, 1, 3), AMSTERDAM), '2026-12-01 04:00 CET (03:00 UTC)');
  assert.is(formatTime(utc(2026, 6, 1, 3), AMSTERDAM), '2026-07-01 05:00 CEST (03:00 UTC)');
});

test("UTC's date is spelled where the day differs", () => {
  assert.is(formatTime(utc(2026, 10, 30, 23, 30), AMSTERDAM), '2026-12-01 00:30 CET (2026-11-30 23:30 UTC)');
  assert.is(
    formatTime(utc(2026, 11, 1, 3), 'America/New_York'),
    '2026-11-30 22:00 EST (2026-12-01 03:00 UTC)',
  );
});

test('the spring gap: a second apart, an hour apart on the clock', () => {
  const gap = utc(2027, 2, 28, 1);
  assert.is(formatTime(gap - 1, AMSTERDAM), '2027-03-28 01:59:59 CET (00:59:59 UTC)');
  assert.is(formatTime(gap, AMSTERDAM), '2027-03-28 03:00 CEST (01:00 UTC)');
});

test('the autumn overlap: the same clock twice, told apart by zone and UTC', () => {
  const first = utc(2026, 9, 25, 0, 30);
  assert.is(formatTime(first, AMSTERDAM), '2026-10-25 02:30 CEST (00:30 UTC)');
  assert.is(formatTime(first + 3600, AMSTERDAM), '2026-10-25 02:30 CET (01:30 UTC)');
});

test('zones without a short name show their offset', () => {
  assert.is(formatTime(utc(2026, 11, 1, 3), 'Asia/Tokyo'), '2026-12-01 12:00 UTC+9 (03:00 UTC)');
  assert.is(formatTime(utc(2026, 11, 1, 3), 'Asia/Kathmandu'), '2026-12-01 08:45 UTC+5:45 (03:00 UTC)');
});

test('UTC, and a zone that does not exist, are said once', () => {
  assert.is(formatTime(utc(2026, 11, 1), 'UTC'), '2026-12-01 00:00 UTC');
  assert.is(formatTime(utc(2026, 11, 1), 'Mars/Olympus'), '2026-12-01 00:00 UTC');
});

test('times that no calendar holds stay numbers', () => {
  for (const odd of [9e15, -9e15, Number.NaN]) {
    assert.is(formatTime(odd, AMSTERDAM), `${odd} (unix seconds)`);
  }
  assert.is(formatTime(0, 'UTC'), '1970-01-01 00:00 UTC');
});

test('durations: the two units that matter', () => {
  const cases: [number, string][] = [
    [-5, '0 s'],
    [0, '0 s'],
    [0.5, 'less than 1 s'],
    [1.4, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [605, '10 min'],
    [12_000, '3 h 20 min'],
    [7200, '2 h'],
    [187_200, '2 d 4 h'],
    [86_400 * 45 + 5, '45 d'],
  ];
  for (const [seconds, text] of cases) assert.is(formatDuration(seconds), text);
});

test('relative to now', () => {
  assert.is(relativeTime(12_000, 0), 'in 3 h 20 min');
  assert.is(relativeTime(0, 300), '5 min ago');
  assert.is(relativeTime(300, 300), 'now');
});

test.run();
