import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cameToNothing, compare, hasBegun, targetServers } from '../../../src/plan/sameness/evidence.ts';
import {
  AMS,
  AT,
  EU,
  EU_SERVERS,
  INVENTORY,
  NO_INVENTORY,
  NOW,
  observedBatch,
  onFleet,
  server,
  servers,
  spec,
  targets,
  task,
} from '../../support/builders.ts';

const it = suite('evidence');
const named = (...ids: string[]) => spec(targets({ instances: ids }));

const fleet = spec();
for (const [what, asked, batch, inventory, verdict, likeness] of [
  ['the very same game servers', fleet, observedBatch('41'), INVENTORY, 'yes', 1],
  ['another template', fleet, observedBatch('41', { template: 'Collect logs' }), INVENTORY, 'no', 0],
  [
    'another template, no inventory',
    fleet,
    observedBatch('41', { template: 'Collect logs' }),
    NO_INVENTORY,
    'no',
    0,
  ],
  ['a template that nobody saw', fleet, observedBatch('41', { isSeen: false }), INVENTORY, 'unknown', 0],
  ['no inventory', fleet, observedBatch('41'), NO_INVENTORY, 'unknown', 0],
  [
    'half of it has left the fleet',
    fleet,
    observedBatch('41', { on: [...servers(101, 2), ...servers(901, 2)] }),
    INVENTORY,
    'yes',
    2 / 6,
  ],
  [
    'more than half has left',
    fleet,
    observedBatch('41', { on: [server(101), ...servers(901, 2)] }),
    INVENTORY,
    'no',
    0,
  ],
  ['one of four', fleet, observedBatch('41', { on: [server(101)] }), INVENTORY, 'yes', 0.25],
  ['no tasks, the fleet has some', fleet, observedBatch('41', { on: [] }), INVENTORY, 'no', 0],
  ['no tasks, no inventory', fleet, observedBatch('41', { on: [] }), NO_INVENTORY, 'unknown', 0],
  [
    'no tasks, an empty fleet',
    fleet,
    observedBatch('41', { on: [] }),
    { ...INVENTORY, fleets: { [EU]: [] } },
    'yes',
    1,
  ],
  [
    'the named ones',
    named(server(1), server(2)),
    observedBatch('41', { on: servers(1, 2) }),
    NO_INVENTORY,
    'yes',
    1,
  ],
  [
    'half of the named ones',
    named(...servers(1, 4)),
    observedBatch('41', { on: servers(1, 2) }),
    NO_INVENTORY,
    'yes',
    0.5,
  ],
  [
    'a quarter of the named ones',
    named(...servers(1, 4)),
    observedBatch('41', { on: [server(1)] }),
    NO_INVENTORY,
    'unknown',
    0,
  ],
  [
    'one that is not named',
    named(...servers(1, 4)),
    observedBatch('41', { on: [...servers(1, 4), server(9)] }),
    NO_INVENTORY,
    'no',
    0,
  ],
  [
    'labels',
    spec(targets({ labels: [{ key: 'tier', value: 'gold' }] })),
    observedBatch('41'),
    INVENTORY,
    'unknown',
    0,
  ],
  [
    'a union, one half unknown',
    spec({ ...onFleet(EU), regions: ['43'] }),
    observedBatch('41'),
    INVENTORY,
    'unknown',
    0,
  ],
  [
    'a union',
    spec({ ...onFleet(EU), regions: [AMS] }),
    observedBatch('41', { on: [...EU_SERVERS, server(301)] }),
    INVENTORY,
    'yes',
    1,
  ],
] as const) {
  it(`${what}: ${verdict}`, () => {
    const found = compare(asked, batch, inventory);
    assert.is(found.verdict, verdict);
    assert.is(Math.round(found.likeness * 1000), Math.round(likeness * 1000));
  });
}

it('a batch that has just been made may have no tasks yet', () => {
  assert.is(compare(fleet, observedBatch('41', { on: [] }), INVENTORY, true).verdict, 'unknown');
});

it('many more tasks than named game servers are not theirs for certain, however few of them were read', () => {
  const batch = { ...observedBatch('41', { on: [server(1)] }), numTasks: 40 };
  assert.is(compare(named(server(1)), batch, NO_INVENTORY).verdict, 'unknown');
});

it('target servers are a set over all parts, and null as soon as one part is not known', () => {
  assert.equal(
    [...(targetServers(spec({ ...onFleet(EU), regions: [AMS] }), INVENTORY) ?? [])],
    [...EU_SERVERS, server(301)],
  );
  assert.is(targetServers(spec(onFleet('9')), INVENTORY), null);
  assert.is(targetServers(fleet, NO_INVENTORY), null);
});

const LATE = { phases: 'cancelled', executeAt: NOW - 60 } as const;
const FIVE = { numTasks: 5, numTasksCancelled: 5 };
for (const [what, fields, expected] of [
  ['all cancelled', { phases: 'cancelled' }, true],
  ['one ran to its end', { phases: ['done', 'cancelled', 'cancelled', 'cancelled'] }, false],
  ['cancelled after its first action', { phases: 'cancelled', actionIdx: 1 }, false],
  ['still pending', { phases: ['cancelled', 'pending', 'cancelled', 'cancelled'] }, false],
  ['without tasks', { on: [] }, false],
  ['cancelled when its time had come', LATE, true],
  ['the same, and not every task was read', { ...LATE, ...FIVE }, false],
  ['the same, and over before its time', { ...LATE, ...FIVE, finishedAt: NOW - 61 }, true],
  ['the same, and over after its time', { ...LATE, ...FIVE, finishedAt: NOW - 59 }, false],
] as const) {
  it(`${what}: ${expected ? 'came to nothing' : 'did not come to nothing'}`, () => {
    assert.is(cameToNothing(observedBatch('41', fields), NOW), expected);
  });
}

it('a task has begun when it runs, is over, or stands behind its first action', () => {
  assert.equal(
    (['pending', 'paused', 'cancelled', 'unknown', 'running', 'done', 'failed'] as const).map((phase) =>
      hasBegun(task({ phase }), null),
    ),
    [false, false, false, false, true, true, true],
  );
  assert.ok(hasBegun(task({ phase: 'paused', currentActionIdx: 1 }), null));
  assert.not(hasBegun(task({ phase: 'cancelled', currentActionIdx: null }), null));
  const active = (at: number) => task({ phase: 'cancelled', lastActivityAt: at });
  assert.not(hasBegun(active(AT - 1), AT), 'it was cancelled before its time');
  assert.ok(hasBegun(active(AT), AT));
  assert.ok(hasBegun(active(AT), null));
});

it.run();
