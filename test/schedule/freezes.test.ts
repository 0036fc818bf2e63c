import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id } from '../../src/model/ids.ts';
import type { Freeze, FreezeSubject } from '../../src/model/schedule.ts';
import { concerns, FreezeCalendar, freezeWindows } from '../../src/schedule/freezes.ts';
import { at, short } from './times.ts';

const it = suite('schedule: freezes');

const id = (text: string) => text as Id;
const HOUR = 3600;

function subject(more: Partial<FreezeSubject> = {}): FreezeSubject {
  const template = { name: 'Restart', id: id('7') };
  const isWhole = { fleets: true, regions: true };
  return { fleets: [], regions: [], isWhole, isAnywhere: false, template, ...more };
}

/** The end of the window, or null. */
function covering(freeze: Freeze, moment: string): number | null {
  const calendar = new FreezeCalendar(freeze, at('2026-12-01'), at('2026-12-31'));
  return calendar.windowAt(at(moment))?.to ?? null;
}

function windows(freezes: readonly Freeze[], from: string, to: string): string {
  const found = freezeWindows(freezes, at(from), at(to));
  return found.map((one) => `${one.freeze} ${short(one.from)}/${short(one.to)}`).join(', ');
}

const finals: Freeze = { name: 'finals', from: at('2026-12-12'), to: at('2026-12-14') };
const weekends: Freeze = {
  ...{ name: 'weekends', cron: '0 18 * * 5', timezone: 'Europe/Amsterdam', duration: 60 * HOUR },
};

it('from its start until before its end', () => {
  assert.is(covering(finals, '2026-12-11T23:59:59Z'), null);
  assert.is(covering(finals, '2026-12-12'), at('2026-12-14'));
  assert.is(covering(finals, '2026-12-13T23:59:59Z'), at('2026-12-14'));
  assert.is(covering(finals, '2026-12-14'), null);
});

it('recurring: from each occurrence, for its duration', () => {
  const covered = (moment: string) => covering(weekends, moment) !== null;
  assert.not.ok(covered('2026-12-04T16:59:59Z'));
  assert.ok(covered('2026-12-04T17:00Z'));
  assert.ok(covered('2026-12-07T04:59:59Z'));
  assert.not.ok(covered('2026-12-07T05:00Z'));
});

it('a duration is real time over a change of clock', () => {
  // Saturday 18:00+01:00; 12 hours later it is 07:00+02:00 in spring, 05:00+01:00 in autumn.
  const nights: Freeze = { name: 'n', cron: '0 18 * * 6', timezone: 'Europe/Amsterdam', duration: 12 * HOUR };
  assert.is(windows([nights], '2026-03-28', '2026-03-30'), 'n 03-28T17:00/03-29T05:00');
  assert.is(windows([nights], '2026-10-24', '2026-10-26'), 'n 10-24T16:00/10-25T04:00');
  // One that begins in the gap begins when it is over.
  const gap: Freeze = { name: 'g', cron: '30 2 * * *', timezone: 'Europe/Amsterdam', duration: HOUR };
  assert.is(windows([gap], '2026-03-29', '2026-03-30'), 'g 03-29T01:00/03-29T02:00');
  assert.is(windows([gap], '2026-10-25', '2026-10-26'), 'g 10-25T00:30/10-25T01:30');
});

it('longer than its period, it is one window', () => {
  const always: Freeze = { name: 'a', cron: '0 0 * * *', timezone: 'UTC', duration: 25 * HOUR };
  assert.is(windows([always], '2026-12-01', '2027-12-01'), 'a 12-01T00:00/12-01T00:00');
  const touching: Freeze = { ...always, cron: '0 0,12 * * 1-5', duration: 12 * HOUR };
  assert.is(
    windows([touching], '2026-12-04', '2026-12-09'),
    'a 12-04T00:00/12-05T00:00, a 12-07T00:00/12-09T00:00',
  );
});

