import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBlock, DesiredFreeze, When } from '../../src/model/desired.ts';
import type { FreezeVerdict, Schedule } from '../../src/model/schedule.ts';
import { scheduleDigest } from '../../src/schedule/marks.ts';
import type { Present } from '../../src/schedule/present.ts';
import { type Wanted, wantedBatches } from '../../src/schedule/wanted.ts';
import { blockOf, desiredBatch } from '../support/builders.ts';
import { at, short } from './times.ts';

const it = suite('schedule: wanted');

const DAY = 86_400;
const HOUR = 3600;
const NOW = at('2026-12-01T12:00Z');
const NIGHTLY: Schedule = {
  cron: '30 4 * * *',
  timezone: 'Europe/Amsterdam',
  horizon: 3 * DAY,
  from: null,
  until: null,
  except: [],
};

function block(
  schedule: Partial<Schedule> = {},
  offset = 0,
  fields: Partial<DesiredBlock> = {},
): DesiredBlock {
  const when: When = { kind: 'schedule', schedule: { ...NIGHTLY, ...schedule }, offset };
  return { ...blockOf(desiredBatch('nightly')), when, ...fields };
}

function freeze(from: string, to: string, name = 'finals'): DesiredFreeze {
  const { at: place } = desiredBatch('x');
  return { name, from: at(from), to: at(to), at: place, templatesAt: [] };
}

function wanted(
  blocks: readonly DesiredBlock[],
  present: Partial<Present> = {},
  freezes: readonly DesiredFreeze[] = [],
): Wanted {
  const nothing = { recorded: new Map(), seen: [], marks: {} };
  return wantedBatches({ blocks, freezes }, { now: NOW, ...nothing, verdictOf: () => 'yes', ...present });
}

/** `12-02T03:30`, with what is special about it. */
function texts({ batches }: Wanted): string[] {
  return batches.map(({ occurrence, executeAt, isKept }) => {
    const moved = executeAt === occurrence ? '' : ` runs ${short(executeAt ?? 0)}`;
    return `${occurrence === null ? 'none' : short(occurrence)}${moved}${isKept ? ' kept' : ''}`;
  });
}

const named = (time: string) => `nightly@${time}Z`;
/** `hasBegun`: by its time, unless it is said. */
function records(times: readonly string[], isLive: boolean, hasBegun?: boolean): Present['recorded'] {
  return new Map(
    times.map((time) => [named(time), { isLive, hasBegun: hasBegun ?? at(`${time}Z`) <= NOW }] as const),
  );
}

const live = (...times: string[]) => records(times, true);
const over = (...times: string[]) => records(times, false);
const mark = (time: string, schedule: Schedule = NIGHTLY) => ({
  nightly: { through: at(`${time}Z`), schedule: scheduleDigest(schedule) },
});

it('what is within the horizon, each under an address with its time in UTC', () => {
  const found = wanted([block()]);
  assert.equal(texts(found), ['12-02T03:30', '12-03T03:30', '12-04T03:30']);
  assert.is(found.batches[0]?.address, 'nightly@2026-12-02T03:30:00Z');
  assert.is(found.batches[0]?.block, 'nightly');
});

it('a share of the spread moves the run, and neither its address nor what is named', () => {
  const found = wanted([block({ horizon: DAY }, 540)]);
  assert.equal(texts(found), ['12-02T03:30 runs 12-02T03:39']);
  assert.is(found.batches[0]?.address, 'nightly@2026-12-02T03:30:00Z');
});

it('late by less than its deadline is wanted, and the end of the horizon is not', () => {
  const [night, next] = [at('2026-12-02T03:30Z'), at('2026-12-03T03:30Z')];
  const one = block({ horizon: DAY }, 0, { startingDeadline: 300 });
  assert.equal(texts(wanted([one], { now: night + 299 })), ['12-02T03:30', '12-03T03:30']);
  assert.equal(texts(wanted([one], { now: night + 300 })), ['12-03T03:30']);
  assert.equal(texts(wanted([one], { now: next - DAY })), ['12-02T03:30']);
  assert.equal(texts(wanted([one], { now: next - DAY + 1 })), ['12-02T03:30', '12-03T03:30']);
});

