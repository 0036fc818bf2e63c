import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Home } from '../../../src/model/observed.ts';
import { compare, compareNew, mayStillFill } from '../../../src/plan/sameness/evidence.ts';
import { cameToNothing, hasBegun, wasOverBeforeItsTime } from '../../../src/plan/world/begun.ts';
import {
  AMS,
  AT,
  COLLECT,
  EU,
  EU_SERVERS,
  INVENTORY,
  NO_INVENTORY,
  NOW,
  observation,
  observedBatch,
  onFleet,
  RESTART,
  server,
  servers,
  spec,
  targets,
  task,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('evidence');
const named = (...ids: string[]) => spec(targets({ instances: ids }));
const around = (inventory = INVENTORY) => worldOf({ observation: observation([], { inventory }) });
const on = (...ids: string[]) => observedBatch('41', { on: ids });

const fleet = spec();
const homes = (all: Record<string, Home>) => ({ ...INVENTORY, homes: new Map(Object.entries(all)) });
const away = { fleetId: '9', regionId: '99' };
const emptyEu = { ...INVENTORY, fleets: { [EU]: [] } };
const PASSED = { on: [], executeAt: NOW - 300 } as const;
for (const [what, asked, batch, inventory, verdict, likeness] of [
  ['the very same game servers', fleet, observedBatch('41'), INVENTORY, 'yes', 1],
  ['another template', fleet, observedBatch('41', { template: COLLECT.name }), INVENTORY, 'no', 0],
  ['the same, no inventory', fleet, observedBatch('41', { template: COLLECT.name }), NO_INVENTORY, 'no', 0],
  ['a name that no template bears', fleet, observedBatch('41', { template: 'Old' }), INVENTORY, 'maybe', 1],
  ['tasks that nobody saw', fleet, observedBatch('41', { isSeen: false }), INVENTORY, 'maybe', 0],
  ['no inventory', fleet, observedBatch('41'), NO_INVENTORY, 'maybe', 0],
  ['one of four was replaced', fleet, on(...servers(101, 3), server(901)), INVENTORY, 'yes', 3 / 5],
  ['half of them was replaced', fleet, on(...servers(101, 2), ...servers(901, 2)), INVENTORY, 'maybe', 0],
  ['more than half', fleet, on(server(101), ...servers(901, 2)), INVENTORY, 'maybe', 0],
  ['all of them', fleet, on(...servers(901, 4)), INVENTORY, 'maybe', 0],
  ['half of the fleet', fleet, on(...servers(101, 2)), INVENTORY, 'maybe', 0.5],
  ['three of four', fleet, on(...servers(101, 3)), INVENTORY, 'yes', 0.75],
  ['one of four', fleet, on(server(101)), INVENTORY, 'maybe', 0.25],
  ['game servers of another fleet', fleet, on(...US_SERVERS), INVENTORY, 'no', 0],
  ['half of them of another fleet', fleet, on(...servers(201, 2), ...servers(901, 2)), INVENTORY, 'maybe', 0],
  [
    'half ours, half of another fleet',
    fleet,
    on(...servers(101, 2), ...servers(201, 2)),
    INVENTORY,
    'maybe',
    0,
  ],
  ['two of three of another fleet', fleet, on(...servers(201, 2), server(901)), INVENTORY, 'no', 0],
  ['unlisted ones, which live no more', fleet, on(server(901)), homes({}), 'maybe', 0],
  ['unlisted ones, which live elsewhere', fleet, on(server(901)), homes({ [server(901)]: away }), 'no', 0],
  [
    'unlisted ones, of which nobody tells where',
    fleet,
    on(server(901)),
    homes({ [server(901)]: { fleetId: null, regionId: null } }),
    'maybe',
    0,
  ],
  ['no tasks yet, its time to come', fleet, on(), INVENTORY, 'maybe', 0],
  ['no tasks, its time is long over', fleet, observedBatch('41', PASSED), INVENTORY, 'no', 0],
  [
    'no tasks, its time is just over',
    fleet,
    observedBatch('41', { ...PASSED, executeAt: NOW - 299 }),
    INVENTORY,
    'maybe',
    0,
  ],
  ['no tasks, and finished', fleet, observedBatch('41', { on: [], finishedAt: NOW }), INVENTORY, 'no', 0],
  ['no tasks for good, no inventory', fleet, observedBatch('41', PASSED), NO_INVENTORY, 'maybe', 0],
  ['no tasks for good, an empty fleet', fleet, observedBatch('41', PASSED), emptyEu, 'yes', 1],
  ['the named ones', named(server(1), server(2)), on(...servers(1, 2)), NO_INVENTORY, 'yes', 1],
  ['half of the named ones', named(...servers(1, 4)), on(...servers(1, 2)), NO_INVENTORY, 'maybe', 0.5],
  ['all named ones but one', named(...servers(1, 4)), on(...servers(1, 3)), NO_INVENTORY, 'maybe', 0.75],
  ['one that is not named', named(...servers(1, 4)), on(...servers(1, 3), server(9)), NO_INVENTORY, 'no', 0],
  [
    'more tasks than named game servers',
    named(server(1)),
    { ...on(server(1)), numTasks: 40 },
    NO_INVENTORY,
    'no',
    0,
  ],
  ['ours, and one of another fleet', fleet, on(...EU_SERVERS, ...servers(201, 1)), INVENTORY, 'maybe', 0.8],
  ['ours, and one that lives nowhere now', fleet, on(...EU_SERVERS, server(901)), homes({}), 'yes', 0.8],
  [
    'ours, and one that lives elsewhere',
    fleet,
    on(...EU_SERVERS, server(901)),
    homes({ [server(901)]: away }),
    'maybe',
    0.8,
  ],
  [
    'labels',
    spec(targets({ labels: [{ key: 'tier', value: 'gold' }] })),
    observedBatch('41'),
    INVENTORY,
    'maybe',
    0,
  ],
  [
    'a union, one half unknown',
    spec({ ...onFleet(EU), regions: ['43'] }),
    observedBatch('41'),
    INVENTORY,
    'maybe',
    0,
  ],
  ['a union', spec({ ...onFleet(EU), regions: [AMS] }), on(...EU_SERVERS, server(301)), INVENTORY, 'yes', 1],
] as const) {
  it(`${what}: ${verdict}`, () => {
    const found = compare(asked, batch, around(inventory));
    assert.is(found.verdict, verdict);
    assert.is(Math.round(found.likeness * 1000), Math.round(likeness * 1000));
  });
}

it('before a yes where else game servers belong is asked for, and where lists tell only half of it', () => {
  const asks = (
    of: Parameters<typeof compare>[0],
    batch: Parameters<typeof compare>[1],
    inventory = INVENTORY,
  ) => {
    const world = around(inventory);
    compare(of, batch, world);
    return world.asked.homes;
  };
  assert.ok(asks(fleet, observedBatch('41')));
  assert.not(asks(fleet, observedBatch('41'), homes({})), 'asked already');
  assert.not(asks(named(...servers(1, 2)), on(...servers(1, 2))), 'named ones belong to nothing');
  const half = { ...INVENTORY, fleets: { [EU]: EU_SERVERS }, regions: { [AMS]: US_SERVERS } };
  assert.ok(asks(fleet, on(...US_SERVERS), half), 'of which fleet they are is not told');
  assert.is(compare(fleet, on(...US_SERVERS), around(half)).verdict, 'maybe');
  assert.not(asks(fleet, on(...US_SERVERS)), 'they certainly are of another fleet');
});

it('a sample of the tasks stands for all of them', () => {
  const many = servers(1, 40);
  const inventory = { ...INVENTORY, fleets: { [EU]: many } };
  const whole = observedBatch('41', { on: many });
  const sample = { ...whole, tasks: whole.tasks.filter((_, i) => i % 4 === 0) };
  assert.equal(compare(fleet, sample, around(inventory)), { verdict: 'yes', likeness: 1 });
});

const unknown = { servers: null, count: null };
for (const [what, batch, before, expected] of [
  ['as many as today', observedBatch('41'), unknown, 'yes'],
  ['one more than today, nobody knows how many there were', on(...EU_SERVERS, server(901)), unknown, 'maybe'],
  [
    'one more than today, as many as there were',
    on(...EU_SERVERS, server(901)),
    { ...unknown, count: 5 },
    'yes',
  ],
  [
    'between what there was and what there is',
    on(...EU_SERVERS, server(901)),
    { ...unknown, count: 6 },
    'maybe',
  ],
  ['fewer than either', on(...servers(101, 3)), { ...unknown, count: 5 }, 'maybe'],
  [
    'exactly those that there were',
    on(...servers(901, 4)),
    { servers: new Set(servers(901, 4)), count: null },
    'yes',
  ],
  ['other ones than there were and are', on(...servers(901, 4)), unknown, 'maybe'],
] as const) {
  it(`just made: ${what}: ${expected}`, () => {
    assert.is(compareNew(fleet, batch, around(), before).verdict, expected);
  });
}

it('where two looks at a fleet differ, only nearly all of the larger is the whole of it', () => {
  const made = (today: number, before: number | null, count: number) => {
    const now = around({ ...INVENTORY, fleets: { [EU]: servers(101, today) } });
    const verdict = (then: Parameters<typeof compareNew>[3]) =>
      compareNew(fleet, on(...servers(101, count)), now, then).verdict;
    const known = before === null ? null : new Set(servers(101, before));
    const both = [verdict({ servers: null, count: before }), verdict({ servers: known, count: null })];
    assert.is(both[0], both[1]);
    return both[0];
  };
  assert.is(made(1, 2, 1), 'maybe', 'a part of what was there before');
  assert.is(made(5, 3, 3), 'maybe', 'it has grown, or rows were missing then');
  assert.is(made(3, 5, 3), 'maybe');
  assert.is(made(3, 3, 3), 'yes');
  assert.is(made(1, null, 1), 'yes');
  assert.is(made(20, 18, 18), 'yes');
  assert.is(made(20, 17, 17), 'maybe');
});

it('a batch may get its tasks for five minutes after it was made', () => {
  const made = (createdAt: number | null, finishedAt: number | null = null) =>
    mayStillFill(observedBatch('41', { createdAt, finishedAt }), NOW);
  assert.ok(made(NOW - 299));
  assert.not(made(NOW - 300));
  assert.ok(made(null));
  assert.not(made(NOW, NOW));
});

const LATE = { phases: 'cancelled', executeAt: NOW - 60 } as const;
const FIVE = { numTasks: 5, numTasksCancelled: 5 };
const FOUR = { numTasks: 4, numTasksCancelled: 4 };
const STALE = ['cancelled', 'cancelled', 'cancelled', 'pending'] as const;
for (const [what, fields, expected] of [
  ['all cancelled', { phases: 'cancelled' }, true],
  ['one ran to its end', { phases: ['done', 'cancelled', 'cancelled', 'cancelled'] }, false],
  ['cancelled after its first action', { phases: 'cancelled', actionIdx: 1 }, false],
  ['still pending', { phases: ['cancelled', 'pending', 'cancelled', 'cancelled'] }, false],
  ['without tasks', { on: [] }, false],
  ['cancelled when its time had come', LATE, true],
  ['the same, and not every task was read', { ...LATE, ...FIVE }, false],
  ['the same, and a task is shown as it was before', { ...LATE, ...FOUR, phases: STALE }, false],
  ['the same, and over before its time', { ...LATE, ...FIVE, finishedAt: NOW - 61 }, true],
  ['the same, and over after its time', { ...LATE, ...FIVE, finishedAt: NOW - 59 }, false],
] as const) {
  it(`${what}: ${expected ? 'came to nothing' : 'did not come to nothing'}`, () => {
    assert.is(cameToNothing(observedBatch('41', fields), NOW), expected);
  });
}

it('a time that is nearly there may have come for the API', () => {
  const waiting = (executeAt: number | null) => wasOverBeforeItsTime(observedBatch('41', { executeAt }), NOW);
  assert.ok(waiting(NOW + 301));
  assert.not(waiting(NOW + 300));
  assert.not(waiting(null));
});

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

it('what is compared by the name of its tasks is the template, not its record', () => {
  const once = worldOf({ observation: observation([], { templates: [RESTART, { ...RESTART, id: '9' }] }) });
  assert.is(compare(fleet, observedBatch('41'), once).verdict, 'maybe', 'two bear that name');
});

it.run();
