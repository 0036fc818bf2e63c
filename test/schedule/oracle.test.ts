/** Random expressions around the changes of many zones' clocks, against a clock that is watched minute by minute. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Recurrence } from '../../src/model/schedule.ts';
import { parseCron } from '../../src/schedule/cron.ts';
import { countBetween, isNamed, occurrencesBetween } from '../../src/schedule/occurrences.ts';
import '../support/seed.ts';
import { expected, expressions, watch } from './wall-clock.ts';

const it = suite('schedule: against a watched clock');

const DAY = 86_400;
/** A zone, and days in the middle of which something happens to its clock, or nothing. */
const CHANGES: readonly (readonly [timezone: string, ...days: string[]])[] = [
  ['Europe/Amsterdam', '2026-03-29', '2026-10-25'],
  ['America/New_York', '2026-03-08', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-10-04'],
  ['Africa/Casablanca', '2026-02-15', '2026-03-22'],
  ['America/Sao_Paulo', '2018-11-04', '2019-02-17', '2026-11-01'],
  ['Pacific/Apia', '2011-12-30'],
  // The gap ends on another day, or begins with one; the overlap repeats a day's end.
  ['America/Nuuk', '2026-03-28', '2026-10-24'],
  ['Africa/Cairo', '2026-04-24', '2026-10-29'],
  ['America/Havana', '2026-11-01'],
  ['Asia/Kolkata', '2026-03-29'],
  ['UTC', '2024-02-29'],
];

for (const [timezone, ...days] of CHANGES) {
  for (const day of days) {
    it(`${timezone} around ${day}`, () => {
      const middle = Date.parse(`${day}T12:00:00Z`) / 1000;
      const from = middle - 2 * DAY;
      const to = middle + 2 * DAY;
      const minutes = watch(timezone, from - 2 * DAY, to);
      let seen = 0;
      fc.assert(
        fc.property(expressions, fc.integer({ min: from, max: to }), (drawn, cut) => {
          const parsed = parseCron(drawn.text, timezone);
          if ('problem' in parsed) return assert.match(parsed.problem, 'never', drawn.text);
          const recurrence: Recurrence = { cron: parsed.cron, timezone, from: null, until: null, except: [] };
          const wanted = expected(drawn, minutes);
          seen += wanted.length;
          const found = occurrencesBetween(recurrence, from, to, 10_000);
          if (`${found}` !== `${wanted}`) assert.equal(found.map(utc), wanted.map(utc), drawn.text);
          // However it is asked for, it is the same.
          assert.is(countBetween(recurrence, from, to), wanted.length);
          const [left, right] = [
            occurrencesBetween(recurrence, from, cut, 10_000),
            occurrencesBetween(recurrence, cut, to, 10_000),
          ];
          assert.is(`${[...left, ...right]}`, `${wanted}`, `cut at ${utc(cut)}: ${drawn.text}`);
          const named = new Set(wanted);
          for (const { at } of minutes
            .slice(2880)
            .filter((one, index) => index % 97 === 0 || named.has(one.at))
            .slice(0, 30)) {
            assert.is(isNamed(recurrence, at), named.has(at), `${drawn.text} at ${utc(at)}`);
          }
          assert.not.ok(isNamed(recurrence, cut - (cut % 60) + 1), 'between two minutes');
        }),
        { numRuns: 30 },
      );
      assert.ok(seen > 500, `only ${seen} occurrences`);
    });
  }
}

function utc(at: number): string {
  return new Date(at * 1000).toISOString();
}

it.run();
