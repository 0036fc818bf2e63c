import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Calendar } from '../../src/model/calendar.ts';
import type { DesiredBlock } from '../../src/model/desired.ts';
import type { Freeze } from '../../src/model/schedule.ts';
import { calendarOf } from '../../src/schedule/calendar.ts';
import {
  blockOf,
  desired,
  desiredBatch,
  desiredFreeze,
  EU,
  onFleet,
  RESTART,
  scheduledBlock,
  US,
} from '../support/builders.ts';
import { at, short } from './times.ts';

const it = suite('schedule: the calendar');

const HOUR = 3600;
const finals: Freeze = { name: 'finals', fleets: [EU], from: at('2026-12-12'), to: at('2026-12-14') };

function calendar(
  blocks: readonly DesiredBlock[],
  freezes: readonly Freeze[] = [],
  [from, to] = ['2026-12-11', '2026-12-15'],
): Calendar {
  return calendarOf(desired([], { blocks, freezes: freezes.map(desiredFreeze) }), at(from), at(to));
}

function lines({ entries }: Calendar): string[] {
  return entries.map(({ address, executeAt, verdict, freeze, until }) => {
    const end = freeze === null ? '' : ` ${freeze} ${until === null ? 'endless' : short(until)}`;
    return `${short(executeAt)} ${address.replace(/2026-/, '')} ${verdict}${end}`;
  });
}

const oneOff = (address: string, time: string, fields = {}) =>
  blockOf(desiredBatch(address, { executeAt: at(time), ...fields }));
const once = (address: string) => blockOf(desiredBatch(address, { executeAt: null }));

it('occurrences and one-offs, by time and then in the order of the file', () => {
  const made = calendar([
    scheduledBlock('nightly[fleet:us]', {}, { targets: onFleet(US) }),
    scheduledBlock('nightly[fleet:eu]'),
    oneOff('hotfix', '2026-12-11T03:30Z'),
    oneOff('late', '2026-12-15'),
    once('now'),
  ]);
  assert.equal(lines(made).slice(0, 4), [
    '12-11T03:30 nightly[fleet:us]@12-11T03:30:00Z runs',
    '12-11T03:30 nightly[fleet:eu]@12-11T03:30:00Z runs',
    '12-11T03:30 hotfix runs',
    '12-12T03:30 nightly[fleet:us]@12-12T03:30:00Z runs',
  ]);
  assert.is(made.entries.length, 9);
  assert.equal(
    made.once.map(({ address }) => address),
    ['now'],
  );
});

it('a freeze takes the occurrences that it concerns, and says until when', () => {
  const blocks = [
    scheduledBlock('n[fleet:eu]'),
    scheduledBlock('n[fleet:us]', {}, { targets: onFleet(US) }),
    oneOff('hotfix', '2026-12-12T12:00Z'),
  ];
  const made = calendar(blocks, [finals]);
  assert.equal(lines(made).slice(2, 5), [
    '12-12T03:30 n[fleet:eu]@12-12T03:30:00Z skipped finals 12-14T00:00',
    '12-12T03:30 n[fleet:us]@12-12T03:30:00Z runs',
    '12-12T12:00 hotfix frozen finals 12-14T00:00',
  ]);
  assert.equal(made.windows, [{ freeze: 'finals', from: at('2026-12-12'), to: at('2026-12-14') }]);
});

it('what the file cannot tell is a maybe, and a certain freeze comes before it', () => {
  const byId: Freeze = {
    name: 'by-id',
    templates: [{ id: RESTART.id }],
    ...{ from: 0, to: at('2027-01-01') },
  };
  const blocks = [scheduledBlock('n'), oneOff('hotfix', '2026-12-12T12:00Z')];
  assert.equal(lines(calendar(blocks, [byId, finals])).slice(0, 3), [
    '12-11T03:30 n@12-11T03:30:00Z maybe-skipped by-id 01-01T00:00',
    '12-12T03:30 n@12-12T03:30:00Z skipped finals 12-14T00:00',
    '12-12T12:00 hotfix frozen finals 12-14T00:00',
  ]);
  assert.ok(lines(calendar(blocks, [byId])).includes('12-12T12:00 hotfix maybe-frozen by-id 01-01T00:00'));
});

