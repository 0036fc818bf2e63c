/** What a plan does about how far schedules are accounted for, whatever part of it is meant. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../src/model/addresses.ts';
import type { ObservedBatch } from '../../src/model/observed.ts';
import type { StateEntry } from '../../src/model/state.ts';
import type { PlanOptions } from '../../src/plan/input.ts';
import { type Planned, planned } from '../../src/plan/plan.ts';
import { scheduleDigest } from '../../src/schedule/marks.ts';
import * as build from '../support/builders.ts';

const it = suite('accounted');

const DAY = 86_400;
const NIGHTS = { cron: '30 4 * * *', timezone: 'UTC', horizon: DAY } as const;
const NOW = Date.UTC(2026, 11, 5, 12) / 1000;
const night = (day: number) => Date.UTC(2026, 11, day, 4, 30) / 1000;
const address = (day: number) => addressOf('nightly', night(day));
const NIGHTLY = build.scheduledBlock('nightly', NIGHTS, { startingDeadline: 300 });
const WHEN = NIGHTLY.when;
const SCHEDULE = WHEN.kind === 'schedule' ? scheduleDigest(WHEN.schedule) : '';

/** Accounted for until the second; what is recorded of `days` is done. */
function made(days: readonly number[], options: PlanOptions = {}, now = NOW): Planned {
  const entries: [string, StateEntry][] = days.map((day) => {
    const spec = build.spec({ executeAt: night(day) });
    return [
      address(day),
      build.entry([`4${day}`], spec, { notAfter: night(day) + 300, createdAt: night(1) }),
    ];
  });
  const batches: ObservedBatch[] = days.map((day) =>
    build.observedBatch(`4${day}`, { executeAt: night(day), createdAt: night(1), phases: 'done' }),
  );
  const hotfix = build.blockOf(
    build.desiredBatch('hotfix', { executeAt: NOW + DAY, template: { name: build.COLLECT.name } }),
  );
  return planned({
    desired: build.desired([], { blocks: [NIGHTLY, hotfix] }),
    state: build.state(Object.fromEntries(entries), {
      schedules: { nightly: { through: night(2), schedule: SCHEDULE }, gone: { through: 1, schedule: 'x' } },
    }),
    observation: build.observation(batches, { at: now }),
    now,
    fleetformVersion: '0.0.0-test',
    api: 'sandbox',
    options,
  });
}

const through = ({ marks }: Planned) =>
  marks && Object.entries(marks).map(([name, mark]) => [name, mark.through]);
const missed = ({ plan }: Planned) =>
  plan.changes.filter(({ action }) => action === 'missed').map((change) => change.address);

it('what has ended goes without a change, and the mark with it; other schedules are forgotten', () => {
  const one = made([3, 4, 5]);
  assert.equal(one.ended, [address(3), address(4), address(5)]);
  assert.equal(through(one), [['nightly', night(5)]]);
  assert.equal([one.plan.summary.forget, missed(one)], [0, []]);
});

it('what was missed between is told, and accounted for', () => {
  const one = made([4]);
  assert.equal(missed(one), [address(3), address(5)]);
  assert.equal(through(one), [['nightly', night(5)]]);
});

it('a plan of one occurrence, or without one, says nothing of how far its schedule is accounted for', () => {
  const part = made([3, 4, 5], { scope: { targets: [address(4)] } });
  assert.equal([part.ended, through(part)], [[], [['nightly', night(2)]]]);
  const without = made([4], { scope: { excludes: [address(3)] } });
  assert.equal(
    [missed(without), without.ended, through(without)],
    [[address(5)], [], [['nightly', night(2)]]],
  );
  const other = made([3, 4, 5], { scope: { targets: ['hotfix'] } });
  assert.equal([other.ended, through(other)], [[], [['nightly', night(2)]]]);
  const block = made([3, 4, 5], { scope: { targets: ['nightly'] } });
  assert.equal(through(block), [['nightly', night(5)]]);
});

it('a destroy of another block leaves the mark, one of all takes it', () => {
  const part = made([], { mode: 'destroy', scope: { targets: ['hotfix'] } });
  assert.is(part.marks, null);
  assert.equal(made([], { mode: 'destroy' }).marks, {});
});

it('a plan that was reviewed lets go of what was past then', () => {
  const only = { addresses: new Set(['hotfix']), at: night(4) + 300 };
  const one = made([3, 4, 5], { only });
  assert.equal([one.ended, through(one)], [[address(3), address(4)], [['nightly', night(4)]]]);
  const before = made([3, 4, 5], { only: { ...only, at: night(4) + 299 } });
  assert.equal(before.ended, [address(3)]);
});

it('a preview of a later plan takes for granted that others apply until then', () => {
  assert.equal(missed(made([4], { at: NOW + 10 * DAY })), ['hotfix'], 'of which nobody has said so');
});

it.run();