it('what is live stays while it is named, wherever the horizon ends, and is not made again', () => {
  const recorded = live(
    '2026-12-01T03:30:00',
    '2026-12-02T03:30:00',
    '2026-12-20T03:30:00',
    '2026-12-20T04:30:00',
  );
  assert.equal(texts(wanted([block({ horizon: DAY })], { recorded })), [
    '12-01T03:30 kept',
    '12-02T03:30',
    '12-20T03:30 kept',
  ]);
});

it('what has ended is no longer wanted once it cannot be made again', () => {
  const one = block({ horizon: DAY });
  const recorded = over('2026-12-01T03:30:00', '2026-12-20T03:30:00');
  assert.equal(texts(wanted([one], { recorded })), ['12-02T03:30']);
  const late = at('2026-12-01T03:30Z') + 100;
  assert.equal(texts(wanted([one], { recorded, now: late })), ['12-01T03:30', '12-02T03:30']);
});

it('missed: what nobody has accounted for, and has no record', () => {
  const one = block({ horizon: DAY });
  const marks = mark('2026-11-28T03:30:00');
  assert.equal(texts(wanted([one], { marks })), ['11-29T03:30', '11-30T03:30', '12-01T03:30', '12-02T03:30']);
  assert.equal(texts(wanted([one])), ['12-02T03:30'], 'nobody knows since when');
  const recorded = over('2026-11-30T03:30:00');
  assert.equal(texts(wanted([one], { marks, recorded })), ['11-29T03:30', '12-01T03:30', '12-02T03:30']);
  const other = mark('2026-11-28T03:30:00', { ...NIGHTLY, cron: '0 4 * * *' });
  assert.equal(texts(wanted([one], { marks: other })), ['12-02T03:30'], 'another expression');
});

it('of years without an apply, the last ones are told', () => {
  const often = { ...NIGHTLY, cron: '*/15 * * * *', horizon: HOUR };
  const found = wanted([block(often)], { marks: mark('2020-01-01T00:00:00', often) });
  assert.ok(found.batches.length > 400 && found.batches.length < 1100, `${found.batches.length}`);
});

it('of several that are late, the last is made; the others are missed', () => {
  const one = block({ horizon: HOUR }, 0, { startingDeadline: 10 * DAY });
  const due = (found: Wanted, now = NOW) =>
    found.batches
      .filter(({ executeAt, startingDeadline }) => now - (executeAt ?? 0) < startingDeadline)
      .map(({ occurrence }) => short(occurrence ?? 0));
  const fresh = wanted([one]);
  assert.equal(texts(fresh), ['12-01T03:30'], 'of a schedule that is new nothing was missed');
  const late = wanted([one], { marks: mark('2026-11-28T03:30:00') });
  assert.equal(texts(late), ['11-29T03:30', '11-30T03:30', '12-01T03:30']);
  assert.equal(due(late), ['12-01T03:30']);
  assert.equal(
    late.batches.map(({ startingDeadline, cutBy }) => [startingDeadline, cutBy]),
    [
      [DAY, 'the next occurrence'],
      [DAY, 'the next occurrence'],
      [10 * DAY, null],
    ],
  );
});

it('a live batch in a freeze that nobody has recorded is asked about, and not told as skipped beyond the horizon', () => {
  const freezes = [freeze('2026-12-02T00:00Z', '2026-12-30T00:00Z')];
  const one = block({ horizon: DAY });
  const near = wanted([one], { seen: [at('2026-12-02T03:30Z')] }, freezes);
  assert.equal([texts(near), near.skipped.length], [['12-02T03:30 kept'], 1]);
  const far = wanted([one], { seen: [at('2026-12-20T03:30Z')] }, freezes);
  assert.equal([texts(far), far.skipped.length], [['12-20T03:30 kept'], 1]);
  assert.ok(far.frozen.has(named('2026-12-20T03:30:00')));
});