it('a share of a spread moves the run, not its address; the run decides what is in the window and in a freeze', () => {
  const spread = (cron: string) => scheduledBlock('n', { cron, timezone: 'UTC' }, { offset: 600 });
  const made = calendar([spread('55 23 * * *')], [finals]);
  assert.equal(lines(made), [
    '12-11T00:05 n@12-10T23:55:00Z runs',
    '12-12T00:05 n@12-11T23:55:00Z skipped finals 12-14T00:00',
    '12-13T00:05 n@12-12T23:55:00Z skipped finals 12-14T00:00',
    '12-14T00:05 n@12-13T23:55:00Z runs',
  ]);
});

it('the end of a freeze is its own, also beyond the days that are shown', () => {
  const days: [string, string] = ['2026-12-12', '2026-12-13'];
  const night = [scheduledBlock('n')];
  const until = (freeze: Freeze) => lines(calendar(night, [freeze], days))[0]?.replace(/.*skipped /, '');
  assert.is(until(finals), 'finals 12-14T00:00');
  const workdays: Freeze = { name: 'w', cron: '0 0 * * 6,0,1,2,3', timezone: 'UTC', duration: 24 * HOUR };
  assert.is(until(workdays), 'w 12-17T00:00');
  assert.is(until({ ...workdays, cron: '0 0 * * *' }), 'w endless');
  // It ends with the last day, and the next one begins a week later.
  assert.is(until({ ...workdays, cron: '0 0 * * 6' }), 'w 12-13T00:00');
});

it('what runs paused says so, and a template by id is told by its id', () => {
  const [entry] = calendar([scheduledBlock('n', {}, { paused: true, template: { id: '7' } })]).entries;
  assert.is(entry?.paused, true);
  assert.is(entry?.template, '7');
});

it('changes of clock are noted once per block, and schedules are named once', () => {
  const at2 = { cron: '30 2 * * *' };
  const blocks = [scheduledBlock('n[fleet:eu]', at2), scheduledBlock('n[fleet:us]', at2, { offset: 60 })];
  const spring = calendar(blocks, [], ['2026-03-28', '2026-03-31']);
  assert.equal(spring.daylight, [
    {
      block: 'n',
      timezone: 'Europe/Amsterdam',
      note: { kind: 'moved', at: at('2026-03-29T01:00Z'), named: ['2026-03-29T02:30'] },
    },
  ]);
  assert.equal(spring.schedules, [
    { block: 'n', cron: '30 2 * * *', timezone: 'Europe/Amsterdam', horizon: 7 * 86_400 },
  ]);
});

it('more than 5,000 runs is an error with the number, however they are divided', () => {
  const often = { cron: '*/10 * * * *' };
  const blocks = [scheduledBlock('a', often), scheduledBlock('b', often), oneOff('c', '2026-12-12')];
  const long: [string, string] = ['2026-12-01', '2027-01-01'];
  assert.throws(
    () => calendar(blocks, [], long),
    (error: { code: string; message: string; hint: string }) =>
      error.code === 'schedule.too_many' &&
      /names 8929 runs/.test(error.message) &&
      /--days/.test(error.hint),
  );
  assert.is(calendar(blocks).entries.length, 2 * 4 * 144 + 1);
  const each: Freeze = { name: 'e', cron: '*/5 * * * *', timezone: 'UTC', duration: 60 };
  assert.throws(
    () => calendar([scheduledBlock('n')], [each], long),
    (error: { code: string; hint: string }) =>
      error.code === 'schedule.too_many' && /--days/.test(error.hint),
  );
});

it('nothing in the file is an empty calendar', () => {
  const { entries, once: none, windows, daylight } = calendar([]);
  assert.equal([entries, none, windows, daylight], [[], [], [], []]);
});

it.run();
