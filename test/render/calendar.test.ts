import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Calendar } from '../../src/model/calendar.ts';
import { type CalendarView, calendarToJson, renderCalendar } from '../../src/render/calendar.ts';
import { calendarSummary } from '../../src/render/calendar-summary.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { blockOf, desiredBatch, onFleet, scheduledBlock } from '../support/builders.ts';
import { at, blocks, calendar, FINALS, WEEKENDS } from './calendars.ts';

const it = suite('render calendar');

const VIEW: CalendarView = { color: false, width: 100, timezone: 'Europe/Amsterdam' };

function text(of: Calendar, view: Partial<CalendarView> = {}): string {
  return renderCalendar(of, { ...VIEW, ...view });
}

it('by day, with the targets of one block and time in one row', () => {
  assert.equal(text(calendar(undefined, undefined, '2026-12-11', 3)).split('\n'), [
    'live-ops from Fri 11 Dec 2026 01:00 to Mon 14 Dec 2026 01:00 (Europe/Amsterdam)',
    'Scheduled in America/New_York: logs',
    '',
    'Fri 11 Dec 2026',
    '  04:00  logs             1 instance          3',
    '  04:30  nightly-restart  fleet eu, fleet us  Restart game server',
    '',
    'Sat 12 Dec 2026',
    '  04:00  logs             1 instance          3  may be skipped: finals until Mon 14 Dec 01:00',
    '  04:30  nightly-restart  fleet eu            Restart game server',
    '         skipped: finals until Mon 14 Dec 01:00',
    '  04:30  nightly-restart  fleet us            Restart game server',
    '  20:00  hotfix           fleet eu            Deploy build',
    '         refused in a freeze: finals until Mon 14 Dec 01:00',
    '',
    'Sun 13 Dec 2026',
    '  04:30  nightly-restart  fleet eu            Restart game server',
    '         skipped: finals until Mon 14 Dec 01:00',
    '  04:30  nightly-restart  fleet us            Restart game server',
    '',
    'As soon as it is applied, once, unless it has already run',
    '  cleanup  region ams  Restart game server',
    '',
    'Freezes',
    '  weekends  from Fri 11 Dec 18:00 on',
    '  finals    from Sat 12 Dec 01:00 on',
    '',
    '3 days: 5 runs, 2 skipped (finals), 1 may be skipped (finals), 1 refused in a freeze (finals), 1 as',
    'soon as applied',
    '',
  ]);
});

it('in every width it fits, and all targets are there', () => {
  const names = Array.from({ length: 12 }, (_, index) => `fleet eu-${index}`);
  const many = names.map((targetText) =>
    scheduledBlock(`n[${targetText.replace(' ', ':')}]`, {}, { block: 'n', targetText }),
  );
  for (const width of [60, 80, 100, 200]) {
    const shown = text(calendar([...blocks(), ...many]), { width });
    for (const line of shown.split('\n')) assert.ok(displayWidth(line) <= width, line);
    for (const name of names) assert.match(shown, new RegExp(`${name}\\b`));
    assert.match(shown.replace(/\s+/g, ' '), 'refused in a freeze: finals until Mon 14 Dec 01:00');
  }
});

it('the hour that exists twice is told apart, and what a change of clock does is said', () => {
  const twice = [scheduledBlock('n', { cron: '30 2 * * *' }), scheduledBlock('h', { cron: '30 * * * *' })];
  const autumn = text(calendar(twice, [], '2026-10-25T00:00Z', 1));
  assert.match(
    autumn,
    /02:30 CEST {2}n {2}[\s\S]*02:30 CEST {2}h {2}[\s\S]*02:30 CET {3}h {2}[\s\S]*03:30 {7}h/,
  );
  const words = autumn.replace(/\s+/g, ' ');
  assert.match(
    words,
    'n: 02:30 exists twice on 2026-10-25 in Europe/Amsterdam; it runs the first time (2026-10-25T00:30:00Z), and not again at 2026-10-25T01:30:00Z.',
  );
  const spring = text(calendar([twice[0]!], [], '2026-03-28', 2)).replace(/\s+/g, ' ');
  assert.match(spring, '03:00 n fleet eu');
  assert.match(
    spring,
    'n: 02:30 does not exist on 2026-03-29 in Europe/Amsterdam; it runs at 03:00 (2026-03-29T01:00:00Z).',
  );
});

