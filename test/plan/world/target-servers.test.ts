import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inventory } from '../../../src/model/observed.ts';
import { spacedOut } from '../../../src/plan/world/target-servers.ts';
import {
  AMS,
  AT,
  EU,
  EU_SERVERS,
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

const it = suite('target servers');
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

it.run();
