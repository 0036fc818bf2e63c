import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inventory } from '../../../src/model/observed.ts';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import { spacedOut } from '../../../src/plan/world/world.ts';
import {
  AMS,
  AT,
  desired,
  desiredBatch,
  EU,
  EU_SERVERS,
  entry,
  INVENTORY,
  NO_INVENTORY,
  observation,
  observedBatch,
  onFleet,
  server,
  servers,
  spec,
  targets,
  US,
  worldOf,
} from '../../support/builders.ts';

const it = suite('world');
const withInventory = (inventory: Partial<Inventory>) =>
  worldOf({ observation: observation([], { inventory: { ...INVENTORY, ...inventory } }) });

it('target servers are a set over all parts, and null as soon as one part is not known', () => {
  const world = worldOf();
  assert.equal([...world.servers(spec({ ...onFleet(EU), regions: [AMS] }))!], [...EU_SERVERS, server(301)]);
  assert.is(world.servers(spec(targets({ labels: [{ key: 'tier', value: 'gold' }] }))), null);
  assert.equal([...world.asked.fleets, ...world.asked.regions], []);
  assert.is(world.servers(spec({ ...onFleet('9', EU), regions: ['8'] })), null);
  assert.equal([[...world.asked.fleets], [...world.asked.regions]], [['9'], ['8']]);
});

it('a fleet without game servers is known, and empty', () => {
  assert.equal(withInventory({ fleets: { [EU]: [] } }).servers(spec())?.size, 0);
});

for (const [what, inventory, of, expected, asks] of [
  ['of another fleet, as a list tells', {}, spec(onFleet(US)), 'elsewhere', false],
  ['of one of its fleets', {}, spec(), 'gone', false],
  [
    'of a fleet, held against labels',
    {},
    spec(targets({ labels: [{ key: 'a', value: 'b' }] })),
    'gone',
    false,
  ],
  ['nobody has asked', NO_INVENTORY, spec(), 'gone', true],
  ['it lives no more', { homes: new Map() }, spec(), 'gone', false],
  [
    'it lives in another fleet',
    { homes: new Map([[server(101), { fleetId: '9', regionId: null }]]) },
    spec(),
    'elsewhere',
    false,
  ],
  [
    'it lives in the region',
    { homes: new Map([[server(101), { fleetId: '9', regionId: AMS }]]) },
    spec(targets({ regions: [AMS] })),
    'gone',
    false,
  ],
  [
    'nobody tells its region',
    { homes: new Map([[server(101), { fleetId: '9', regionId: null }]]) },
    spec(targets({ regions: [AMS] })),
    'gone',
    false,
  ],
  [
    'it lives in another region',
    { homes: new Map([[server(101), { fleetId: null, regionId: '8' }]]) },
    spec(targets({ regions: [AMS] })),
    'elsewhere',
    false,
  ],
] as const) {
  it(`whereabouts: ${what}: ${expected}`, () => {
    const world = withInventory(inventory);
    assert.is(world.whereabouts(server(101), of), expected);
    assert.is(world.asked.homes, asks);
  });
}

it('a bound batch that the list does not show is asked for, unless the API does not know it', () => {
  const world = worldOf({ observation: observation([observedBatch('41')], { missing: ['43'] }) });
  world.bound(entry(['41', '42', '43']));
  assert.equal([...world.asked.batches], ['42']);
});

it('without --refresh the state is trusted, and nothing is asked for', () => {
  const world = worldOf({ scope: { ...WHOLE, refresh: false } });
  assert.is(world.bound(entry(['42'], spec(), { phase: 'done' })).phase, 'done');
  assert.is(world.asked.batches.size, 0);
});

it('tasks are asked for where too few are known; all of them beat a sample', () => {
  const world = worldOf();
  const many = observedBatch('41', { on: servers(1, 40), isSeen: false });
  const half = observedBatch('42', { on: servers(1, 40) });
  world.wantTasks(many, 'sample');
  assert.is(world.asked.tasks.get('41'), 'sample');
  world.wantTasks(many, 'all');
  world.wantTasks(many, 'sample');
  assert.is(world.asked.tasks.get('41'), 'all');
  world.wantTasks({ ...half, tasks: half.tasks.slice(0, 24) }, 'sample');
  assert.not(world.asked.tasks.has('42'));
  world.wantTasks({ ...half, tasks: half.tasks.slice(0, 23) }, 'sample');
  assert.is(world.asked.tasks.get('42'), 'sample');
  world.wantTasks(observedBatch('43', { on: [] }), 'all');
  world.wantTasks(observedBatch('44'), 'all');
  assert.equal([...world.asked.tasks.keys()], ['41', '42']);
  const over = { ...observedBatch('45'), numTasksCancelled: 4 };
  world.wantTasks(over, 'sample');
  assert.not(world.asked.tasks.has('45'));
  world.wantTasks(over, 'all');
  assert.is(world.asked.tasks.get('45'), 'all', 'its tasks are shown as they were before');
});

it('three game servers of a target are witnesses, spread over it', () => {
  assert.equal(spacedOut([1, 2, 3], 3), [1, 2, 3]);
  assert.equal(spacedOut([1, 2, 3, 4, 5, 6, 7, 8, 9], 3), [1, 4, 7]);
  const world = worldOf({ observation: observation([], { histories: { [server(101)]: null } }) });
  assert.equal(world.histories(spec()), []);
  assert.equal([...world.asked.histories], [server(102), server(103)]);
  const named = worldOf();
  named.histories(spec(targets({ instances: servers(1, 9) })));
  assert.equal([...named.asked.histories], [server(1), server(4), server(7)]);
});

it('what a history tells of is asked for, unless it is known, or ran earlier', () => {
  const tasks = [
    { batchId: '41', executeAt: AT },
    { batchId: '42', executeAt: AT - 300 },
    { batchId: '43', executeAt: AT - 301 },
    { batchId: '44', executeAt: null },
    { batchId: '45', executeAt: AT },
  ];
  const world = worldOf({
    observation: observation([observedBatch('41')], {
      missing: ['45'],
      histories: { [server(101)]: { tasks, isFull: false } },
    }),
  });
  assert.is(world.histories(spec()).length, 1);
  assert.equal([...world.asked.batches], ['42', '44']);
});

it('where all is to be destroyed nothing is wanted; --replace means an address or its block', () => {
  const file = desired([desiredBatch('n[fleet:eu]'), desiredBatch('m')]);
  assert.is(worldOf({ desired: file, mode: 'destroy' }).runs.length, 0);
  const world = worldOf({ desired: file, scope: { ...WHOLE, replaces: ['n'] } });
  assert.equal([world.isToReplace('n[fleet:eu]'), world.isToReplace('m')], [true, false]);
  assert.equal([...world.named], ['n[fleet:eu]', 'm']);
});

it.run();
