import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../src/model/addresses.ts';
import type { DesiredBlock } from '../../src/model/desired.ts';
import type { Schedule } from '../../src/model/schedule.ts';
import type { ScheduleMark } from '../../src/model/state.ts';
import { marksAfter, pastOf, scheduleDigest } from '../../src/schedule/marks.ts';
import { blockOf, desiredBatch } from '../support/builders.ts';
import { at, short } from './times.ts';

const it = suite('schedule: marks');

const NIGHTLY: Schedule = {
  cron: '30 4 * * *',
  timezone: 'UTC',
  horizon: 86_400,
  from: null,
  until: null,
  except: [],
};
const NOW = at('2026-12-05T12:00Z');

function block(address: string, schedule: Partial<Schedule> = {}, offset = 0): DesiredBlock {
  const when = { kind: 'schedule', schedule: { ...NIGHTLY, ...schedule }, offset } as const;
  return { ...blockOf(desiredBatch(address)), when };
}

const night = (time: string, base = 'a') => addressOf(base, at(time));
const mark = (time: string, schedule: Partial<Schedule> = {}): ScheduleMark => ({
  through: at(time),
  schedule: scheduleDigest({ ...NIGHTLY, ...schedule }),
});

function after(
  marks: Record<string, ScheduleMark>,
  blocks: readonly DesiredBlock[],
  settled: readonly string[] = [],
  isMeant: (address: string) => boolean = () => true,
): string {
  const found = marksAfter(marks, blocks, settled, { now: NOW, isMeant });
  return Object.entries(found)
    .map(([address, { through }]) => `${address} ${short(through)}`)
    .join(', ');
}

it('a schedule that is new is accounted for until what may still be made', () => {
  assert.is(after({}, [block('a')]), 'a 12-05T11:55');
  assert.is(after({}, [block('a', {}, 600)]), 'a 12-05T11:45');
});

it('what has ended or was told as missed moves it on, and nothing moves it back', () => {
  const marks = { a: mark('2026-12-03T04:30Z') };
  assert.is(after(marks, [block('a')]), 'a 12-03T04:30');
  const settled = [night('2026-12-04T04:30Z'), night('2026-12-03T04:30Z'), night('2026-12-05T04:30Z', 'b')];
  assert.is(after(marks, [block('a')], settled), 'a 12-04T04:30');
  assert.is(after(marks, [block('a')], [night('2026-12-01T04:30Z')]), 'a 12-03T04:30');
});

it('another expression was not missed until now', () => {
  const marks = { a: mark('2026-12-03T04:30Z', { cron: '0 4 * * *' }) };
  assert.is(after(marks, [block('a')]), 'a 12-05T11:55');
  const ahead = { a: mark('2026-12-05T11:58Z', { cron: '0 4 * * *' }) };
  assert.is(after(ahead, [block('a')]), 'a 12-05T11:58', 'nor goes it back');
  assert.is(scheduleDigest({ ...NIGHTLY, horizon: 5 } as Schedule), scheduleDigest(NIGHTLY));
  for (const other of [
    { cron: '1 4 * * *' },
    { timezone: 'Asia/Tokyo' },
    { from: 1 },
    { until: 1 },
    { except: [1] },
  ])
    assert.is.not(scheduleDigest({ ...NIGHTLY, ...other }), scheduleDigest(NIGHTLY));
});

it('what a plan is not about stays, and what the file no longer has goes', () => {
  const marks = {
    a: mark('2026-12-03T04:30Z'),
    b: mark('2026-12-03T04:30Z'),
    gone: mark('2026-12-03T04:30Z'),
  };
  const settled = [night('2026-12-04T04:30Z'), night('2026-12-04T04:30Z', 'b')];
  const blocks = [block('a'), block('b'), block('new')];
  assert.is(
    after(marks, blocks, settled, (address) => address === 'a'),
    'a 12-04T04:30, b 12-03T04:30',
  );
  assert.is(after(marks, []), '');
});

it('past is what could no longer be made then, by the spread and the deadline of now', () => {
  const all = ['2026-12-05T11:40Z', '2026-12-05T11:50Z', '2026-12-05T11:55Z', '2026-12-05T11:56Z'];
  const addresses = [...all.map((time) => night(time)), 'hotfix', night('2026-12-01T04:30Z', 'unknown')];
  const past = (offset: number) => pastOf(addresses, [block('a', {}, offset)], NOW).length;
  assert.equal([past(0), past(300), past(600)], [3, 2, 1]);
});

it.run();