it('what a freeze has kept from running is accounted for once it is past', () => {
  const marks = mark('2026-11-28T03:30:00');
  const freezes = [freeze('2026-11-29T00:00Z', '2026-11-30T00:00Z')];
  assert.equal(wanted([block()], { marks }, freezes).passed, [named('2026-11-29T03:30:00')]);
  assert.equal(wanted([block()], { marks, verdictOf: () => 'maybe' }, freezes).passed, []);
});

it('what is accounted for is never made again, however long its deadline is by now', () => {
  const one = block({ horizon: DAY }, 0, { startingDeadline: DAY });
  assert.equal(texts(wanted([one])), ['12-01T03:30', '12-02T03:30']);
  assert.equal(texts(wanted([one], { marks: mark('2026-12-01T03:30:00') })), ['12-02T03:30']);
  const other = mark('2026-12-01T03:30:00', { ...NIGHTLY, cron: '0 4 * * *' });
  assert.equal(texts(wanted([one], { marks: other })), ['12-02T03:30'], 'nor by another expression');
});

it('a live batch that nobody owns may be an occurrence: as near as the API may have moved it', () => {
  const one = block({ horizon: DAY }, 30);
  const seen = (time: string) => texts(wanted([one], { seen: [at(time)] }));
  assert.equal(seen('2026-12-24T03:31Z'), [
    '12-02T03:30 runs 12-02T03:30',
    '12-24T03:30 runs 12-24T03:30 kept',
  ]);
  assert.equal(seen('2026-12-24T03:32Z').length, 1);
  assert.equal(seen('2026-12-02T03:30Z').length, 1, 'once');
});

it('in a freeze: not wanted, and told as skipped', () => {
  const found = wanted([block()], {}, [freeze('2026-12-03T00:00Z', '2026-12-04T00:00Z')]);
  assert.equal(texts(found), ['12-02T03:30', '12-04T03:30']);
  assert.equal(found.skipped, [
    {
      address: named('2026-12-03T03:30:00'),
      targetText: 'fleet eu',
      executeAt: at('2026-12-03T03:30Z'),
      freeze: 'finals',
      until: at('2026-12-04T00:00Z'),
      isCertain: true,
    },
  ]);
});

it('a freeze counts where the run begins, its spread included', () => {
  const frozen = (from: string, to: string) => wanted([block({ horizon: DAY }, 540)], {}, [freeze(from, to)]);
  assert.is(frozen('2026-12-02T03:30Z', '2026-12-02T03:39Z').skipped.length, 0);
  assert.is(frozen('2026-12-02T03:39Z', '2026-12-02T03:40Z').skipped.length, 1);
});

it('what is on record in a freeze goes, unless it has begun', () => {
  const recorded = live('2026-12-02T03:30:00');
  const freezes = [freeze('2026-12-02T00:00Z', '2026-12-03T00:00Z')];
  assert.equal(texts(wanted([block({ horizon: DAY })], { recorded }, freezes)), []);
  const begun = at('2026-12-02T03:30Z');
  const running = records(['2026-12-02T03:30:00'], true, true);
  const cancelled = records(['2026-12-02T03:30:00'], false, false);
  assert.equal(texts(wanted([block({ horizon: HOUR })], { recorded: cancelled, now: begun }, freezes)), []);
  assert.equal(texts(wanted([block({ horizon: HOUR })], { recorded: running, now: begun }, freezes)), [
    '12-02T03:30',
  ]);
  assert.equal(texts(wanted([block({ horizon: HOUR })], { recorded: running, now: begun + HOUR }, freezes)), [
    '12-02T03:30 kept',
  ]);
});

