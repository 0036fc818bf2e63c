import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id } from '../../src/model/ids.ts';
import type { Observation } from '../../src/model/observed.ts';
import type { Intent } from '../../src/model/state.ts';
import { lookForMade } from '../../src/observe/look-for-made.ts';
import {
  EU,
  EU_SERVERS,
  entry,
  foreignCrowd,
  INVENTORY,
  intent,
  NO_INVENTORY,
  NOW,
  observation,
  observedBatch,
  server,
  servers,
  state,
  US_SERVERS,
} from '../support/builders.ts';
import { apiError, type FakeWorld, fakeApi } from './fake-api.ts';

const it = suite('lookForMade');
/** Made since the intent was written, ten minutes ago. */
const NEW = NOW - 500;
const OLD = NOW - 1200;
const HOMES = new Map(
  [...EU_SERVERS, ...US_SERVERS].map((id) => [
    id,
    { fleetId: EU_SERVERS.includes(id) ? EU : '1', regionId: '42' },
  ]),
);

interface Options {
  readonly owned?: readonly Id[];
  readonly before?: Observation;
  readonly newestBefore?: number | null;
  readonly made?: readonly Id[];
  readonly settle?: number;
  readonly others?: readonly Intent[];
}

async function look(world: FakeWorld, of: Partial<Intent> = {}, options: Options = {}) {
  const { owned = [], before = observation(), newestBefore = null, made = [], settle = 60 } = options;
  // There always is one that was in sight before: a list without any is behind.
  const known = observedBatch('30', { createdAt: OLD, on: US_SERVERS });
  const inventory = { ...INVENTORY, homes: HOMES };
  const api = fakeApi({ inventory, ...world, batches: [...(world.batches ?? []), known] });
  const own: Intent = { ...intent('a'), sentAt: NOW - 600, seen: ['30'], newest: OLD, ...of };
  const current = () => state({ z: entry(owned) }, { intents: [own, ...(options.others ?? [])] });
  const search = { api, now: () => NOW, settle, watched: () => 0, current, before, made };
  const { sighting, newestListed } = await lookForMade(search, own, newestBefore);
  const verdict =
    sighting.verdict === 'found'
      ? `found ${sighting.batch.id}`
      : sighting.verdict === 'unsure'
        ? [sighting.why, ...sighting.candidates].join(' ')
        : 'absent';
  return { verdict, newestListed, calls: api.calls() };
}

it('nothing new: absent once doubt is over, as the list and its game servers tell', async () => {
  const { verdict, calls, newestListed } = await look({});
  assert.is(verdict, 'absent');
  assert.is(newestListed, OLD);
  assert.equal(calls.slice(0, 3), [
    'listBatches',
    `listInstances fleet ${EU}`,
    `listServerTasks ${server(101)}`,
  ]);
  assert.not(calls.some((call) => call.startsWith('getTask')));
});

it('nothing new, but sent a moment ago: in doubt', async () => {
  assert.is((await look({}, { sentAt: NOW - 59 })).verdict, 'doubt');
  assert.is((await look({}, { sentAt: NOW - 60 })).verdict, 'absent');
  assert.is((await look({}, { sentAt: NOW - 60 }, { settle: 61 })).verdict, 'doubt');
});

it('a new one: its tasks tell that it is ours', async () => {
  const { verdict, calls, newestListed } = await look({
    batches: [observedBatch('41', { createdAt: NEW }), observedBatch('40')],
  });
  assert.is(verdict, 'found 41');
  assert.is(newestListed, NEW);
  assert.equal(
    calls.filter((call) => call.startsWith('getTask 41')),
    ['getTask 41000', 'getTask 41001', 'getTask 41002', 'getTask 41003'],
  );
});

it('found also while it is in doubt', async () => {
  const batches = [observedBatch('41', { createdAt: NOW })];
  assert.is((await look({ batches }, { sentAt: NOW - 1 })).verdict, 'found 41');
});

it("a new one of others, by its tasks' game servers or template", async () => {
  for (const fields of [{ on: US_SERVERS }, { template: 'Collect logs' }]) {
    const { verdict } = await look({ batches: [observedBatch('41', { createdAt: NEW, ...fields })] });
    assert.is(verdict, 'absent', JSON.stringify(fields));
  }
});

it('a new one on a part of the fleet is not certainly ours', async () => {
  for (const count of [1, 2, 3]) {
    const on = EU_SERVERS.slice(0, count);
    assert.is(
      (await look({ batches: [observedBatch('41', { createdAt: NEW, on })] })).verdict,
      'candidates 41',
    );
  }
});

