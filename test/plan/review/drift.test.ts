import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import { findDrift } from '../../../src/plan/review/drift.ts';
import {
  type BatchFields,
  EU_SERVERS,
  entry,
  NO_INVENTORY,
  observation,
  observedBatch,
  servers,
  spec,
  state,
  targets,
  worldOf,
} from '../../support/builders.ts';

const it = suite('drift');

function drift(
  entries: Record<string, StateEntry>,
  batches: readonly ObservedBatch[],
  fields = {},
  paused: string[] = [],
) {
  const world = worldOf({ state: state(entries), observation: observation(batches, fields) });
  return { world, found: findDrift(world, (address) => paused.includes(address)) };
}

const told = (...input: Parameters<typeof drift>) =>
  drift(...input).found.map(({ kind, address, count, total }) => `${kind} ${address} ${count}/${total}`);
const one = (fields: BatchFields = {}, other = {}, paused: string[] = []) =>
  told({ a: entry(['41']) }, [observedBatch('41', fields)], other, paused);

for (const [what, found, expected] of [
  ['as it was made', one(), []],
  ['done', one({ phases: 'done' }), []],
  [
    'two were cancelled',
    one({ phases: ['cancelled', 'cancelled', 'pending', 'pending'] }),
    ['cancelled a 2/4'],
  ],
  ['one is paused', one({ phases: ['paused', 'pending', 'pending', 'pending'] }), ['paused a 1/4']],
  ['paused, as the file says', one({ phases: 'paused' }, {}, ['a']), []],
  [
    'two were resumed',
    one({ phases: ['paused', 'pending', 'running', 'cancelled'] }, {}, ['a']),
    ['cancelled a 1/4', 'resumed a 2/4'],
  ],
  ['resumed, and over', one({ phases: 'done' }, {}, ['a']), []],
  [
    'failed and cancelled',
    one({ phases: ['failed', 'cancelled', 'done', 'done'] }),
    ['cancelled a 1/4', 'failed a 1/4'],
  ],
  ['not covered', one({ on: EU_SERVERS.slice(0, 3) }), ['uncovered a 1/4']],
  ['not covered, and running', one({ on: EU_SERVERS.slice(0, 3), phases: 'running' }), []],
  [
    'not covered, and one is cancelled',
    one({ on: EU_SERVERS.slice(0, 2), phases: ['cancelled', 'pending'] }),
    ['cancelled a 1/2'],
  ],
  ['not covered, and not all tasks were read', one({ on: EU_SERVERS.slice(0, 3), isSeen: false }), []],
  [
    'not covered, as far as anybody knows',
    one({ on: EU_SERVERS.slice(0, 3) }, { inventory: NO_INVENTORY }),
    [],
  ],
  ['gone', told({ a: entry(['41']) }, [], { missing: ['41'] }), ['vanished a 0/0']],
] as const) {
  it(`${what}: ${expected.join() || 'nothing'}`, () => assert.equal(found, expected));
}

it('by address, whatever the order of the record', () => {
  const entries = { b: entry(['42']), a: entry(['41']) };
  assert.equal(told(entries, [], { missing: ['41', '42'] }), ['vanished a 0/0', 'vanished b 0/0']);
});

it('game servers are named, a hundred at most, by number; of failed ones what the agents said', () => {
  const on = servers(1, 150).reverse();
  const { found } = drift({ a: entry(['41'], spec(targets({ instances: on }))) }, [
    observedBatch('41', { on, phases: 'failed' }),
  ]);
  assert.equal(found[0]?.servers, servers(1, 100));
  assert.is(found[0]?.texts.length, 100);
  assert.is(found[0]?.count, 150);
});

it('all tasks are asked for, but of what is done', () => {
  const asks = (fields: BatchFields) => [
    ...drift({ a: entry(['41']) }, [observedBatch('41', { isSeen: false, ...fields })]).world.asked.tasks,
  ];
  assert.equal(asks({}), [['41', 'all']]);
  assert.equal(asks({ phases: 'done' }), []);
});

it.run();