it('no run begins late in a freeze that has begun meanwhile', () => {
  const begin = at('2026-12-02T03:32Z');
  const freezes = [freeze('2026-12-02T03:32Z', '2026-12-03T00:00Z')];
  const one = block({ horizon: HOUR });
  const before = wanted([one], { now: begin - 1 }, freezes);
  assert.equal(texts(before), ['12-02T03:30']);
  assert.is(before.batches[0]?.startingDeadline, 120, 'its deadline ends there');
  const after = wanted([one], { now: begin }, freezes);
  assert.equal([texts(after), after.skipped.length], [[], 1]);
});

it('what would be missed and was frozen is not missed', () => {
  const marks = mark('2026-11-28T03:30:00');
  const found = wanted([block({ horizon: DAY })], { marks }, [
    freeze('2026-11-30T00:00Z', '2026-12-01T00:00Z'),
  ]);
  assert.equal(texts(found), ['11-29T03:30', '12-01T03:30', '12-02T03:30']);
  assert.is(found.skipped.length, 0, 'nor told as what will be');
  const nowFrozen = wanted([block({ horizon: DAY })], { marks }, [
    freeze('2026-12-01T11:00Z', '2026-12-01T13:00Z'),
  ]);
  assert.is(texts(nowFrozen).length, 4, 'a freeze of now is not one of then');
});

it('where it cannot be told: not made, and what is made stays', () => {
  const verdictOf = (): FreezeVerdict => 'maybe';
  const freezes = [freeze('2026-12-01T00:00Z', '2026-12-03T00:00Z')];
  const one = block({ horizon: DAY });
  const unknown = wanted([one], { verdictOf }, freezes);
  assert.equal([texts(unknown), unknown.skipped.map((skip) => skip.isCertain)], [[], [false]]);
  const recorded = live('2026-12-02T03:30:00');
  assert.equal(texts(wanted([one], { verdictOf, recorded }, freezes)), ['12-02T03:30']);
  assert.equal(texts(wanted([one], { verdictOf: () => 'no' }, freezes)), ['12-02T03:30']);
});

it('a batch with a time of its own, or none, in a freeze is told by its address', () => {
  const freezes = [freeze('2026-12-01T00:00Z', '2026-12-03T00:00Z')];
  const one = blockOf(desiredBatch('hotfix', { executeAt: at('2026-12-02T00:00Z') }));
  const once = blockOf(desiredBatch('once', { executeAt: null, revision: 1 }));
  const later = blockOf(desiredBatch('later', { executeAt: at('2036-12-02T00:00Z') }));
  const found = wanted([one, once, later], {}, freezes);
  assert.is(found.batches.length, 3);
  assert.equal([...found.frozen.keys()], ['hotfix', 'once']);
  assert.is(found.skipped.length, 0);
});

it('a freeze that ends long after the horizon is told with its own end', () => {
  const long = freeze('2026-12-02T00:00Z', '2027-06-01T00:00Z');
  assert.is(wanted([block()], {}, [long]).skipped[0]?.until, at('2027-06-01T00:00Z'));
});

it('more than 5,000 is an error with the number, of a block with all of its targets', () => {
  const often = block({ cron: '* * * * *', horizon: 3 * DAY });
  const told = ({ diagnostics }: Wanted) => diagnostics.map(({ code, message }) => `${code}: ${message}`);
  assert.equal(told(wanted([often])), []);
  assert.is(wanted([often]).batches.length, 3 * 1440);
  const [message = ''] = told(wanted([often, { ...often, address: 'nightly[fleet:us]' }]));
  assert.match(message, /^schedule.too_many: the schedule of "nightly" yields 8640 batches.*5000/);
  const huge = block({ cron: '* * * * *', horizon: 366 * DAY });
  assert.match(told(wanted([huge]))[0] ?? '', '527040');
  const recorded = live('2026-12-02T03:30:00');
  assert.equal(texts(wanted([huge], { recorded })), ['12-02T03:30 kept'], 'what is made stays');
});

it.run();