it('days are those of the shown zone', () => {
  const late = [scheduledBlock('n', { cron: '30 23 * * *', timezone: 'UTC' })];
  const made = calendar(late, [], '2026-12-10', 1);
  assert.match(text(made), /Fri 11 Dec 2026\n {2}00:30 {2}n/);
  assert.match(text(made), 'Scheduled in UTC: n');
  assert.match(text(made, { timezone: 'UTC' }), /Thu 10 Dec 2026\n {2}23:30 {2}n/);
  assert.not.match(text(made, { timezone: 'UTC' }), 'Scheduled in');
});

it('seconds of a spread are shown', () => {
  const made = calendar([scheduledBlock('n', {}, { offset: 187 })], [], '2026-12-10', 1);
  assert.match(text(made), '  04:33:07  n  ');
});

it('the end of a freeze names its year where it is another one, or says that none is in sight', () => {
  const night = [scheduledBlock('n')];
  const long = calendar(night, [{ ...FINALS, to: at('2027-12-14') }], '2026-12-12', 1);
  assert.match(text(long), 'skipped: finals until Tue 14 Dec 2027 01:00');
  const daily = { name: 'all', cron: '0 0 * * *', timezone: 'UTC', duration: 86_400 };
  const always = text(calendar(night, [daily], '2026-12-12', 1));
  assert.match(always, 'skipped: all without an end in sight');
  assert.match(always, /Freezes\n {2}all {2}all the time/);
});

it('what is created paused is no plain run', () => {
  const made = calendar([scheduledBlock('n', {}, { paused: true })], [], '2026-12-10', 2);
  assert.match(text(made), 'Restart game server  created paused');
  assert.is(calendarSummary(made), '2 days: 2 runs (2 created paused)');
});

it('in numbers: runs, not rows; and nothing is told as nothing', () => {
  assert.is(
    calendarSummary(calendar(undefined, undefined, '2026-12-09', 14)),
    '14 days: 34 runs, 2 skipped (finals), 2 may be skipped (finals, weekends), 1 refused in a freeze (finals), 1 as soon as applied',
  );
  assert.match(text(calendar([], [])), 'Nothing in the file runs in these 7 days.\n');
  const once = [blockOf(desiredBatch('now', { executeAt: null }))];
  assert.is(calendarSummary(calendar(once, [], '2026-12-10', 1)), '1 day: no runs, 1 as soon as applied');
});

it('words of the file cannot do anything to a terminal', () => {
  const attack = 'x\u001b[2J\u202e\n';
  const hostile = [
    scheduledBlock('n', {}, { block: attack, targetText: attack, template: { name: attack } }),
    blockOf(desiredBatch(`m${attack}`, { executeAt: null, targetText: attack, template: { name: attack } })),
  ];
  const shown = text({ ...calendar(hostile, [{ ...WEEKENDS, name: attack }]), name: attack });
  assert.not.match(shown, /[\u001b\u202e]/);
  const lines = shown.split('\n').length;
  const harmless = text(calendar([scheduledBlock('n'), blockOf(desiredBatch('m', { executeAt: null }))]));
  assert.ok(lines <= harmless.split('\n').length + 7, 'a line break came through');
});

it('colour is only paint: skipped is dim, refused is red, and every word stays', () => {
  const shown = text(calendar(), { color: true });
  assert.match(shown, '\u001b[31mrefused in a freeze');
  assert.match(shown, '\u001b[2mskipped: finals');
  assert.is(shown.replace(/\u001b\[\d+m/g, ''), text(calendar()));
});

it('JSON is the calendar, key by key, the same each time', () => {
  const made = calendar(
    [scheduledBlock('n[fleet:us]', {}, { targets: onFleet('7') })],
    [FINALS],
    '2026-12-10',
    1,
  );
  const json = calendarToJson(made);
  assert.is(
    json,
    calendarToJson(
      calendar([scheduledBlock('n[fleet:us]', {}, { targets: onFleet('7') })], [FINALS], '2026-12-10', 1),
    ),
  );
  const read = JSON.parse(json);
  assert.equal(Object.keys(read), [
    'name',
    'from',
    'to',
    'entries',
    'once',
    'windows',
    'daylight',
    'schedules',
  ]);
  assert.equal(read.entries, [
    {
      address: 'n[fleet:us]@2026-12-10T03:30:00Z',
      block: 'n',
      template: 'Restart game server',
      targetText: 'fleet eu',
      paused: false,
      executeAt: at('2026-12-10T03:30Z'),
      verdict: 'runs',
      freeze: null,
      until: null,
    },
  ]);
  assert.equal(Object.keys(read.entries[0]), Object.keys(made.entries[0]!));
});

it.run();