it('the calendar is cut to its time, and sorted', () => {
  assert.is(
    windows([weekends, finals], '2026-12-05', '2026-12-12T12:00Z'),
    'weekends 12-05T00:00/12-07T05:00, weekends 12-11T17:00/12-12T12:00, finals 12-12T00:00/12-12T12:00',
  );
  assert.is(windows([finals], '2026-12-14', '2026-12-20'), '');
  assert.is(windows([{ ...finals, to: at('2026-12-12') }], '2026-12-01', '2026-12-31'), '', 'an empty one');
});

it('fleets and regions: one of either is enough; templates: one of them, too', () => {
  const covers = (scope: Partial<Freeze>, more: Partial<FreezeSubject>) =>
    concerns({ ...finals, ...scope } as Freeze, subject(more)) === 'yes';
  const [eu, us, ams] = [id('1'), id('2'), id('3')];
  assert.ok(covers({ fleets: [eu] }, { fleets: [us, eu] }));
  assert.not.ok(covers({ fleets: [eu] }, { fleets: [us] }));
  assert.not.ok(covers({ fleets: [eu] }, { regions: [eu] }), 'a region with the id of a fleet');
  assert.ok(covers({ fleets: [eu], regions: [ams] }, { regions: [ams] }));
  assert.ok(covers({ templates: [{ name: 'Restart' }] }, {}));
  assert.ok(covers({ templates: [{ name: 'Other' }, { id: id('7') }] }, {}));
  assert.not.ok(covers({ templates: [{ name: 'Other' }] }, {}));
  assert.not.ok(covers({ templates: [{ name: 'Restart' }] }, { template: { name: null, id: id('8') } }));
  assert.not.ok(covers({ fleets: [eu], templates: [{ name: 'Other' }] }, { fleets: [eu] }));
  assert.not.ok(covers({ fleets: [] }, { fleets: [eu] }), 'a list without any');
});

it('what is not known says neither yes nor no, where anything hangs on it', () => {
  const said = (scope: Partial<Freeze>, more: Partial<FreezeSubject>) =>
    concerns({ ...finals, ...scope } as Freeze, subject(more));
  const [eu, us, ams] = [id('1'), id('2'), id('3')];
  const ofFleets = { fleets: [eu], isWhole: { fleets: true, regions: false } };
  assert.is(said({ regions: [ams] }, ofFleets), 'maybe');
  assert.is(said({ regions: [ams], fleets: [eu] }, ofFleets), 'yes');
  assert.is(said({ fleets: [us] }, ofFleets), 'no', 'its fleets are all known');
  assert.is(said({}, ofFleets), 'yes', 'nothing hangs on it');
  assert.is(said({ regions: [ams], templates: [{ name: 'Other' }] }, ofFleets), 'no');
  const byName = { template: { name: 'Restart', id: null } };
  assert.is(said({ templates: [{ id: id('7') }] }, byName), 'maybe');
  assert.is(said({ templates: [{ id: id('7') }, { name: 'Restart' }] }, byName), 'yes');
  assert.is(said({ templates: [{ id: id('7') }], fleets: [eu] }, { ...byName, fleets: [eu] }), 'maybe');
  assert.is(said({ templates: [{ id: id('7') }], fleets: [eu] }, { ...byName, fleets: [us] }), 'no');
});

it('the next window, and none after the last', () => {
  const calendar = new FreezeCalendar(weekends, at('2026-12-01'), at('2026-12-10'));
  assert.is(calendar.nextAfter(at('2026-12-01')), at('2026-12-04T17:00Z'));
  assert.is(calendar.nextAfter(at('2026-12-04T17:00Z')), at('2026-12-11T17:00Z'));
  const once = new FreezeCalendar(finals, at('2026-12-01'), at('2026-12-10'));
  assert.is(once.nextAfter(at('2026-12-01')), at('2026-12-12'));
  assert.is(once.nextAfter(at('2026-12-12')), null);
});

it('too many windows is an error that names the freeze', () => {
  const often: Freeze = { name: 'often', cron: '*/5 * * * *', timezone: 'UTC', duration: 60 };
  assert.throws(
    () => freezeWindows([often], at('2026-01-01'), at('2027-01-01')),
    /"often" has more than 5000 windows/,
  );
});

it.run();
