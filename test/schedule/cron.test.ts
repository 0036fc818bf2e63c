/** What an expression may be, and what is said about one that is none. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCron, wallCalendar } from '../../src/schedule/cron.ts';

const it = suite('schedule: cron expressions');

function problemOf(text: string, timezone = 'UTC'): string {
  const parsed = parseCron(text, timezone);
  return 'problem' in parsed ? `${parsed.key}: ${parsed.problem}` : `fine: ${parsed.cron}`;
}

it('what is right, in its plain form', () => {
  for (const [text, plain] of [
    ['30 4 * * *', '30 4 * * *'],
    ['  5\t4  * * * ', '5 4 * * *'],
    ['*/15 */1 1,15 jan-MAR,dec mon-fri', '*/15 * 1,15 1-3,12 1-5'],
    ['00 04 01 01 07', '0 4 1 1 7'],
    ['0 0 l * friL', '0 0 L * 5L'],
    ['0 0 * * SAT-SUN,wed#3', '0 0 * * 6-7,3#3'],
    ['@daily', '0 0 * * *'],
    ['@Hourly', '0 * * * *'],
    ['0 0 29 2 *', '0 0 29 2 *'],
    ['0 0 30 2 MON', '0 0 30 2 1'],
  ] as const) {
    assert.is(problemOf(text), `fine: ${plain}`, text);
    assert.is(problemOf(plain), `fine: ${plain}`, 'its plain form is its own');
  }
});

it('what is wrong, by its field', () => {
  for (const [text, problem] of [
    ['', 'has 0 fields, not 5'],
    ['30 4 * *', 'has 4 fields, not 5'],
    ['0 30 4 * * *', 'has 6 fields, not 5 (seconds and years are not supported)'],
    ['0 30 4 * * * 2026', 'has 7 fields, not 5'],
    ['60 4 * * *', 'is wrong in the minute: "60" is not allowed'],
    ['0 24 * * *', 'is wrong in the hour: "24" is not allowed'],
    ['0 4 0 * *', 'is wrong in the day of month: "0" is not allowed'],
    ['0 4 32 * *', 'is wrong in the day of month: "32" is not allowed'],
    ['0 4 * 13 *', 'is wrong in the month: "13" is not allowed'],
    ['0 4 * JANUARY *', 'is wrong in the month: "JANUARY" is not allowed'],
    ['0 4 * * 8', 'is wrong in the day of week: "8" is not allowed'],
    ['0 4 * MON *', 'is wrong in the month: "MON" is not allowed'],
    [
      '0 22-2 * * *',
      'is wrong in the hour: the range "22-2" goes backwards; write it as two, such as 22-23,0-2',
    ],
    ['0 4 * * FRI-MON', 'the range "FRI-MON" goes backwards; write it as two, such as FRI-SAT,SUN-MON'],
    ['5/15 4 * * *', '"5/15" has a step without a range; write 5-59/15'],
    ['*/0 4 * * *', 'the step of "*/0" is not 1 to 60'],
    ['*/61 4 * * *', 'the step of "*/61" is not 1 to 60'],
    ['1,,2 4 * * *', 'is wrong in the minute: an item of the list is empty'],
    ['0 4 15W * *', 'is wrong in the day of month: "15W" is not allowed'],
    ['0 4 ? * *', 'is wrong in the day of month: "?" is not understood'],
    ['0 4 * * +1', 'is wrong in the day of week: "+1" is not understood'],
    ['0 4 * * L', 'is wrong in the day of week: "L" is not allowed'],
    ['0 4 * * FRI#6', 'a month has that day one to five times'],
    ['0 4 * * 1-5#2', '"1-5#2" is not understood'],
    ['-1 4 * * *', 'is wrong in the minute: "-1" is not understood'],
    ['1.5 4 * * *', '"1.5" is not understood'],
    ['@reboot', 'is no expression that is known'],
    ['@dayly', 'did you mean "@daily"?'],
    ['0 0 30 2 *', 'never comes'],
    ['0 0 31 2,4,6,9,11 *', 'never comes'],
    ['0 4 \u202e1 * *', 'is wrong in the day of month'],
    [`${'1,'.repeat(200)}1 4 * * *`, 'has 409 characters; 256 are allowed'],
  ] as const) {
    const found = problemOf(text);
    assert.match(found, /^cron: /, text);
    assert.ok(found.includes(problem), `${text}: ${found}`);
    assert.not.match(found, /[\u202e\n]/);
  }
});

it('what a field may be is in the hint', () => {
  const parsed = parseCron('0 25 * * *', 'UTC');
  assert.ok('hint' in parsed);
  assert.match(parsed.hint, 'The hour may be 0 to 23; *, ranges (a-b), steps (*/n, a-b/n) and lists (a,b).');
});

it('a zone has an IANA name', () => {
  for (const zone of [
    'UTC',
    'Europe/Amsterdam',
    'America/Argentina/Buenos_Aires',
    'Asia/Kolkata',
    'Etc/GMT+5',
  ]) {
    assert.match(problemOf('0 4 * * *', zone), /^fine/, zone);
  }
  for (const zone of ['', '+01:00', 'Europe', 'Mars/Olympus', 'local', 'Europe/Amsterdam ', '__proto__']) {
    assert.match(problemOf('0 4 * * *', zone), /^timezone: is no time zone that is known/, zone);
  }
  assert.match(problemOf('0 4 * * *', 'Europe/Amsterdm'), 'did you mean "Europe/Amsterdam"?');
});

it('an expression that nobody has checked throws', () => {
  assert.throws(() => wallCalendar('0 4 * *'), /has 4 fields, not 5/);
});

it.run();