it('new ones that were seen before, or are owned, are not looked at', async () => {
  const batches = [observedBatch('41', { createdAt: NEW }), observedBatch('42', { createdAt: NEW })];
  const { verdict, calls } = await look({ batches }, { seen: ['30', '41'] }, { owned: ['42'] });
  assert.is(verdict, 'absent');
  assert.not(calls.some((call) => call.startsWith('getTask')));
});

it('two new ones alike', async () => {
  const batches = ['42', '41'].map((id) => observedBatch(id, { createdAt: NEW }));
  assert.is((await look({ batches })).verdict, 'candidates 41 42');
});

it('one that another intent wants as much is nobody’s yet', async () => {
  const batches = [observedBatch('41', { createdAt: NEW })];
  const other: Intent = { ...intent('b'), sentAt: NOW - 600, seen: ['30'], newest: OLD };
  assert.is((await look({ batches }, {}, { others: [other] })).verdict, 'candidates 41');
  const unsent: Intent = { ...other, sentAt: null };
  assert.is((await look({ batches }, {}, { others: [unsent] })).verdict, 'found 41');
});

it('a new one without tasks yet, or whose tasks cannot be read, may be ours', async () => {
  const empty = observedBatch('41', { createdAt: NOW - 10, on: [] });
  assert.is((await look({ batches: [empty] })).verdict, 'candidates 41');
  const unread = observedBatch('41', { createdAt: NEW });
  assert.is((await look({ batches: [unread], lostTasks: unread.taskIds })).verdict, 'candidates 41');
});

it('without an inventory nothing is certain', async () => {
  const failing = { listInstances: apiError('api.unauthorized') };
  const before = observation([], { inventory: NO_INVENTORY });
  const batches = [observedBatch('41', { createdAt: NEW })];
  assert.is((await look({ batches, failing }, {}, { before })).verdict, 'candidates 41');
});

it('what its target held when the plan was made counts as much as what it holds now', async () => {
  const batches = [observedBatch('41', { createdAt: NEW })];
  const now = servers(401, 4);
  const homes = new Map(now.map((id) => [id, { fleetId: EU, regionId: '42' }]));
  const inventory = { ...INVENTORY, fleets: { ...INVENTORY.fleets, [EU]: now }, homes };
  assert.is((await look({ batches, inventory })).verdict, 'found 41');
  const before = observation([], { inventory: NO_INVENTORY });
  assert.is.not((await look({ batches, inventory }, {}, { before })).verdict, 'found 41');
});

it('a list that lacks what was in sight is behind, whichever look showed it', async () => {
  assert.is((await look({}, { newest: OLD + 1 })).verdict, 'behind');
  assert.is((await look({}, {}, { newestBefore: OLD + 1 })).verdict, 'behind');
  assert.is((await look({}, {}, { newestBefore: OLD })).verdict, 'absent');
  assert.is((await look({}, {}, { made: ['41'] })).verdict, 'behind');
  assert.is((await look({}, {}, { made: ['30'] })).verdict, 'absent');
});

it('a full list that reaches no further back: its game servers tell', async () => {
  const crowd = (count: number) => foreignCrowd(count, { createdAt: NEW, executeAt: NOW - 400 });
  const seen = { newest: OLD, seen: [] };
  const overrun = crowd(100);
  assert.is((await look({ batches: overrun }, seen)).verdict, 'absent', 'they answer, and are not full');
  const failing = { listServerTasks: apiError('api.unauthorized') };
  assert.is((await look({ batches: overrun, failing }, seen)).verdict, 'overrun');
  const name = 'it may be full, but for some rows that this answer lacks';
  assert.is((await look({ batches: crowd(74), failing }, seen)).verdict, 'overrun', name);
  assert.is((await look({ batches: crowd(73), failing }, seen)).verdict, 'absent', 'the list alone is whole');
});

it('out of the list, and found at its game servers', async () => {
  const ours = observedBatch('41', { createdAt: NEW });
  const crowd = foreignCrowd(100, { createdAt: NEW, executeAt: NOW - 400 });
  const { verdict, calls } = await look({ batches: [...crowd, ours] });
  assert.is(verdict, 'found 41');
  assert.ok(calls.includes('getBatch 41'));
});

it('not in the list, and told by the last tasks', async () => {
  const ours = observedBatch('41', { createdAt: NEW });
  const world = { batches: [ours], tasksListed: 7, unlisted: ['41'] };
  assert.is((await look(world)).verdict, 'found 41');
});

it('a list that fails is an error, not an absence', async () => {
  const error = await look({ failing: { listBatches: apiError('api.server') } }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.is((error as { code?: string } | null)?.code, 'api.server');
});

it.run();
