import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shownTimes } from '../../src/render/shown-times.ts';

const test = suite('times in findings');
const AMS = 'Europe/Amsterdam';

test("times are told in the reader's zone and in UTC, in brackets without brackets", () => {
  assert.is(shownTimes('at 2026-12-01T03:00:00Z', AMS), 'at 2026-12-01 04:00 CET (03:00 UTC)');
  assert.is(shownTimes('at 2026-12-01T03:00:30Z, or', 'UTC'), 'at 2026-12-01 03:00:30 UTC, or');
  assert.is(
    shownTimes('in "finals" (until 2026-12-01T23:30:00Z), it', AMS),
    'in "finals" (until 2026-12-02 00:30 CET, 2026-12-01 23:30 UTC), it',
  );
});

test('addresses, what is quoted, what is no time and an unknown zone stay', () => {
  for (const text of [
    'nightly[fleet:eu]@2026-12-01T03:30:00Z: it waits',
    '"executeAt" is "2026-12-01T03:30:00Z"',
    'set `executeAt: 2026-12-01T03:30:00Z`',
    'from 2026-13-41T03:30:00Z',
    'x2026-12-01T03:30:00Z',
  ]) {
    assert.is(shownTimes(text, AMS), text);
  }
  assert.is(shownTimes('at 2026-12-01T03:00:00Z', undefined), 'at 2026-12-01T03:00:00Z');
});

test.run();
